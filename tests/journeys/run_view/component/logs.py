"""Logs as a carrier answers for them: any number of lines, none of which is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from playwright.sync_api import Page

from jupyter_aml.entities.run_changes import Cursor, LogPiece
from jupyter_aml.entities.run_details import RunFile, RunTabs
from jupyter_aml.entities.run_logs import LogFile, LogLines, LogMatches
from jupyter_aml.entities.status import JobStatus
from tests.unit.widgets import sample_runs

STD: Final = "user_logs/std_log.txt"
OTHER: Final = "logs/executor.txt"


@dataclass(frozen=True)
class FakeLog:
    """`total` lines; `line(n)` is the text of one; `hits` are found whatever is sought."""

    total: int
    line: Callable[[int], str]
    hits: tuple[int, ...] = ()

    def lines(self, args: Mapping[str, Any]) -> LogLines:
        first = max(0, self.total + args["first"]) if args["first"] < 0 else min(args["first"], self.total)
        last = min(self.total, first + args["count"])
        return LogLines(args["file"], first, self.total, self.total * 60, tuple(map(self.line, range(first, last))))

    def search(self, args: Mapping[str, Any]) -> LogMatches:
        return LogMatches(args["file"], len(self.hits), self.hits[: args["limit"]])

    def answers(self) -> dict[str, object]:
        names = (LogFile(STD, self.total * 60), LogFile(OTHER, 100))
        return {"lines": self.lines, "search": self.search, "logs": names}


def counting(number: int) -> str:
    return f"[2026-11-26 03:40:00] step {number:,} loss=0.{number % 1000:03}"


def run(status: JobStatus = JobStatus.COMPLETED, files: tuple[RunFile, ...] = ()) -> RunTabs:
    """The ordinary run, without the end of its log."""
    told = sample_runs.ordinary(status)
    return replace(told, log=None, files=files or told.files)


def piece(text: str, first_line: int = 0, *, name: str = STD, is_new: bool = False) -> dict[str, object]:
    """A piece of a log and the cursor that comes with it, as `changes` tells them."""
    told = LogPiece(name, 1_000, 0, first_line, text, is_new)
    return {"log": told, "cursor": Cursor(log=name, log_at=1)}


def in_sight(page: Page) -> list[int]:
    """The numbers of the lines that are there, from 1."""
    return page.eval_on_selector_all(
        ".log .number", "all => all.map(one => Number(one.dataset.number)).filter(Boolean)"
    )
