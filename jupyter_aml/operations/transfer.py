"""A process beside a job that has the whole library: brings its remote inputs, sends its remote outputs. Runs nothing.

`python -m jupyter_aml.operations.transfer WORKSPACE_FOLDER fetch|send ATTEMPT_FOLDER`, started by the runner. What
to move is in the attempt's launch.json; credentials are read from the vault here and are never written anywhere.
`fetch` leaves `fetched.json` (paths by input); an error is left in `transfer.error`; progress goes to stdout.
"""

import json
import posixpath
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_aml.data.progress import MEGABYTE
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch, launch_from_json
from jupyter_aml.entities.workspace import WorkspaceFolder, WorkspaceId
from jupyter_aml.exceptions import MlException
from jupyter_aml.operations import places
from jupyter_aml.operations.workspaces import Workspace

_EVERY: Final = 1.0
_FAILED: Final = 1


def main(arguments: list[str]) -> int:
    """Do what the arguments say; 0 when all of it was moved."""
    root, act, attempt = arguments
    folder = AttemptFolder(Path(attempt))
    launch = launch_from_json(folder.launch.read_text())
    workspace = Workspace(_identity(launch), WorkspaceFolder(Path(root)))
    try:
        _ACTS[act](workspace, folder, launch)
    except (MlException, OSError) as error:
        _say(str(error))
        folder.transfer_error.write_text(str(error))
        return _FAILED
    return 0


def _fetch(workspace: Workspace, folder: AttemptFolder, launch: Launch) -> None:
    paths: dict[str, str] = {}
    for name, spec in launch.inputs.items():
        if spec.remote:
            paths[name] = str(_named(f"Input '{name}'", lambda text=str(spec.value): _brought(workspace, text)))
    beside = folder.fetched.with_suffix(".new")
    beside.write_text(json.dumps(paths))
    beside.rename(folder.fetched)


def _brought(workspace: Workspace, text: str) -> Path:
    _say(f"looking at {text}")
    path = places.fetch(workspace, text, lambda name, size: _Told("bringing", name, size))
    _say(f"{text} is at {path}")
    return path


def _send(workspace: Workspace, folder: AttemptFolder, launch: Launch) -> None:
    for name, spec in launch.outputs.items():
        if spec.is_sent:
            source = folder.outputs / name
            _named(f"Output '{name}'", lambda text=spec.path, source=source: _sent(workspace, text, source))


def _sent(workspace: Workspace, text: str, source: Path) -> None:
    """Every file below the output's folder to its place. Of a `uri_file`, the folder holds that one file."""
    place = places.locate(workspace, text)
    found = sorted(path for path in source.rglob("*") if path.is_file())
    if not isinstance(place, places.There) or not found:
        return
    names = [path.relative_to(source).as_posix() for path in found]
    root = posixpath.dirname(place.path) if names == [posixpath.basename(place.path)] else place.path
    size = sum(path.stat().st_size for path in found)
    pairs = [(posixpath.join(root, name), path) for name, path in zip(names, found, strict=True)]
    place.storage.open().send(pairs, _Told("sending", text, size))
    _say(f"{len(found)} files are at {text}")


def _named(what: str, act: Callable[[], Path | None]) -> Path | None:
    """What is said of a transfer names its input or output first."""
    try:
        return act()
    except MlException as error:
        raise MlException(f"{what}: {error.message}", resolution=error.resolution) from None


@dataclass(slots=True)
class _Told:
    """Tells the log how far it is, at most once a second."""

    verb: str
    name: str
    total: int
    _next: float = 0.0

    def __call__(self, done: int, files: int) -> None:
        now = time.monotonic()
        if now >= self._next or done >= self.total:
            self._next = now + _EVERY
            share = done / self.total if self.total else 1.0
            size = f"{done / MEGABYTE:.2f} of {self.total / MEGABYTE:.2f} MB"
            _say(f"{self.verb} {self.name}: {share:4.0%}, {size}" + (f", {files} files" if files else ""))


def _say(text: str) -> None:
    sys.stdout.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n")
    sys.stdout.flush()


def _identity(launch: Launch) -> WorkspaceId:
    known = launch.workspace
    return WorkspaceId(known["subscription_id"], known["resource_group"], known["name"])


_ACTS: Final[dict[str, Callable[[Workspace, AttemptFolder, Launch], None]]] = {"fetch": _fetch, "send": _send}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
