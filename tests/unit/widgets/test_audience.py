"""Who shows a run: when a widget is offered, when again, when it is given up. A clock that stands until it is moved."""

from dataclasses import dataclass, field

import pytest

from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.audience import OFFERED_AFTER, TRIES, UNHEARD, Audience
from jupyter_aml.widgets.live import View
from tests.unit.widgets import sample_runs
from tests.unit.widgets.test_live import Shelf, Wall


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Puppet:
    """A widget in nobody's browser."""

    heard: bool = False
    pushed: int = 0
    is_closed: bool = False
    trouble: Exception | None = None

    def push(self) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.pushed += 1

    def close(self) -> None:
        self.is_closed = True


@dataclass
class Stage:
    """Offers widgets, after so many failures; a store that may be locked."""

    failures: int = 0
    offered: list[Puppet] = field(default_factory=list[Puppet])
    tried: int = 0
    looked: float | None = None
    trouble: Exception | None = None

    def offer(self) -> Puppet | None:
        self.tried += 1
        if self.tried <= self.failures:
            message = "cannot import name 'AnyWidget' from partially initialized module"
            raise ImportError(message)
        self.offered.append(Puppet())
        return self.offered[-1]

    def last_look(self, view: str, /) -> float | None:
        if self.trouble is not None:
            raise self.trouble
        return self.looked


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tried(audience: Audience) -> bool | None:
    """What it says; None when it raised."""
    try:
        return audience.shows_it()
    except (ImportError, OSError):
        return None


def later(clock: Clock, audience: Audience, seconds: float, every: float = 0.25) -> None:
    """Let time pass, as the views' thread sees it."""
    until = clock.now + seconds
    while clock.now < until:
        clock.now += every
        tried(audience)


def test_a_widget_is_offered_once_nobody_else_came(clock: Clock) -> None:
    stage = Stage()
    audience = Audience(stage, "view", stage.offer, clock)
    assert not audience.shows_it()
    clock.now += OFFERED_AFTER
    assert audience.shows_it()
    assert audience.shows_it()
    assert (len(stage.offered), stage.offered[0].pushed) == (1, 2)


def test_an_offer_that_failed_is_made_again(clock: Clock) -> None:
    stage = Stage(failures=2)
    audience = Audience(stage, "view", stage.offer, clock)
    later(clock, audience, 10)
    assert audience.shows_it()
    assert (stage.tried, len(stage.offered)) == (3, 1)


def test_an_offer_that_always_fails_is_given_up(clock: Clock) -> None:
    stage = Stage(failures=1000)
    audience = Audience(stage, "view", stage.offer, clock)
    later(clock, audience, 600)
    assert stage.tried == TRIES
    assert audience.shows_it() is False


@pytest.mark.parametrize("where", ["push", "look"])
def test_a_store_in_trouble_takes_no_widget_from_the_screen(clock: Clock, where: str) -> None:
    stage, wall = Stage(), Wall()
    shelf = Shelf(sample_runs.ordinary(JobStatus.RUNNING))
    audience = Audience(stage, "view", stage.offer, clock)
    view = View(shelf, shelf.tabs, "view", wall.hang, audience)
    clock.now += OFFERED_AFTER
    view.refresh()
    assert wall.seen == []
    (stage if where == "look" else stage.offered[0]).trouble = OSError("database is locked")
    clock.now += 5
    view.refresh()
    assert wall.seen == [], "the static view took the place of a widget that lives"
    stage.trouble = stage.offered[0].trouble = None
    clock.now += 5
    view.refresh()
    assert stage.offered[0].pushed == 2


def test_a_widget_that_was_heard_late_comes_back(clock: Clock) -> None:
    """A kernel that runs a cell for longer than that hears nobody meanwhile."""
    stage = Stage()
    audience = Audience(stage, "view", stage.offer, clock)
    later(clock, audience, OFFERED_AFTER + UNHEARD + 1)
    assert not audience.shows_it()
    assert not audience.has_widget
    stage.offered[0].heard = True
    assert audience.shows_it()
    assert (stage.offered[0].is_closed, len(stage.offered)) == (True, 2)
    later(clock, audience, UNHEARD + 5)
    assert audience.shows_it(), "it was heard once: it is not given up again"


def test_a_widget_that_nobody_ever_hears_stays_given_up_and_is_closed_at_the_end(clock: Clock) -> None:
    stage = Stage()
    audience = Audience(stage, "view", stage.offer, clock)
    later(clock, audience, 600)
    assert not audience.shows_it()
    assert len(stage.offered) == 1
    audience.leave()
    assert stage.offered[0].is_closed


def test_a_view_ends_with_its_run_whatever_its_widget_says(clock: Clock) -> None:
    stage, wall = Stage(), Wall()
    shelf = Shelf(sample_runs.ordinary(JobStatus.RUNNING))
    view = View(shelf, shelf.tabs, "view", wall.hang, Audience(stage, "view", stage.offer, clock))
    clock.now += OFFERED_AFTER
    view.refresh()
    stage.offered[0].trouble = OSError("database is locked")
    shelf.tabs = sample_runs.ordinary(JobStatus.COMPLETED)
    view.leave()
    assert stage.offered[0].is_closed
    assert "Completed" in wall.seen[-1]["text/plain"]
