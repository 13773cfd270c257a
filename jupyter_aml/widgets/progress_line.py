"""How far a sweep is, on the last line of a terminal while somebody waits for it. Read and painted; nothing decided.

Where there is no terminal, nothing is written: a notebook has the run view, a pipe wants the log alone.
"""

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Final, Protocol, TextIO

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import Fate, SweepDetails
from jupyter_aml.widgets.figures import number, span
from jupyter_aml.widgets.live import SHARE, RunSource
from jupyter_aml.widgets.markup import clean

PAUSE: Final = 0.25
"""Seconds between two looks; longer, where a look takes long."""
_BAR: Final = 20
_IN_A_NOTEBOOK: Final = "JPY_PARENT_PID"
"""What `!aml` finds in a kernel, which gives it a terminal that keeps every repaint."""
_CLEAR: Final = "\r\x1b[2K"


def words(sweep: SweepDetails, status: JobStatus, now: float, *, width: int = 120, blocks: str = "█░") -> str:
    """One line: `██████░░░░░░ 12/40  about 3 min left  10 completed, 2 stopped early  best accuracy 0.93`."""
    counts = sweep.counts()
    over = sum(many for fate, many in counts.items() if fate not in {Fate.RUNNING, Fate.WAITING})
    filled = min(_BAR, _BAR * over // max(sweep.max_total_trials, over, 1))
    said = [f"{blocks[0] * filled}{blocks[1] * (_BAR - filled)} {over:,}/{sweep.max_total_trials:,}"]
    if left := sweep.left(now):
        said.append(f"about {span(max(1.0, left))} left")
    said += [", ".join(f"{many:,} {fate}" for fate, many in counts.items())] if counts else [str(status)]
    best = sweep.best_trial
    if best and best.value is not None:
        said.append(f"best {clean(sweep.metric)} {number(best.value)}")
    return "  ".join(said)[: width - 1]


class _Screen(Protocol):
    """A terminal, as far as it is written to."""

    def write(self, text: str, /) -> int: ...
    def flush(self) -> None: ...


class ProgressLine:
    """The last line of a terminal. What is written to it goes above that line, as a stream's text."""

    def __init__(self, source: RunSource, name: str, line: _Screen, above: _Screen, blocks: str) -> None:
        self._source, self._name = source, JobName(name)
        self._line, self._above, self._blocks = line, above, blocks
        self._lock, self._end = threading.Lock(), threading.Event()
        self._shown, self._at_start = "", True
        self._thread = threading.Thread(target=self._run, name="aml-progress", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Show the last state, and leave it there."""
        self._end.set()
        self._thread.join()
        with self._lock:
            self._paint(self._look())
            self._line.write("\n" if self._shown else "")
            self._line.flush()

    def write(self, text: str) -> int:
        """Text above the line."""
        with self._lock:
            shown, self._shown = self._shown, ""
            self._line.write(_CLEAR if shown else "")
            self._line.flush()
            self._above.write(text)
            self._above.flush()
            self._at_start = text.endswith("\n") if text else self._at_start
            self._paint(shown)
        return len(text)

    def flush(self) -> None:
        """Everything is written at once."""

    def _run(self) -> None:
        pause = 0.0
        while not self._end.wait(pause):
            began = time.monotonic()
            found = self._look()
            with self._lock:
                self._paint(found)
            pause = max(PAUSE, SHARE * (time.monotonic() - began))

    def _look(self) -> str:
        """The line as it is now; as it was, when the store is busy."""
        try:
            tabs = self._source.details(self._name)
        except Exception:  # noqa: BLE001 - a thread's edge: a store that is busy now is read again in a moment
            return self._shown
        if tabs.sweep is None:
            return ""
        width = shutil.get_terminal_size().columns
        return words(tabs.sweep, tabs.identity.status, time.time(), width=width, blocks=self._blocks)

    def _paint(self, text: str) -> None:
        if text and text != self._shown and self._at_start:
            self._line.write(f"{_CLEAR}{text}")
            self._line.flush()
            self._shown = text


@contextmanager
def progress_line(source: RunSource, name: str, line: TextIO | None = None) -> Iterator[None]:
    """While a sweep is waited for, or its log is streamed, keep its progress below. Nothing without a terminal."""
    screen = line or sys.stderr
    if not screen.isatty() or _IN_A_NOTEBOOK in os.environ:
        yield
        return
    painted = ProgressLine(source, name, screen, sys.stdout, _blocks(screen))
    painted.start()
    try:
        if sys.stdout.isatty():
            with redirect_stdout(painted):
                yield
        else:
            yield
    finally:
        painted.close()


def _blocks(screen: TextIO) -> str:
    """What the terminal can show."""
    try:
        "█░".encode(screen.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return "#."
    return "█░"
