"""Steps of a pipeline that are pipelines, or functions over mini-batches; a pipeline's settings. Drafts only."""

from typing import Annotated, Any, cast

from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.job_draft import texts
from jupyter_aml.entities.job_settings import ResourceConfiguration
from jupyter_aml.entities.step import Node


class PipelineJobSettings(Draft):
    """What holds for all steps of a pipeline that do not say it themselves.

    `on_init` and `on_finalize` name the steps that run before and after all others; with `force_rerun` no step is
    taken from an earlier run; `continue_on_step_failure` lets what does not need a failed step go on.
    """

    default_datastore: str | None = None
    default_compute: str | None = None
    continue_on_step_failure: bool | None = None
    force_rerun: bool | None = None
    on_init: str | None = None
    on_finalize: str | None = None

    def __bool__(self) -> bool:
        """Whether anything is set."""
        return bool(self.spec())


class Pipeline(Node):
    """A step that is a pipeline itself. Made by calling a pipeline's function or component within a pipeline."""

    type: Annotated[str, Choice("pipeline")] = "pipeline"
    settings: PipelineJobSettings = Field(default_factory=PipelineJobSettings)


class Parallel(Node):
    """A step that runs a function over mini-batches of data: what it says wins over its component."""

    type: Annotated[str, Choice("parallel")] = "parallel"
    task: Draft | dict[str, Any] | None = None
    mini_batch_size: str | int | None = None
    partition_keys: list[str] | None = None
    input_data: str | None = None
    retry_settings: Draft | dict[str, Any] | None = None
    logging_level: str | None = None
    max_concurrency_per_instance: int | None = None
    error_threshold: int | None = None
    mini_batch_error_threshold: int | None = None
    environment_variables: dict[str, str] = Field(default_factory=dict[str, str])
    resources: ResourceConfiguration | None = None

    @field_validator("environment_variables", mode="before")
    @classmethod
    def _texts(cls, value: object) -> dict[str, str]:
        return texts(value)

    def set_resources(self, **resources: object) -> None:
        """Change what the step asks for, e.g. `set_resources(instance_count=2)`; what is not given stays."""
        given = self.resources.model_dump(exclude_none=True) if self.resources else {}
        said = {name: value for name, value in resources.items() if value is not None}
        self.resources = ResourceConfiguration.of(cast("dict[str, object]", given) | said)
