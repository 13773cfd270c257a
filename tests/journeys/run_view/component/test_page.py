"""The view in a page: it opens, follows what is pushed, and its header is sound for everybody."""

from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show
from tests.unit.widgets import sample_runs

pytestmark = pytest.mark.browser
MOST = 150_000


def test_a_run_opens_and_nothing_is_wrong_with_it(show: Show) -> None:
    view = show(sample_runs.ordinary(), tab="Details", look="light")
    view.page.get_by_role("heading", name="gradient boosting, 200 rounds").wait_for()
    assert view.axe() == []


def test_what_is_pushed_is_shown(show: Show) -> None:
    view = show(sample_runs.ordinary(JobStatus.RUNNING))
    view.page.locator(".head .badge", has_text="Running").wait_for()
    view.push(details=sample_runs.ordinary(), is_final=True)
    view.page.locator(".head .badge", has_text="Completed").wait_for()


def test_a_run_of_days_says_so(show: Show) -> None:
    told = sample_runs.ordinary()
    times = replace(told.times, started=told.times.created, ended=told.times.created + 3 * 86_400 + 2 * 3_600 + 59)
    view = show(replace(told, times=times), is_final=True)
    assert view.page.locator(".head > .muted").inner_text().endswith("3 d 02 h")


def test_the_view_is_small(bundle: Path) -> None:
    """What a notebook without the extension is sent for its first run."""
    assert bundle.stat().st_size <= MOST
