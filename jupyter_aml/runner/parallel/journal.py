"""The logs of a parallel step, under Azure ML's own names, and what is printed. Nothing is decided here."""

from __future__ import annotations

import csv
import sys
import time
from pathlib import Path
from typing import Final

from jupyter_aml.runner.parallel.batches import Batch
from jupyter_aml.runner.parallel.tally import Failure, Tally
from jupyter_aml.runner.parallel.told import Told
from jupyter_aml.runner.parallel.worker import Place

PROGRESS: Final = "job_progress_overview.0.txt"
RESULT: Final = "job_result.txt"
PROCESSED: Final = "sys/job_report/processed_mini-batches.csv"
ERRORS: Final = "user/error.txt"
_EVERY: Final = 1.0
_COLUMNS: Final = ("mini_batch", "node", "process", "try", "items", "seconds", "error")
_GUIDE: Final = f"""\
{RESULT}: how the job ended, and the mini-batches that failed
{PROGRESS}: how far it was, and when
{PROCESSED}: every try of every mini-batch
user/stdout, user/stderr: what each worker process printed
user/entry_script_log: what EntryScript().logger was told
{ERRORS}, user/error: the errors of the entry script, in short and with their tracebacks
"""


class Journal:
    """The open logs below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in (PROCESSED, ERRORS):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "readme.txt").write_text(_GUIDE)
        self._progress = (folder / PROGRESS).open("a", encoding="utf-8")
        self._processed = (folder / PROCESSED).open("a", encoding="utf-8", newline="")
        self._rows = csv.writer(self._processed)
        self._rows.writerow(_COLUMNS)
        self._began = time.monotonic()
        self._next = self._began + _EVERY
        self._last = ""

    def progress(self, tally: Tally, workers: int, *, is_last: bool = False) -> None:
        """Where it stands, at most once a second."""
        now = time.monotonic()
        if now < self._next and not is_last:
            return
        self._next = now + _EVERY
        self._processed.flush()
        line = f"{tally.line()}; {workers} workers"
        if line != self._last:
            self._last = line
            self.note(line)

    def note(self, text: str) -> None:
        """A line for people, in the log of the job and in that of its progress."""
        line = f"[{time.strftime('%H:%M:%S', time.gmtime())}Z {time.monotonic() - self._began:7.1f} s] {text}\n"
        self._progress.write(line)
        self._progress.flush()
        sys.stdout.write(line)
        sys.stdout.flush()

    def processed(self, number: int, batch: Batch, place: Place, tries: int, one: Told) -> None:
        """A mini-batch was tried."""
        self._rows.writerow((number, place.node, place.name, tries, batch.count, f"{one.seconds:.6f}", one.reason))

    def failed(self, failure: Failure) -> None:
        """A mini-batch failed for good."""
        with (self._folder / ERRORS).open("a", encoding="utf-8") as stream:
            stream.write(f"{failure}\n")
        self.note(str(failure))

    def result(self, text: str) -> None:
        """How the job ended."""
        (self._folder / RESULT).write_text(f"{text}\n", encoding="utf-8")

    def close(self) -> None:
        self._progress.close()
        self._processed.close()
