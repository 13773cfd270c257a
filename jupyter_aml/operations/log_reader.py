"""Any log of a run by line number: windows, searches, which files are logs. Text out; nothing is painted here.

Lines are numbered by their newlines. A progress bar that rewrites its line with carriage returns is one line, and shows
what was written last.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from jupyter_aml.entities.environment_build import BUILD_LOG
from jupyter_aml.entities.run_logs import Level, LogFile, LogLines, LogMatches
from jupyter_aml.operations import access
from jupyter_aml.operations.log_index import LogIndex, index_of
from jupyter_aml.operations.log_search import search_of
from jupyter_aml.operations.run_paths import artifacts, file_in
from jupyter_aml.operations.streams import OWN_LOGS
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

LONGEST: Final = 4_000
"""Characters of a line that are shown."""
MOST_LINES: Final = 5_000
_MOST: Final = 2_000_000
"""Characters of one answer: fewer lines come than were asked for, when they are long."""
_AT_ONCE: Final = 4_000_000
"""Bytes that are read as a whole; of a larger window each line's ends are."""
_END: Final = 4 * LONGEST
"""Bytes that hold as many characters."""
_FOLDERS: Final = ("user_logs", "logs", "azureml-logs", "system_logs")
_FIRST: Final = (*OWN_LOGS.values(), "user_logs/std_log.txt", "user_logs/std_log_process_0.txt")
_LAST: Final = (BUILD_LOG,)


def logs(workspace: Workspace, name: str) -> tuple[LogFile, ...]:
    """The logs of a run, the one that is read first before the others."""
    access.require(workspace, "jobs/read", f"jobs/{name}")
    root = artifacts(workspace, jobs.get(workspace.database, name))
    return tuple(sorted(_logs(root), key=_rank))


def lines(workspace: Workspace, name: str, file: str, first: int, count: int) -> LogLines:
    """`count` lines (at most 5,000) from number `first`; a negative one counts from the end.

    A line of more than 4,000 characters is cut, and says how much was left out. Fewer lines come when they are long.
    ResourceNotFoundError when there is no such file; AssetPathException for a name that leads out of the run's folder.
    """
    path = _opened(workspace, name, file)
    index = index_of(path)
    with path.open("rb") as opened, index.lock:
        total = index.lines(opened)
        begin = max(0, total + first) if first < 0 else min(first, total)
        shown = _window(opened, index, begin, min(begin + max(0, min(count, MOST_LINES)), total))
        return LogLines(file, begin, total, index.size, tuple(_few(shown)))


def search(
    workspace: Workspace, name: str, file: str, text: str, *, level: Level = "", limit: int = 1_000
) -> LogMatches:
    """The numbers of the lines that hold `text`, in capitals or not, and are at least as bad as `level`."""
    path = _opened(workspace, name, file)
    asked = search_of(path, text, level, limit)
    with path.open("rb") as opened, asked.lock:
        total, found = asked.matches(opened)
    return LogMatches(file, total, tuple(found))


def _opened(workspace: Workspace, name: str, file: str) -> Path:
    access.require(workspace, "jobs/read", f"jobs/{name}")
    return file_in(artifacts(workspace, jobs.get(workspace.database, name)), file)


def _logs(root: Path) -> Iterator[LogFile]:
    for path in (*root.glob("*.log"), *(path for folder in _FOLDERS for path in (root / folder).rglob("*"))):
        try:
            if path.is_file() and path.resolve().is_relative_to(root.resolve()):
                yield LogFile(path.relative_to(root).as_posix(), path.stat().st_size)
        except OSError:  # jobs rename and remove while we look
            continue


def _rank(log: LogFile) -> tuple[int, str]:
    if log.name in _FIRST:
        return _FIRST.index(log.name) - len(_FIRST), ""
    return int(log.name in _LAST), log.name


# ── windows ──


def _window(file: IO[bytes], index: LogIndex, first: int, last: int) -> Iterator[str]:
    """The lines from `first` up to `last`, as they are shown."""
    begin, end = index.offset(file, first), index.offset(file, last)
    if end - begin <= _AT_ONCE:
        file.seek(begin)
        for line in file.read(end - begin).removesuffix(b"\n").split(b"\n") if last > first else ():
            yield _shown(line[:_END], line[-_END:], len(line))
        return
    for number in range(first, last):
        end = index.offset(file, number + 1)
        yield _line(file, begin, end)
        begin = end


def _line(file: IO[bytes], begin: int, end: int) -> str:
    """One line of any length, of which only the ends are read."""
    file.seek(begin)
    head = file.read(min(_END, end - begin))
    file.seek(max(begin, end - _END - 1))
    tail = file.read(min(_END + 1, end - begin))
    is_whole = tail.endswith(b"\n")
    return _shown(head.removesuffix(b"\n"), tail.removesuffix(b"\n"), end - begin - is_whole)


def _shown(head: bytes, tail: bytes, size: int) -> str:
    """A line as a terminal leaves it: after carriage returns what was written last."""
    if b"\r" in tail and (kept := tail.rstrip(b"\r").rpartition(b"\r"))[1]:
        return _cut(kept[2][:_END], len(kept[2]))
    return _cut(head.rstrip(b"\r"), size - (len(tail) - len(tail.rstrip(b"\r"))))


def _cut(head: bytes, size: int) -> str:
    text = head.decode(errors="replace")
    if len(text) <= LONGEST and len(head) >= size:
        return text
    kept = text[:LONGEST]
    return f"{kept} … {size - len(kept.encode()):,} bytes more"


def _few(shown: Iterator[str]) -> Iterator[str]:
    size = 0
    for line in shown:
        yield line
        size += len(line)
        if size >= _MOST:
            return
