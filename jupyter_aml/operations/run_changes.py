"""What is new about a run since somebody looked. Nothing waits here: who wants to, asks `version` till it changes."""

import os
from codecs import getincrementaldecoder
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from json import dumps
from pathlib import Path
from typing import IO, Final

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.log_progress import LogProgress, progress
from jupyter_aml.entities.run_changes import Changes, Cursor, LogPiece, SeriesSummary
from jupyter_aml.entities.run_details import TOLD, RunFile, RunTabs
from jupyter_aml.entities.sweep_details import json_number
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.operations import access, run_details
from jupyter_aml.operations.log_index import index_of
from jupyter_aml.operations.metric_columns import Column, columns
from jupyter_aml.operations.run_paths import artifacts, file_in
from jupyter_aml.operations.run_series import ran
from jupyter_aml.operations.streams import OWN_LOGS, first_log
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import doorbells, jobs

MOST_LOG: Final = 256_000
"""Bytes of a log that come at once."""
MOST_ROWS: Final = 250_000
"""Rows of metrics that are read at once: of a run with a million points the rest comes with the next answers."""
FIRST_ROWS: Final = 25_000
"""Rows that a first answer waits for: whoever opens a run wants to see how it stands."""
_FOLDERS: Final = ("user_logs", "logs", "logs/azureml", "azureml-logs", "system_logs", "outputs")
_LOGS: Final = ("user_logs/", "logs/", "azureml-logs/", "system_logs/")
_LAST: Final = 64
_CONTINUED: Final = bytes(range(0x80, 0xC0))
"""The bytes of a character that are not its first."""


def changes(workspace: Workspace, name: str, cursor: Cursor) -> Changes:
    """What is new about a run since `cursor`. ResourceNotFoundError when there is no such run, or no log to follow.

    Its status is read before everything else: what a run wrote before it ended is seen before its end is said.
    """
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.get(workspace.database, name)
    details, digest = _details(workspace, job, cursor.details)
    series, row, is_read = _series(workspace, ran(job), cursor.metrics)
    root = artifacts(workspace, job)
    log = _log(root, cursor, is_final=job.is_finished)
    seen = Cursor(digest, str(log.seen), log.at, row, cursor.follow)
    is_final = job.is_finished and is_read and log.is_all
    return Changes(seen, details, series, log.piece, is_final, None if job.is_finished else _progress(root, job.type))


def version(workspace: Workspace, name: str) -> Hashable:
    """Something that differs whenever `changes` may have something new: a few looks at files, nothing is read.

    It differs more often: others write into the same databases. Within one process only.
    """
    access.require(workspace, "jobs/read", f"jobs/{name}")
    folder = workspace.folder
    rings = (doorbells.ring(folder.database), doorbells.ring(folder.tracking_database))
    return (*rings, *_marks(folder.artifacts(name)))


# ── details ──


def _details(workspace: Workspace, job: JobRecord, known: str) -> tuple[RunTabs | None, str]:
    """The details unless they are known, and which these are: a log that grows does not make them others."""
    tabs = run_details.outline(workspace, job.name)
    lasting = replace(tabs, log=None, files=tuple(map(_lasting, tabs.files)))
    digest = blake2b(dumps(lasting.to_dict()).encode(), digest_size=12).hexdigest()
    return (None if digest == known else tabs), digest


def _lasting(file: RunFile) -> RunFile:
    is_log = file.name.startswith(_LOGS) or ("/" not in file.name and file.name.endswith(".log"))
    return replace(file, size=0) if is_log else file


# ── metrics ──


def _series(workspace: Workspace, run: str, known: int) -> tuple[tuple[SeriesSummary, ...], int, bool]:
    """The metrics with rows after the known one, the last row that was read, and whether that was all."""
    with columns(workspace, run) as found:
        is_read = found.refresh(workspace.runs, run, MOST_ROWS if known else min(FIRST_ROWS, MOST_ROWS))
        while found.row <= known and not is_read:  # they were forgotten since the last answer
            is_read = found.refresh(workspace.runs, run, MOST_ROWS)
        if found.row == known:
            return (), known, is_read
        since = known if known < found.row and workspace.runs.has_row(run, known) else 0
        changed = sorted((one for one in found.by_key.values() if one.row > since), key=lambda one: one.key)
        return tuple(map(_summary, changed)), found.row, is_read


def _summary(column: Column) -> SeriesSummary:
    return SeriesSummary(
        column.key, column.count, json_number(float(column.values[-1])), column.least, column.most,
        int(column.steps[0]), int(column.steps[-1]),
    )  # fmt: skip


# ── logs ──


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a cursor says about a log: its name, which file it was, and a digest of the last bytes that were seen."""

    name: str
    file: str = ""
    last: str = ""

    @classmethod
    def of(cls, text: str) -> "_Seen":
        *name, file, last = text.split("|") if text.count("|") > 1 else ("", "", "")
        return cls("|".join(name), file, last)

    def __str__(self) -> str:
        return f"{self.name}|{self.file}|{self.last}" if self.name else ""


@dataclass(frozen=True, slots=True)
class _Read:
    """What came of a log, and how far it was seen then. `is_all`: no other log follows it."""

    piece: LogPiece | None
    seen: _Seen
    at: int
    is_all: bool = True


def _log(root: Path, cursor: Cursor, *, is_final: bool) -> _Read:
    """What was appended to the log that was chosen; before another one is begun, the rest of the last."""
    seen, name = _Seen.of(cursor.log), cursor.follow
    if not name:
        chosen = first_log(root)
        name = chosen.relative_to(root).as_posix() if chosen else seen.name
        if seen.name not in {"", name}:
            rest = _piece(root, seen.name, seen, cursor.log_at, is_final=True)
            if rest.piece and not rest.piece.is_new:
                return replace(rest, is_all=False)
    return _piece(root, name, seen, cursor.log_at, is_final=is_final) if name else _Read(None, seen, 0)


def _piece(root: Path, name: str, seen: _Seen, at: int, *, is_final: bool) -> _Read:
    """The end of a log from byte `at` on; from its beginning when it is not the one that was seen."""
    try:
        path = file_in(root, name)
        with path.open("rb") as file:
            return _appended(file, path, name, seen, at, is_final=is_final)
    except (ResourceNotFoundError, FileNotFoundError):
        if name != seen.name:
            raise
        return _Read(None, seen, at)  # it is gone: what was seen of it stays


def _appended(file: IO[bytes], path: Path, name: str, seen: _Seen, at: int, *, is_final: bool) -> _Read:
    stat = os.fstat(file.fileno())
    size, now = stat.st_size, _Seen(name, f"{stat.st_dev:x}.{stat.st_ino:x}")
    goes_on = at <= size and seen == replace(now, last=_last(file, at))
    start, text, end = _text(file, at if goes_on else 0, size, is_final=is_final)
    if goes_on and not text:
        return _Read(None, seen, at)
    index = index_of(path)
    with index.lock:
        line = index.line_at(file, start)
    piece = LogPiece(name, size, start, line, text, is_new=not goes_on)
    return _Read(piece, replace(now, last=_last(file, end)), end)


def _last(file: IO[bytes], at: int) -> str:
    """A digest of the bytes before byte `at`."""
    file.seek(max(0, at - _LAST))
    return blake2b(file.read(min(_LAST, at)), digest_size=6).hexdigest()


def _text(file: IO[bytes], start: int, size: int, *, is_final: bool) -> tuple[int, str, int]:
    """Where the text begins, the text up to the size, where it ends: before a character that is not whole yet."""
    begin = max(start, size - MOST_LOG)
    file.seek(begin)
    data = file.read(size - begin)
    if begin > start:  # from the next line on; one that is longer than that, from its next character on
        rest = data.partition(b"\n")[2] or data.lstrip(_CONTINUED)
        begin, data = begin + len(data) - len(rest), rest
    decoder = getincrementaldecoder("utf-8")(errors="replace")
    text = decoder.decode(data, final=is_final)
    return begin, text, begin + len(data) - len(decoder.getstate()[0])


def _progress(root: Path, kind: str) -> LogProgress | None:
    """How far the log says that the run is; a sweep and a pipeline say it by their children."""
    path = None if kind in OWN_LOGS else first_log(root)
    try:
        return _told(path, *_mark(path.stat())) if path else None
    except FileNotFoundError:
        return None


@lru_cache(maxsize=64)
def _told(path: Path, size: int, _changed: int) -> LogProgress | None:
    """The same of a log as it was then: several may look, and most looks find it as it was."""
    with path.open("rb") as file:
        file.seek(max(0, size - TOLD))
        return progress(file.read(TOLD).decode(errors="replace").split("\n"))


def _marks(root: Path) -> Iterator[Hashable]:
    """Size and time of every log, and when files came to the folders of outputs or left them."""
    for folder in (root, *(root / name for name in _FOLDERS)):
        try:
            with os.scandir(folder) as entries:
                yield from [(entry.name, *_mark(entry.stat())) for entry in entries]
        except OSError:  # it is not there, or a file of it was just removed: the next look sees what is
            yield None


def _mark(stat: os.stat_result) -> tuple[int, int]:
    return stat.st_size, stat.st_mtime_ns
