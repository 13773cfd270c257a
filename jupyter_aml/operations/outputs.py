"""A job's outputs, checked, and where each of them goes. Nothing is written there yet."""

from collections.abc import Mapping
from typing import Final

from jupyter_aml.data import uri
from jupyter_aml.entities.input_output import Output
from jupyter_aml.entities.launch import OutputSpec
from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.operations import assets, datastores, places
from jupyter_aml.operations.inputs import by_path, check_mode, check_place
from jupyter_aml.operations.workspaces import Workspace

_MODES: Final = frozenset({"rw_mount", "upload", "direct", "mount"})
_ANY_JOB: Final = "job"
"""Stands for the job's name while an output is checked before there is one."""
ARTIFACTS: Final = "artifacts"
"""What a job keeps anyway, by the name that `azureml://jobs/<job>/outputs/artifacts` has for it."""


def check_outputs(workspace: Workspace, outputs: Mapping[str, Output]) -> None:
    """Refuse outputs that cannot be honoured, before anything is stored; each error begins with the output's path."""
    for name, wanted in outputs.items():
        checked("input", name)
        check_place(f"outputs.{name}", wanted.path_on_compute)
        if wanted.mode is not None:
            check_mode(f"outputs.{name}.mode", wanted.mode, _MODES)
        if wanted.version and not wanted.name:
            raise ValidationException(f"outputs.{name}.version: a version needs a name.")
        if wanted.name:
            _check_name(workspace, name, assets.check_named("asset", wanted.name, wanted.version), wanted)
        with by_path(f"outputs.{name}.path"):
            _output_spec(workspace, name, wanted, _ANY_JOB)


def _check_name(workspace: Workspace, output: str, name: str, wanted: Output) -> None:
    """An output that is to be registered is a version that nobody has."""
    kind = "model" if wanted.type.endswith("_model") else "data"
    if wanted.version and assets.exists(workspace, kind, name, wanted.version):
        raise ValidationException(
            f"outputs.{output}.version: {kind} '{name}' has a version '{wanted.version}' already.",
            resolution="Leave the version out to get the next one, or choose another.",
        )


def output_specs(workspace: Workspace, outputs: Mapping[str, Output], job: str) -> dict[str, OutputSpec]:
    """The outputs with the local paths that stand for their URIs, or the URIs of storage elsewhere."""
    return {name: _output_spec(workspace, name, wanted, job) for name, wanted in outputs.items()}


def _output_spec(workspace: Workspace, name: str, wanted: Output, job: str) -> OutputSpec:
    default, mode = datastores.default(workspace), wanted.mode or "rw_mount"
    text = wanted.path or _own_place(name, default, job)
    filled = text.replace("${{name}}", job).replace("${{output_name}}", name)
    place = uri.parse(filled.replace("${{default_datastore}}", default))
    if not isinstance(place, uri.DatastorePath | uri.CloudPath):
        raise ValidationException(
            f"data goes to a datastore; found '{wanted.path}'.",
            resolution="Use azureml://datastores/<datastore>/paths/<path>.",
        )
    found = places.opened(workspace, place)
    if isinstance(found, places.Here) and mode != "direct":
        return OutputSpec(wanted.type, str(found.path), mode)
    address = place.long(workspace.id) if isinstance(place, uri.DatastorePath) else str(place)
    return OutputSpec(wanted.type, address, mode)


def _own_place(name: str, datastore: str, job: str) -> str:
    """Where an output goes of which nothing is said; Azure's own pipelines pass on logs and files as `artifacts`."""
    if name == ARTIFACTS:
        return f"azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.{job}"
    return f"azureml://datastores/{datastore}/paths/azureml/{job}/{name}"
