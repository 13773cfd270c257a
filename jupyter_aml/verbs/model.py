"""`model`: trained models, by name and version. Each verb is one call of the client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs.assets import CREATED, Asset, add
from jupyter_aml.verbs.option import DESCRIPTION, LABEL, TAGS, Option, name_of, version_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from jupyter_aml import MLClient

NOUN: Final = Noun(
    "model",
    "Models, the same as in MLflow's registry.",
    "models",
    absent={
        "share": "there are no registries here yet.",
        "package": "a model is not packed into an image here; download it: aml model download -n NAME -l latest",
    },
)
TYPES: Final = ("custom_model", "mlflow_model", "triton_model")
COLUMNS: Final = (
    ("Name", "name"),
    ("Version", "version"),
    ("Latest", "latest_version"),
    ("Type", "type"),
    ("Stage", "stage"),
    ("Description", "description"),
    ("Tags", "tags"),
    CREATED,
    ("Path", "path"),
)
FIELDS: Final = (
    name_of("model", "its name", required=False),
    Option("--version", "VERSION", "its version; the next number when not given", short="-v"),
    Option("--type", "TYPE", "what lies at the path", short="-t", choices=TYPES),
    Option("--path", "PATH", "a local path, a URI, or a job's output", short="-p", kind=Path, known="path"),
    DESCRIPTION,
    TAGS,
    Option("--stage", "STAGE", "how far it is: Staging, Production, …"),
    Option("--datastore", "NAME", "where a local path is uploaded to", known="datastore"),
)
WHERE: Final = Option("--download-path", "DIR", "the folder to put it in: this one", short="-p", known="path")
add(
    Asset(
        NOUN,
        lambda ml: ml.models,
        "load_model",
        FIELDS,
        COLUMNS,
        (
            "aml model create --name churn --type mlflow_model --path azureml://jobs/JOB/outputs/artifacts/paths/model/",
            "aml model create -f model.yml",
        ),
    )
)


@NOUN.verb(
    "download", name_of("model", "its name"), version_of("model"), LABEL, WHERE, newest=True, done="Downloaded {name}."
)
def download(ml: MLClient, *, name: str, version: str | None, label: str | None, download_path: str | None) -> None:
    """Copy a model's files into a folder of its name."""
    found = ml.models.get(name, version, label)
    ml.models.download(name, str(found.version), download_path or ".")
