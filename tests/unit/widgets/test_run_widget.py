"""What a widget tells, and again when perhaps nobody was there yet. No front end, no kernel; its messages are kept."""

from typing import Any, cast

from jupyter_aml.client.run_views import RunViewOperations
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_changes import Changes, Cursor
from jupyter_aml.widgets.run_widget import AGAIN, RunWidget
from tests.unit.widgets import sample_runs
from tests.unit.widgets.test_audience import Clock


class Told(RunWidget):
    """A widget whose messages are kept."""

    def __init__(self, views: object, clock: Clock) -> None:
        self.sent: list[dict[str, Any]] = []
        super().__init__(cast("RunViewOperations", views), JobName("happy_frog"), clock)

    def send(self, content: Any, buffers: Any = None) -> None:
        self.sent.append(content)


class Views:
    """A run that changed once."""

    def __init__(self) -> None:
        self.asked: list[Cursor] = []

    def changes(self, _run: str, cursor: Cursor) -> Changes:
        self.asked.append(cursor)
        is_new = cursor == Cursor()
        return Changes(Cursor(log="std", log_at=9), details=sample_runs.ordinary() if is_new else None)


def test_all_is_told_again_while_nobody_was_heard() -> None:
    """A message that comes before the view is mounted is lost, and a kernel that runs a cell hears no question."""
    clock = Clock()
    widget = Told(Views(), clock)
    for _ in range(10):
        widget.push()
    assert len(widget.sent) == 1
    clock.now += AGAIN
    widget.push()
    widget.push()
    assert len(widget.sent) == 2
    assert widget.sent[0] == widget.sent[1], "from the start, for whoever has just come"
    clock.now += 100
    widget.heard = True
    widget.push()
    assert len(widget.sent) == 2


def test_it_is_told_again_less_and_less_often() -> None:
    clock = Clock()
    widget = Told(Views(), clock)
    for _ in range(300):
        widget.push()
        clock.now += 0.1
    assert 4 <= len(widget.sent) <= 6
