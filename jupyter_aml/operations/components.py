"""Components: registered by version, their code frozen; found. None is run here, or written to a folder."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

from jupyter_aml.entities.asset_record import AssetRecord
from jupyter_aml.entities.component import Component
from jupyter_aml.exceptions import AssetPathException, ResourceExistsError
from jupyter_aml.operations import access, assets
from jupyter_aml.operations.assets import Wanted
from jupyter_aml.operations.included_code import CODE_SNAPSHOT, INCLUDES, gathered
from jupyter_aml.operations.workspaces import Workspace

Plain: TypeAlias = dict[str, Any]  # Any: parts of a YAML, whose values are the user's
ANONYMOUS: Final = "azureml_anonymous"
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
    spec = _checked(workspace, draft.spec(), "")
    _freeze(workspace, spec)
    content = _content(spec)
    number = version if draft.name else _hash(content)
    wanted = Wanted("component", name, number, spec, content, anonymous=not draft.name)
    return assets.register(workspace, wanted, _conflict)


def get(workspace: Workspace, name: str, version: str | None, label: str | None) -> AssetRecord:
    """One version; without a number or label, the latest (components alone may leave both out, §1.3)."""
    return assets.get(workspace, "component", name, version, label or (None if version else assets.LATEST))


def _checked(workspace: Workspace, spec: Plain, path: str) -> Plain:
    """The component, its code found and permitted, and that of a pipeline's steps: nothing is stored until all is."""
    spec.pop(CODE_SNAPSHOT, None)  # ours to say: a component that is kept as it came may say anything
    if _code(workspace, _said(spec), path):
        access.require(workspace, "metadata/codes/versions/write", "codes")
    for name, key, component in _steps(spec):
        _checked(workspace, component, f"{path}jobs.{name}.{key}.")
    return spec


def _freeze(workspace: Workspace, spec: Plain) -> None:
    """Keep the code of the component and of a pipeline's steps; each then says which snapshot is its own."""
    if code := _code(workspace, _said(spec), ""):
        spec[CODE_SNAPSHOT] = workspace.snapshots.freeze(code).id
    for _, _, component in _steps(spec):
        _freeze(workspace, component)


def _said(spec: Plain) -> object:
    """The path of its code, with what it includes: that of a parallel component stands in its task."""
    task: Plain = spec.get("task") or {}
    return gathered(spec).get("code") or task.get("code")


def _steps(spec: Plain) -> Iterator[tuple[str, str, Plain]]:
    """The components that stand within a pipeline's steps."""
    jobs: Mapping[str, Plain] = spec.get("jobs") or {}
    for name, step in jobs.items():
        key = "trial" if "trial" in step else "component"
        if isinstance(step.get(key), dict):
            yield name, key, cast("Plain", step[key])


def _code(workspace: Workspace, code: object, path: str) -> Path | None:
    if code is None or not isinstance(code, str) or ":" in code.split("/", 1)[0]:
        return None
    place = Path(code)
    if not place.exists():
        told = f"{path}code: No such file or directory: {code}"
        raise AssetPathException(told, resolution="Paths start at the YAML file.")
    folder = place.parent if place.is_file() else place
    workspace.snapshots.check(folder)
    return folder


def _content(spec: Plain) -> str:
    """What decides what the component does; its code by content, wherever it lay."""
    return json.dumps(_deciding(spec), sort_keys=True, default=str)


def _deciding(spec: Plain) -> Plain:
    frozen = {"code", INCLUDES} if CODE_SNAPSHOT in spec else set[str]()
    deciding = {key: value for key, value in spec.items() if key not in _DESCRIBES | frozen}
    jobs: dict[str, Plain] = dict(spec.get("jobs") or {})
    for name, key, component in _steps(spec):
        jobs[name] = {**jobs[name], key: _deciding(component)}
    return deciding | ({"jobs": jobs} if jobs else {})


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def _conflict(found: AssetRecord) -> ResourceExistsError:
    message = f"Component '{found.name}' has a version '{found.version}' already, with other content."
    return ResourceExistsError(message, resolution="Leave the version out to get the next one, or choose another.")
