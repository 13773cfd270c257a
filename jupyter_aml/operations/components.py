"""Components: registered by version, their code frozen; found, downloaded. None is run here."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities.asset_record import AssetRecord
from jupyter_aml.entities.component import Component, component_of
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.exceptions import AssetPathException, ResourceExistsError
from jupyter_aml.operations import access, assets
from jupyter_aml.operations.assets import Wanted
from jupyter_aml.operations.workspaces import Workspace

ANONYMOUS: Final = "azureml_anonymous"
_SNAPSHOT: Final = "code_snapshot"
_DESCRIBES: Final = frozenset({"name", "version", "display_name", "description", "tags", "properties"})
"""What may change in a version: everything else decides what it does."""


def create(workspace: Workspace, draft: Component, version: str | None = None) -> AssetRecord:
    """Register a version of a component (§9.1): equal content under the same number is the same version.

    Without a name it is made for one use, under the hash of its content. Raises ValidationException before anything
    is stored, ResourceExistsError for a version that has other content.
    """
    access.require(workspace, "components/versions/write", f"components/{draft.name or ANONYMOUS}")
    version = version or draft.version
    name = assets.check_named("component", draft.name, version) if draft.name else ANONYMOUS
    spec = draft.spec()
    spec.pop(_SNAPSHOT, None)  # ours to say: a component that is kept as it came may say anything
    code = _code(workspace, spec.get("code"))
    if code:
        access.require(workspace, "metadata/codes/versions/write", "codes")
    snapshot = workspace.snapshots.freeze(code).id if code else ""
    if snapshot:
        spec[_SNAPSHOT] = snapshot
    content = _content(spec)
    number = version if draft.name else _hash(content)
    wanted = Wanted("component", name, number, spec, content, anonymous=not draft.name)
    return assets.register(workspace, wanted, _conflict)


def get(workspace: Workspace, name: str, version: str | None, label: str | None) -> AssetRecord:
    """One version; without a number or label, the latest (components alone may leave both out, §1.3)."""
    return assets.get(workspace, "component", name, version, label or (None if version else assets.LATEST))


def download(workspace: Workspace, name: str, version: str | None, target: Path) -> Path:
    """Write `component_spec.yaml` and the component's `code/` to `<target>/<name>`; that folder."""
    record = get(workspace, name, version, None)
    folder = target / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = {key: value for key, value in record.spec.items() if key != _SNAPSHOT}
    if snapshot := record.spec.get(_SNAPSHOT):
        shutil.rmtree(folder / "code", ignore_errors=True)
        workspace.snapshots.restore(SnapshotId(str(snapshot)), folder / "code")
        spec["code"] = "./code"
    component_of(spec).dump(folder / "component_spec.yaml")
    return folder


def _code(workspace: Workspace, code: object) -> Path | None:
    if code is None or not isinstance(code, str) or ":" in code.split("/", 1)[0]:
        return None
    path = Path(code)
    if not path.exists():
        raise AssetPathException(f"code: No such file or directory: {code}", resolution="Paths start at the YAML file.")
    folder = path.parent if path.is_file() else path
    workspace.snapshots.check(folder)
    return folder


def _content(spec: dict[str, Any]) -> str:
    """What decides what the component does; its code by content, wherever it lay."""
    deciding = {key: value for key, value in spec.items() if key not in _DESCRIBES}
    if _SNAPSHOT in deciding:
        del deciding["code"]
    return json.dumps(deciding, sort_keys=True, default=str)


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _conflict(found: AssetRecord) -> ResourceExistsError:
    message = f"Component '{found.name}' has a version '{found.version}' already, with other content."
    return ResourceExistsError(message, resolution="Leave the version out to get the next one, or choose another.")
