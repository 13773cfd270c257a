"""YAML of the SDK v2's entities. Text in, drafts out; a relative path is taken from the file's folder."""

from collections.abc import Sequence
from typing import Final

from jupyter_aml.entities import attached_compute, connection, datastore
from jupyter_aml.entities.attached_compute import Compute
from jupyter_aml.entities.component import Component
from jupyter_aml.entities.component_yaml import component_in, pipeline_in
from jupyter_aml.entities.connection import WorkspaceConnection
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.datastore import Datastore
from jupyter_aml.entities.dotted import Fields
from jupyter_aml.entities.draft import DraftError, to_yaml
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.fields import Choice
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.model import Model
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.sweep_check import check_sweep
from jupyter_aml.entities.sweep_job import SweepJob
from jupyter_aml.entities.workspace_resource import Workspace
from jupyter_aml.entities.yaml_draft import made, texts_of_versions
from jupyter_aml.entities.yaml_source import Origin, Override, Source, named, place, read
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException, did_you_mean

JOB_TYPES: Final = ("command", "sweep", "pipeline")
_OTHER_JOBS: Final = ("spark", "import", "automl", "data_transfer", "finetuning", "distillation")
_SHOWN: Final = frozenset({"$schema", "id", "status", "creation_context", "studio_url", "error", "exit_code"})
"""What `print(job)` shows and a new job does not have."""
_ENVIRONMENT: Final = ("conda_file", "build.path")
_INSIDE: Final = tuple(f"environment.{path}" for path in _ENVIRONMENT)
_OF_JOB: Final = ("code", "trial.code", "inputs.*.path", *_INSIDE, *(f"trial.{path}" for path in _INSIDE))
_OF_VIRTUAL_MACHINE: Final = ("ssh_settings.ssh_private_key_file",)
_CONDA_HINT: Final = (
    "It looks like you are trying to specify a conda file where the definition of an environment is expected. "
    "Its conda file is one of its fields."
)

dump = to_yaml


def load_job(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Command | SweepJob | PipelineJob:
    """The job in a YAML file or open stream (SDK v2's `load_job`), of its `type` (command when it says none).

    `params_override` is a list of mappings with dotted keys: `[{"inputs.rate": 0.5, "services.x.nodes[0]": 1}]`.
    ValidationException names the field; UnsupportedFieldError a type that does not run here yet.
    """
    fields, folder = read(source, "job", relative_origin, params_override)
    kind = _job_kind(fields, source)
    place(fields, _OF_JOB, folder)
    said = {name: value for name, value in fields.items() if name not in _SHOWN}
    texts_of_versions(said)
    if kind == "command":
        return Command.of(said)
    if kind == "pipeline":
        return made(PipelineJob, pipeline_in(said, folder))
    check_sweep(said)
    return made(SweepJob, said)


def _job_kind(fields: Fields, source: Source) -> str:
    given = fields.get("type", "command")
    kind = given.lower() if isinstance(given, str) else given
    if kind in JOB_TYPES:
        return kind
    if kind in _OTHER_JOBS:
        raise UnsupportedFieldError(
            f"type: '{kind}' jobs do not run here yet; found in {named(source)}.",
            resolution=f"There is: {', '.join(JOB_TYPES)}.",
        )
    message = f"type: Unsupported job type: {given}."
    raise ValidationException(message, resolution=did_you_mean(str(kind), (*JOB_TYPES, *_OTHER_JOBS)))


def load_data(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Data:
    """The data asset in a YAML file or open stream. ValidationException names the field."""
    fields, folder = read(source, "data asset", relative_origin, params_override)
    place(fields, ("path",), folder)
    return made(Data, fields)


def load_model(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Model:
    """The model in a YAML file or open stream. ValidationException names the field."""
    fields, folder = read(source, "model", relative_origin, params_override)
    place(fields, ("path",), folder)
    return made(Model, fields)


def load_environment(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Environment:
    """The environment in a YAML file or open stream, its conda file read.

    ValidationException names the field; it says so when the file is a conda file.
    """
    fields, folder = read(source, "environment", relative_origin, params_override)
    if "dependencies" in fields and fields.keys().isdisjoint({"image", "build", "conda_file"}):
        example = f"name: {fields.get('name', 'my-env')}\nimage: mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04\n"
        raise ValidationException(
            f"{named(source)}: {_CONDA_HINT}", resolution=f"Write:\n{example}conda_file: {named(source)}"
        )
    place(fields, _ENVIRONMENT, folder)
    return made(Environment, fields)


def load_component(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Component:
    """The component in a YAML file or open stream, of its `type` (command when it says none)."""
    fields, folder = read(source, "component", relative_origin, params_override)
    return component_in(fields, folder)


def load_datastore(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Datastore:
    """The datastore in a YAML file or open stream, of its `type` (azure_blob when it says none)."""
    fields, folder = read(source, "datastore", relative_origin, params_override)
    kind = datastore.datastore_kind(fields)
    place(fields, ("path",), folder)
    return made(kind, fields)


def load_compute(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Compute:
    """The compute in a YAML file or open stream, of its `type`."""
    fields, folder = read(source, "compute", relative_origin, params_override)
    place(fields, _OF_VIRTUAL_MACHINE, folder)
    if "tier" in fields:
        fields["tier"] = _tier(fields["tier"])
    return made(attached_compute.compute_kind(fields), fields)


def load_workspace(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> Workspace:
    """The workspace in a YAML file or open stream. ValidationException names the field."""
    fields, _ = read(source, "workspace", relative_origin, params_override)
    return made(Workspace, fields)


def load_connection(
    source: Source, *, relative_origin: Origin = None, params_override: Sequence[Override] | None = None
) -> WorkspaceConnection:
    """The connection in a YAML file or open stream, of its `type`."""
    fields, _ = read(source, "connection", relative_origin, params_override)
    return made(connection.connection_kind(fields), fields)


load_workspace_connection = load_connection


def _tier(value: object) -> object:
    """In YAML a tier is one of two words; the constructor takes any and keeps it as it is."""
    try:
        return Choice("dedicated", "low_priority")(value) if isinstance(value, str) else value
    except ValueError as error:
        raise DraftError("AmlCompute", (("tier", str(error)),)) from None
