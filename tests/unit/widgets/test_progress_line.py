"""Claims about a sweep's progress on the last line of a terminal: its words, and that it stays below the log."""

import io
import re

from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.progress_line import ProgressLine, progress_line, words
from tests.unit.widgets import sample_runs, sample_sweeps

NOW = sample_sweeps.CREATED + 370
LINE = re.compile(r"^[█░]{20} 20/40  about .+ left  .*\b2 running\b.*  best \w+ [\d.]+$")


class Source:
    """A run that stays as it is."""

    def __init__(self, tabs: RunTabs) -> None:
        self.tabs = tabs

    def details(self, name: str, /) -> RunTabs:
        assert name
        return self.tabs


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def going() -> RunTabs:
    return sample_sweeps.sweep(22, 40, status=JobStatus.RUNNING, running=2)


def test_the_line_says_how_far_it_is_how_long_it_takes_and_what_is_best() -> None:
    sweep = going().sweep
    assert sweep
    said = words(sweep, JobStatus.RUNNING, NOW)
    assert LINE.match(said), said
    assert words(sweep, JobStatus.RUNNING, NOW, blocks="#.").startswith("##########.......... 20/40")


def test_the_line_is_never_wider_than_the_terminal() -> None:
    sweep = going().sweep
    assert sweep
    for width in (10, 40, 80, 200):
        assert len(words(sweep, JobStatus.RUNNING, NOW, width=width)) < width


def test_the_log_goes_above_the_line_whole_lines_at_a_time() -> None:
    screen = Terminal()
    line = ProgressLine(Source(going()), "s", screen, screen, "█░")
    line.start()
    line.write("one\nhal")
    line.write("f\n")
    line.close()
    left = re.sub(r"[^\n]*\r\x1b\[2K", "", screen.getvalue()).split("\n")
    assert left[:2] == ["one", "half"]
    assert "20/40" in left[2]
    assert left[3:] == [""]


def test_nothing_is_written_without_a_terminal_and_of_a_job_that_is_no_sweep() -> None:
    pipe = io.StringIO()
    with progress_line(Source(going()), "s", pipe):
        pass
    screen = Terminal()
    with progress_line(Source(sample_runs.new()), "s", screen):
        pass
    assert pipe.getvalue() == screen.getvalue() == ""
