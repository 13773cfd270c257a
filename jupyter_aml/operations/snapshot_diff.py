"""What sets a run apart: its code, params, inputs, environment and command against another's. Nothing is written.

Hashes are compared first; only files that differ are read.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

from jupyter_aml.entities.job_record import SNAPSHOT, JobRecord, Spec
from jupyter_aml.entities.line_diff import line_diff
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.entities.run_diff import Against, Change, Difference, FileDiff, RunDiff
from jupyter_aml.exceptions import AssetPathException, ResourceNotFoundError, UserErrorException
from jupyter_aml.notebook.modules import CELL_FILE
from jupyter_aml.operations import access
from jupyter_aml.operations.run_facts import command_of, environment_of, inputs_of, ran
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import ignore, jobs
from jupyter_aml.store.folder_index import mark

MOST_SHOWN: Final = 100
"""Files of an answer whose lines are shown; those of others are asked for one by one."""
LARGEST: Final = 1_000_000
"""Bytes of a file whose lines are compared."""
_LOOK: Final = 8_192
_MAGIC: Final = re.compile(r"\s*%%aml_\w+(?:[^\n]*\\\s*\n)*[^\n]*(?:\n|\Z)")
"""The magic's line, and those with which it goes on."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of one side. `blob`: the hash of its content, where it is known."""

    path: Path
    size: int
    blob: str = ""

    def is_same(self, other: "_File") -> bool:
        return self.size == other.size and self.content() == other.content()

    def content(self) -> str:
        """The hash of its content; of a file that is gone meanwhile none."""
        try:
            return self.blob or hashlib.sha256(self.path.read_bytes()).hexdigest()
        except OSError:
            return ""

    def text(self) -> str | None:
        """What is in it; None when that is no text, or too much."""
        try:
            data = self.path.read_bytes() if self.size <= LARGEST else b"\0"
        except OSError:
            data = b"\0"
        return None if b"\0" in data[:_LOOK] else data.decode(errors="replace")


_Tree = Mapping[str, _File]


def diff(workspace: Workspace, name: str, against: Against) -> RunDiff:
    """How the run differs: '+' and `mine` are the run's, '-' and `theirs` the other's. Lines of 100 files at most.

    ResourceNotFoundError for a job that is not there, or has no parent; AssetPathException for a folder that is none;
    UserErrorException when nobody knows where the code came from.
    """
    job = _job(workspace, name)
    match against.kind:
        case "folder":
            folder = _folder(job, against.path)
            return RunDiff(name, str(folder), tuple(_files(_snapshot(workspace, job), _on_disk(workspace, folder))))
        case "cell":
            return _cell(workspace, job, _MAGIC.sub("", against.text, count=1))
        case _:
            return _jobs(workspace, job, _other(workspace, job, against))


def file_diff(workspace: Workspace, name: str, against: Against, file: str) -> FileDiff:
    """One file of the same, with its lines. Raises what `diff` raises, and ResourceNotFoundError for no such file."""
    job = _job(workspace, name)
    if against.kind == "cell":
        found = next((one for one in diff(workspace, name, against).files if one.name == file), None)
    else:
        mine, theirs = _snapshot(workspace, job), _theirs(workspace, job, against)
        found = next(iter(_files(_only(mine, file), _only(theirs, file))), None)
    if found is None:
        raise ResourceNotFoundError(f"Neither '{name}' nor what it is compared with has a file '{file}'.")
    return found


def _job(workspace: Workspace, name: str) -> JobRecord:
    access.require(workspace, "jobs/read", f"jobs/{name}")
    return jobs.get(workspace.database, name)


def _other(workspace: Workspace, job: JobRecord, against: Against) -> JobRecord:
    if against.kind == "parent" and not job.parent:
        raise ResourceNotFoundError(f"'{job.name}' has no parent: nothing made it but its submit.")
    return _job(workspace, job.parent if against.kind == "parent" else against.name)


def _theirs(workspace: Workspace, job: JobRecord, against: Against) -> _Tree:
    if against.kind == "folder":
        return _on_disk(workspace, _folder(job, against.path))
    return _snapshot(workspace, _other(workspace, job, against))


def _only(tree: _Tree, file: str) -> _Tree:
    return {file: tree[file]} if file in tree else {}


# ── where the code is ──


def _snapshot(workspace: Workspace, job: JobRecord) -> _Tree:
    if SNAPSHOT not in job.properties:
        return {}
    frozen = workspace.snapshots.read(SnapshotId(job.properties[SNAPSHOT]))
    blobs = workspace.snapshots.blobs
    return {file.path: _File(blobs.path(file.blob), file.size, file.blob) for file in frozen.files}


def _on_disk(workspace: Workspace, folder: Path) -> _Tree:
    """The folder as it is now, without what a snapshot leaves out; hashes of what did not change since are known."""
    known = workspace.folder_index.known(folder)
    found = dict[str, _File]()
    try:
        for path, stat in ignore.files(folder, left_out=workspace.folder.root):
            entry = known.get(path)
            blob = str(entry[-1]) if entry and entry[:-1] == mark(stat) else ""
            found[path] = _File(folder / path, stat.st_size, blob)
    except OSError as error:
        raise AssetPathException(f"{folder} cannot be read: {error.strerror}.") from error
    return found


def _folder(job: JobRecord, path: str) -> Path:
    trial = cast("Spec", job.spec.get("trial") or {})
    wanted = path or str(job.spec.get("code") or trial.get("code") or "")
    if not wanted:
        raise UserErrorException(f"Nobody knows where the code of '{job.name}' came from.", resolution="Name a folder.")
    folder = Path(wanted).expanduser()
    folder = folder.parent if folder.is_file() else folder
    if not folder.is_dir():
        raise AssetPathException(f"No such folder: {folder}", resolution="It may have been moved; name another.")
    return folder.absolute()


# ── what differs ──


def _files(mine: _Tree, theirs: _Tree) -> Iterator[FileDiff]:
    """Every file of both, by name; the first of those that differ with their lines."""
    shown = 0
    for name in sorted({*mine, *theirs}):
        found = FileDiff(name, _change(mine.get(name), theirs.get(name)))
        if found.change != "same":
            shown += 1
            found = _lined(found, mine.get(name), theirs.get(name)) if shown <= MOST_SHOWN else _later(found)
        yield found


def _later(found: FileDiff) -> FileDiff:
    return replace(found, is_cut=True)


def _change(mine: _File | None, theirs: _File | None) -> Change:
    if mine is None or theirs is None:
        return "removed" if mine is None else "added"
    return "same" if mine.is_same(theirs) else "changed"


def _lined(found: FileDiff, mine: _File | None, theirs: _File | None) -> FileDiff:
    new, old = (one.text() if one else "" for one in (mine, theirs))
    if new is None or old is None:
        return replace(found, is_text=False)
    lines, is_cut = line_diff(new, old)
    return replace(found, lines=lines, is_cut=is_cut)


def _jobs(workspace: Workspace, mine: JobRecord, theirs: JobRecord) -> RunDiff:
    return RunDiff(
        mine.name,
        theirs.name,
        tuple(_files(_snapshot(workspace, mine), _snapshot(workspace, theirs))),
        params=_different(workspace.runs.params(ran(mine)), workspace.runs.params(ran(theirs))),
        inputs=_different(inputs_of(mine), inputs_of(theirs)),
        environment=_different(environment_of(mine), environment_of(theirs)),
        command=_different(command_of(mine), command_of(theirs)),
    )


def _cell(workspace: Workspace, job: JobRecord, text: str) -> RunDiff:
    """Against a cell as it is now: the cell that ran, or the shell command."""
    own = _snapshot(workspace, job).get(CELL_FILE)
    ran = (own.text() or "") if own else command_of(job).get("command", "")
    if ran.strip() == text.strip():
        return RunDiff(job.name, "the cell", (FileDiff(CELL_FILE, "same"),) if own else ())
    if own is None:
        return RunDiff(job.name, "the cell", command=(Difference("command", ran.strip(), text.strip()),))
    lines, is_cut = line_diff(ran.strip(), text.strip())
    return RunDiff(job.name, "the cell", (FileDiff(CELL_FILE, "changed", lines, is_cut=is_cut),))


def _different(mine: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[Difference, ...]:
    keys = [key for key in dict.fromkeys((*mine, *theirs)) if mine.get(key) != theirs.get(key)]
    return tuple(Difference(key, mine.get(key, ""), theirs.get(key, "")) for key in keys)
