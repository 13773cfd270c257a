"""Inside a job: a failure in a converted script told in the notebook's cells and lines. The log is read and added to.

What a job leaves is not trusted: files of other kinds are not opened, texts have a limit, and whatever does not fit
is as if it were not there.
"""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from jupyter_aml.entities.cell_lines import LONGEST, SUFFIX, CellLines, cell_lines_from_json
from jupyter_aml.runner.tracebacks import Frame, Report, Traceback, lines_of, reports

_TAIL: Final = 256 * 1024
_MOST_MAPS: Final = 8
_MOST_FRAMES: Final = 30
_LONGEST_TEXT: Final = 500
_LINES_AFTER: Final = 200
"""A traceback with more lines than that behind it is not why the job ended."""
_PICKLED: Final = "<dynamic-code>"
"""The file of a function that cloudpickle (joblib, loky) brought to another process: only `__main__`'s go so."""
_SAID: Final = re.compile(r"\S[^/]{0,200}\.ipynb, cell \d{1,6}(?:, line \d{1,6})?: ")


def told(code: Path, log: Path) -> str:
    """Where in its notebook a job failed: `train.ipynb, cell 5, line 3: ValueError: …`; "" when nothing tells.

    `code` is the job's working directory. A job that executes the notebook itself has said it in its log's last line;
    one that runs a converted script gets a block with the notebook's frames at the end of its log.
    """
    with suppress(OSError):
        text = _read(log, _TAIL).decode(errors="replace")
        if said := _said(text):
            return said
        for known in _maps(code):
            if found := _last(known, code, text):
                _append(log, text, found.block())
                return found.sentence()
    return ""


def _said(text: str) -> str:
    last = text.rstrip()[-_LONGEST_TEXT:].rpartition("\n")[2]
    return last if _SAID.match(last) else ""


def _maps(code: Path) -> Iterator[CellLines]:
    names = sorted(islice((each.name for each in os.scandir(code) if each.name.endswith(SUFFIX)), _MOST_MAPS))
    for name in names:
        raw = _read(code / name, LONGEST + 1)
        known = cell_lines_from_json(raw.decode(errors="replace")) if len(raw) <= LONGEST else None
        if known and known.file == name:
            yield known


def _last(known: CellLines, code: Path, text: str) -> "_Failure | None":
    """The last failure that the log tells of, if the notebook has a part in it."""
    if f'{known.script}"' not in text:
        return None
    lines = lines_of(text)
    for report in reversed(reports(lines)):
        found = _Failure(known, code, report)
        if found.place:
            rest = sum(1 for line in lines[report.end :] if line)
            return found if rest <= _LINES_AFTER else None
    return None


class _Failure:
    """One report of the log, in the notebook's words."""

    def __init__(self, known: CellLines, code: Path, report: Report) -> None:
        self.known, self.report = known, report
        self.folders = {os.path.normpath(code), os.path.realpath(code)}
        self.place = self._place()

    def _place(self) -> tuple[int, int] | None:
        """The innermost of the notebook's lines. What another process quotes is where it happened."""
        outer = [part for part in self.report.parts if part.depth == self.report.parts[0].depth]
        last = outer[-1]
        before = outer[-2] if len(outer) > 1 else None
        tried = [last, *outer[::-1], *self.report.parts]
        if before and before.is_quoted and before.error == last.error:
            tried.insert(0, before)
        return next((place for part in tried if (place := self._innermost(part))), None)

    def _innermost(self, part: Traceback) -> tuple[int, int] | None:
        return next((place for frame in reversed(part.frames) if (place := self._cell(frame))), None)

    def _cell(self, frame: Frame) -> tuple[int, int] | None:
        return self.known.place(frame.line) if self._own(frame) == self.known.script else None

    def _own(self, frame: Frame) -> str:
        """The name of a file of the job's own code, relative to its folder; "" for one of elsewhere."""
        if frame.path == _PICKLED:
            return self.known.script
        path = os.path.normpath(frame.path)
        if not path.startswith("/"):
            return "" if path.startswith(("..", "<")) else path
        for folder in self.folders:
            if path.startswith(folder + os.sep):
                return path[len(folder) + 1 :]
        return ""

    def sentence(self) -> str:
        cell, line = self.place or (0, 0)
        return f"{self.known.notebook}, cell {cell}, line {line}: {self._error()}"

    def _error(self) -> str:
        outer = [part for part in self.report.parts if part.depth == self.report.parts[0].depth]
        return self._clean(outer[-1].error) or "failed"

    def block(self) -> str:
        """Frames and exceptions as Python would show them, without those of libraries."""
        lines = ["In the notebook:"]
        for part in self.report.parts:
            lines += self._part(part)
        return "\n".join(lines)

    def _part(self, part: Traceback) -> Iterator[str]:
        indent = "  " * max(0, part.depth - self.report.parts[0].depth)
        if part.joined:
            yield from ("", part.joined, "")
        shown = [lines for frame in part.frames if (lines := list(self._frame(frame)))]
        if len(shown) > _MOST_FRAMES:
            left = f"  … {len(shown) - _MOST_FRAMES} more"
            shown = [*shown[: _MOST_FRAMES // 2], [left], *shown[-_MOST_FRAMES // 2 :]]
        yield from (f"{indent}{line}" for lines in shown for line in lines)
        if part.error:
            yield indent + self._clean(part.error)

    def _frame(self, frame: Frame) -> Iterator[str]:
        own, place = self._own(frame), self._cell(frame)
        function = "<module>" if place and frame.function == self.known.main else frame.function
        of = f", in {_printable(function)}" if function else ""
        if place:
            yield f'  File "{self.known.notebook}", cell {place[0]}, line {place[1]}{of}'
            if text := _printable(self.known.text(*place)):
                yield f"    {text}"
        elif own and own != self.known.script:
            yield f'  File "{_printable(own)}", line {frame.line}{of}'

    def _clean(self, error: str) -> str:
        """The exception's line; a class that was made in `main` has its own name only."""
        return _printable(error.removeprefix(f"{self.known.main}.<locals>."))


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST_TEXT])


def _read(path: Path, most: int) -> bytes:
    """The last bytes of a plain file, at most so many."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return b""
        file.seek(max(0, found.st_size - most))
        return file.read(most)


def _append(log: Path, text: str, block: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "ab", buffering=0) as file:
        apart = "" if text.endswith("\n") else "\n"
        file.write(f"{apart}\n{block}\n".encode(errors="replace"))
