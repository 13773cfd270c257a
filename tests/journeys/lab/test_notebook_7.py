"""A run in Notebook 7: the same view, by the same extension."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.lab.conftest import App, OpenNotebook
from tests.journeys.lab.jobs import SETUP, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def app() -> App:
    return "notebook"


def test_a_run_is_shown_live_and_told_to_end(notebook: OpenNotebook, tmp_path: Path) -> None:
    shown = notebook(SETUP, running("seven", flag := tmp_path / "stop"))
    shown.run_all()
    shown.shows("Running")
    shown.view.get_by_role("tab", name="Outputs + logs").click()
    shown.goes_on()
    shown.restart_kernel()
    shown.goes_on()
    flag.touch()
    shown.shows("Completed")
    expect(shown.page.get_by_text("seven: Completed")).to_be_visible()
