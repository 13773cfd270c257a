"""Models: registered by version from files, a datastore or a job's outputs, in MLflow's registry too. None runs."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from jupyter_aml.constants import AssetTypes
from jupyter_aml.data import uri
from jupyter_aml.data.upload import check
from jupyter_aml.entities import mlmodel
from jupyter_aml.entities.asset_record import AssetRecord, number
from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.model import Model
from jupyter_aml.exceptions import AssetPathException, ValidationException
from jupyter_aml.operations import access, assets, places, uploads
from jupyter_aml.operations.assets import Wanted
from jupyter_aml.operations.downloads import copied
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.tracking.models import ModelVersion

_FIRST: Final = "1"


def create(workspace: Workspace, draft: Model) -> AssetRecord:
    """Register a version of a model (§12). Local files are uploaded; a job's outputs stay where they are.

    MLflow's registry gets the same version when it is a number. Of a version that exists, only the description, tags,
    properties and stage may change. Raises ValidationException or AssetPathException before anything is stored.
    """
    access.require(workspace, "models/versions/write", f"models/{draft.name or ''}")
    name = assets.check_named("asset", draft.name, draft.version) if draft.name else str(uuid.uuid4())
    found = _found(workspace, draft)
    spec = draft.spec() | found | {"path": uploads.uploaded(workspace, found["path"], draft.datastore)}
    content = json.dumps([draft.type, spec["path"]])
    if not draft.name:
        return assets.register(workspace, Wanted("model", name, _FIRST, spec, content, anonymous=True), _conflict)
    told = _for_mlflow(workspace, name, spec)
    version = draft.version or _given(workspace, told)
    record = assets.register(workspace, Wanted("model", name, version, spec, content), _conflict)
    if draft.version and (known := number(record.version)) is not None:
        workspace.models.add(replace(told, version=known))
    return record


def select(workspace: Workspace, name: str, stage: str | None, *, archived: bool | None) -> Iterator[AssetRecord]:
    """The versions of one model, newest first, of one stage if asked."""
    found = assets.versions(workspace, "model", name, archived=archived)
    return (record for record in found if stage is None or record.spec.get("stage") == stage)


def download(workspace: Workspace, name: str, version: str, target: Path) -> Path:
    """Copy a model's files to `<target>/<name>/<basename>`; that folder or file."""
    access.require(workspace, "models/versions/read", f"models/{name}")
    record = assets.one(workspace, "model", assets.Reference(name, version))
    source = places.fetch(workspace, str(record.spec["path"]))
    copied(source, target / name / source.name if source.is_dir() else target / name)
    return target / name / source.name


def _found(workspace: Workspace, draft: Model) -> dict[str, Any]:
    """What the model's path says: the place of its files, the job that made it, its flavors."""
    if not draft.path:
        raise ValidationException("Missing model path. Path is required for a model.", resolution="Give path=.")
    if uri.is_local(draft.path):
        check(Path(uri.local_path(draft.path)))
        return {"path": draft.path, **_flavors(draft, Path(uri.local_path(draft.path)))}
    found = {"path": str(places.followed(workspace, draft.path)), **_maker(draft.path)}
    place = places.locate(workspace, draft.path)
    if not isinstance(place, places.Here) or not (place.path.exists() or "job_name" in found):
        return found  # storage may be filled later; a job that is over has written what it will
    if not place.path.exists():
        raise AssetPathException(
            f"path: there is nothing at '{draft.path}'.", resolution="Look at the job's outputs, or wait for its end."
        )
    return found | _flavors(draft, place.path)


def _maker(path: str) -> dict[str, str]:
    """The job whose output a path is."""
    match uri.parse(path):
        case uri.JobOutputPath(job=job) | uri.RunArtifact(run=job):
            return {"job_name": job}
        case _:
            return {}


def _flavors(draft: Model, folder: Path) -> dict[str, Any]:
    """The flavors of an MLflow model; AssetPathException for a folder without its MLmodel file."""
    if draft.type != AssetTypes.MLFLOW_MODEL:
        return {}
    file = folder / mlmodel.FILE_NAME
    if not file.is_file():
        raise AssetPathException(
            f"path: an mlflow_model is a folder with a file named MLmodel; '{folder.name}' has none.",
            resolution="Give the folder that mlflow.<flavor>.save_model or log_model wrote, or type='custom_model'.",
        )
    return {"flavors": draft.flavors or mlmodel.flavors(file)}


def _given(workspace: Workspace, model: ModelVersion) -> str:
    """The next number that neither the workspace nor MLflow has given out: MLflow gives both of them theirs."""
    ours = int(assets.next_version(workspace, "model", model.name))
    return str(workspace.models.give(replace(model, version=ours)))


def _for_mlflow(workspace: Workspace, name: str, spec: Spec) -> ModelVersion:
    """The model as MLflow keeps it; its number is not known yet."""
    place = places.locate(workspace, str(spec["path"]))
    source = place.path.as_uri() if isinstance(place, places.Here) else str(spec["path"])
    return ModelVersion(
        name, 0, source, str(spec.get("description") or ""), str(spec.get("job_name") or ""), workspace.principal,
        dict(spec.get("tags") or {}), str(spec.get("stage") or ""),
    )  # fmt: skip


def _conflict(found: AssetRecord) -> AssetPathException:
    return AssetPathException(
        f"(UserError) Asset paths cannot be updated: model '{found.name}' version '{found.version}' is "
        f"{found.spec.get('path')}.",
        resolution="Leave the version out to get the next one, or choose another.",
    )
