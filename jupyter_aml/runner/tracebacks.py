"""Tracebacks found in the text of a log: Python's own, as threads, pools and exception groups print them. Text only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

CAUSES: Final = (
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
)
_ANSI: Final = re.compile(r"\x1b\[[0-9;]*m")
_HEADER: Final = re.compile(r"(.*?)(?:Exception Group )?Traceback \(most recent call last\):$")
_MARGIN: Final = re.compile(r"\s*(?:[|+] )?$")
_FRAME: Final = re.compile(r'  File "(.*)", line (\d{1,9})(?:, in (.*))?$')
_ERROR: Final = re.compile(r"[^\W\d][\w.]*(?:<locals>[\w.]*)*(?::|$)")
_LONGEST_LINE: Final = 1_000
_FOREIGN: Final = 20
"""Lines of other writers that may stand within a traceback."""
_ABOVE: Final = 4
"""Lines above a header among which the sentence stands that joins it to another traceback."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One call. `function` is "" where Python names none: a syntax error."""

    path: str
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Traceback:
    """Frames, the outermost first, and the exception's line.

    `joined`: the sentence of `CAUSES` above it; `is_quoted`: another process's, quoted by the one that joins it.
    `depth`: how deep it stands in exception groups; 0 for the outermost itself. `begin`, `end`: the lines it spans.
    """

    frames: tuple[Frame, ...]
    error: str
    begin: int
    end: int
    joined: str = ""
    is_quoted: bool = False
    depth: int = 0


@dataclass(slots=True)
class Report:
    """The tracebacks of one failure, in the order in which they stand: its causes, itself, its parts."""

    parts: list[Traceback] = field(default_factory=list[Traceback])

    @property
    def end(self) -> int:
        return self.parts[-1].end


def lines_of(text: str) -> list[str]:
    """The lines, without colours; long ones are cut."""
    return [_ANSI.sub("", line[:_LONGEST_LINE]).rstrip() for line in text.split("\n")]


def reports(lines: Sequence[str]) -> list[Report]:
    """Every failure that the lines tell of."""
    found: list[Report] = []
    number = 0
    while number < len(lines):
        header = _HEADER.match(lines[number]) if lines[number].endswith("last):") else None
        if header is None:
            number += 1
            continue
        part = _Reading(lines, number, header[1]).traceback()
        if not (found and _belongs(part, found[-1], lines)):
            found.append(Report())
        found[-1].parts.append(part)
        number = part.end
    return found


def _belongs(part: Traceback, report: Report, lines: Sequence[str]) -> bool:
    between = lines[report.end : part.begin]
    is_inside = part.depth > 0 and all(line.lstrip()[:1] in {"", "|", "+"} for line in between)
    return bool(part.joined) or is_inside


class _Reading:
    """One traceback, from its header on."""

    def __init__(self, lines: Sequence[str], begin: int, before: str) -> None:
        self.lines, self.begin = lines, begin
        self.margin = before.replace("+", "|") if _MARGIN.match(before) else ""
        self.frames: list[Frame] = []

    def traceback(self) -> Traceback:
        error, end = self._to_the_error()
        above = [
            line.removeprefix(self.margin).strip() for line in self.lines[max(0, self.begin - _ABOVE) : self.begin]
        ]
        said = [line for line in above if line]
        joined = said[-1] if said and said[-1] in CAUSES else ""
        quoted = bool(said) and said[-1] in {'"""', "'''"}
        depth = max(0, len(self.margin) // 2 - 2) if "|" in self.margin else 0
        return Traceback(tuple(self.frames), error, self.begin, end, joined, is_quoted=quoted, depth=depth)

    def _to_the_error(self) -> tuple[str, int]:
        foreign = 0
        for number in range(self.begin + 1, len(self.lines)):
            line = self.lines[number]
            body = line.removeprefix(self.margin)
            if _HEADER.match(line) or foreign > _FOREIGN:
                return "", number
            if found := _FRAME.match(body):
                self.frames.append(Frame(found[1], int(found[2]), found[3] or ""))
            elif self.frames and _ERROR.match(body):
                return self._error(body, number), number + 1
            elif body and not body.startswith("  "):
                foreign += 1
        return "", len(self.lines)

    def _error(self, body: str, number: int) -> str:
        """The exception's line; with the next one when nothing stands in the first behind the colon."""
        if not body.endswith(":"):
            return body
        following = (line.removeprefix(self.margin).strip() for line in self.lines[number + 1 : number + 3])
        return f"{body} {next((line for line in following if line), '')}".rstrip()
