"""A component as a folder: its YAML, beside it its code and that of a pipeline's steps. None is registered here."""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities.component import component_of
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.operations import components, pipeline_steps
from jupyter_aml.operations.components import Plain
from jupyter_aml.operations.included_code import CODE_SNAPSHOT, INCLUDES
from jupyter_aml.operations.workspaces import Workspace

_CODE: Final = "code"
_OTHERS: Final = re.compile(r"[^a-z0-9_]", re.IGNORECASE)


def download(workspace: Workspace, name: str, version: str | None, target: Path) -> Path:
    """Write `component_spec.yaml` and the component's `code/` to `<target>/<name>`; that folder.

    It stands alone: the components that a pipeline's steps name are written into it, each step's code below `code/`.
    """
    record = components.get(workspace, name, version, None)
    folder = target / name
    folder.mkdir(parents=True, exist_ok=True)
    spec = _Folder(workspace, folder).unpacked(dict(record.spec), _CODE)
    component_of(spec).dump(folder / "component_spec.yaml")
    return folder


@dataclass(slots=True)
class _Folder:
    """What lies in the folder: each snapshot once."""

    workspace: Workspace
    root: Path
    places: dict[str, str] = field(default_factory=dict[str, str])

    def unpacked(self, spec: Plain, place: str) -> Plain:
        """The component with its code at `place`, those of its steps below."""
        gone = {CODE_SNAPSHOT, INCLUDES} if CODE_SNAPSHOT in spec else set[str]()
        made = {key: value for key, value in spec.items() if key not in gone}
        if snapshot := spec.get(CODE_SNAPSHOT):
            holder = "task" if "task" in made else ""
            inner: Plain = made[holder] if holder else made
            inner = {**inner, "code": f"./{self._restored(str(snapshot), place)}"}
            made = {**made, holder: inner} if holder else inner
        steps: dict[str, Plain] = dict(made.get("jobs") or {})
        if steps:
            made["jobs"] = {name: self._step(step, f"{place}/{_OTHERS.sub('_', name)}") for name, step in steps.items()}
        return made

    def _step(self, step: Plain, place: str) -> Plain:
        key = "trial" if "trial" in step else "component"
        found = self._component(step.get(key))
        return step if found is None else {**step, key: self.unpacked(found, place)}

    def _component(self, given: Any) -> Plain | None:  # noqa: ANN401 - a part of a YAML
        """What a step runs, from the workspace too; None where it says nothing, or a name that is no more."""
        try:
            return pipeline_steps.component_of(self.workspace, given) if given else None
        except ResourceNotFoundError:
            return None

    def _restored(self, snapshot: str, place: str) -> str:
        if snapshot not in self.places:
            if not self.places:
                shutil.rmtree(self.root / _CODE, ignore_errors=True)
            taken = set(self.places.values())
            while place in taken:
                place += "_"
            self.workspace.snapshots.restore(SnapshotId(snapshot), self.root / place)
            self.places[snapshot] = place
        return self.places[snapshot]
