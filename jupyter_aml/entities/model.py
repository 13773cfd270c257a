"""A model asset, as the SDK v2 writes it. Values only; nothing is loaded or uploaded here."""

from typing import Annotated, ClassVar

from jupyter_aml.entities.asset import Asset
from jupyter_aml.entities.fields import Choice, Loose, Moment, PathText, ReadOnly


class Model(Asset):
    """A model by its `path`: local, a datastore, or a job's output; `type` is custom, mlflow or triton model.

    >>> Model(name="churn", path="runs:/happy_frog_1/model", type="mlflow_model").stage is None
    True
    """

    yaml_requires: ClassVar[tuple[str, ...]] = ("name",)

    type: Annotated[str, Choice("custom_model", "mlflow_model", "triton_model")] = "custom_model"
    path: PathText | None = None
    stage: str | None = None
    flavors: Loose | None = None
    datastore: str | None = None
    utc_time_created: Moment | None = None
    system_metadata: Loose | None = None
    default_deployment_template: Loose | None = None
    allowed_deployment_templates: list[Loose] | None = None
    job_name: ReadOnly[str] = None
