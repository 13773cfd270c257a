"""Views that follow a run, without a kernel: when they read, when they paint, how they end."""

import threading
import time
from collections.abc import Hashable
from dataclasses import dataclass, field, replace

import pytest

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import ResourceNotFoundError, StoreError, UserErrorException
from jupyter_aml.widgets.live import Bundle, Refresher, View
from jupyter_aml.widgets.run_details import RunDetails
from tests.unit.widgets import sample_runs

LIMIT = 60.0


@dataclass
class Shelf:
    """A source in memory: what it holds, how often it was read, and what it raises when it can't be."""

    tabs: RunTabs
    reads: int = 0
    trouble: Exception | None = None

    def details(self, name: JobName, /) -> RunTabs:
        self.reads += 1
        if self.trouble is not None:
            raise self.trouble
        return self.tabs

    def version(self, name: JobName, /) -> Hashable:
        return id(self.tabs)


@dataclass
class SlowShelf(Shelf):
    """One on a disk that takes its time."""

    def details(self, name: JobName, /) -> RunTabs:
        threading.Event().wait(2.5)
        return super().details(name)


@dataclass
class Wall:
    """Where views are hung; a test waits for what it wants to see there."""

    seen: list[Bundle] = field(default_factory=list[Bundle])
    changed: threading.Condition = field(default_factory=threading.Condition)

    def hang(self, painted: Bundle, view: str) -> None:
        with self.changed:
            self.seen.append(painted)
            self.changed.notify_all()

    def wait_for(self, words: str) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.seen and words in self.seen[-1]["text/plain"], LIMIT), self.seen


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(sample_runs.ordinary(JobStatus.RUNNING))


@pytest.fixture
def wall() -> Wall:
    return Wall()


def view(shelf: Shelf, wall: Wall) -> View:
    return View(shelf, shelf.tabs, "aml1", wall.hang)


def test_nothing_is_read_again_while_the_version_stands(shelf: Shelf, wall: Wall) -> None:
    one = view(shelf, wall)
    one.refresh()
    reads = shelf.reads
    one.refresh()
    assert shelf.reads == reads
    shelf.tabs = replace(shelf.tabs, error="new")
    one.refresh()
    assert shelf.reads == reads + 1


def test_the_same_state_is_painted_once(shelf: Shelf, wall: Wall) -> None:
    shelf.tabs = sample_runs.ordinary()  # it is over: no clock ticks in it
    one = view(shelf, wall)
    one.refresh()
    one.refresh()
    assert len(wall.seen) == 1


@pytest.mark.parametrize("end", [JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED])
def test_a_view_is_over_with_its_run(shelf: Shelf, wall: Wall, end: JobStatus) -> None:
    one = view(shelf, wall)
    one.refresh()
    assert not one.is_over
    shelf.tabs = sample_runs.ordinary(end)
    one.refresh()
    assert one.is_over
    assert end in wall.seen[-1]["text/plain"]


def test_a_store_in_trouble_is_shown_with_the_last_known_state_and_asked_less_often(shelf: Shelf, wall: Wall) -> None:
    one = view(shelf, wall)
    shelf.trouble = StoreError("the disk is full")
    for _ in range(5):
        one.refresh()
    asked = time.monotonic()
    one.refresh()
    assert "the disk is full" in wall.seen[-1]["text/html"]
    assert "val_loss" in wall.seen[-1]["text/html"]
    assert one.due - asked > 4
    shelf.trouble = None
    one.refresh()
    assert "the disk is full" not in wall.seen[-1]["text/html"]


def test_a_run_that_was_removed_ends_its_view(shelf: Shelf, wall: Wall) -> None:
    one = view(shelf, wall)
    shelf.trouble = ResourceNotFoundError("gone")
    one.refresh()
    assert one.is_over
    assert "was removed" in wall.seen[-1]["text/plain"]


def test_a_front_end_that_is_gone_ends_its_view_quietly(shelf: Shelf) -> None:
    def gone(painted: Bundle, view: str) -> None:
        raise OSError("the socket is closed")

    one = View(shelf, shelf.tabs, "aml1", gone)
    one.refresh()
    assert one.is_over


def test_a_run_that_cannot_be_painted_says_so_in_its_view(shelf: Shelf, wall: Wall) -> None:
    shelf.tabs = replace(shelf.tabs, times=replace(shelf.tabs.times, created=1e30))
    one = view(shelf, wall)
    one.refresh()
    assert one.is_over
    assert "could not be painted" in wall.seen[-1]["text/plain"]


def test_one_thread_follows_all_views_and_leaves_after_the_last(shelf: Shelf, wall: Wall) -> None:
    refresher = Refresher()
    for _ in range(5):
        refresher.add(view(shelf, wall))
    threads = [thread for thread in threading.enumerate() if thread.name == "aml-run-views"]
    assert len(threads) == 1
    shelf.tabs = sample_runs.ordinary()
    threads[0].join(LIMIT)
    assert not threads[0].is_alive()
    assert sum("Completed" in painted["text/plain"] for painted in wall.seen) == 5
    shelf.tabs = sample_runs.ordinary(JobStatus.RUNNING)
    refresher.add(view(shelf, wall))  # a later view starts a thread again
    shelf.tabs = sample_runs.failed()
    wall.wait_for("Failed")


def test_a_cell_waits_for_an_end_that_is_read_slowly(wall: Wall) -> None:
    shelf, refresher = SlowShelf(sample_runs.ordinary(JobStatus.RUNNING)), Refresher()
    refresher.add(view(shelf, wall))
    shelf.tabs = sample_runs.ordinary()
    refresher.settle(sample_runs.NAME)
    assert "Completed" in wall.seen[-1]["text/plain"]


def test_closing_paints_open_views_once_more_and_says_that_the_run_goes_on(shelf: Shelf, wall: Wall) -> None:
    refresher = Refresher()
    refresher.add(view(shelf, wall))
    refresher.close()
    assert "The kernel ended at" in wall.seen[-1]["text/plain"]
    assert f"RunDetails('{sample_runs.NAME}').show()" in wall.seen[-1]["text/plain"]


def test_a_job_that_was_not_submitted_has_no_details() -> None:
    with pytest.raises(UserErrorException, match="create_or_update"):
        RunDetails("")
