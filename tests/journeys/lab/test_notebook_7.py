"""A run in Notebook 7: the same view, by the same extension."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from jupyter_aml import MLClient
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


def test_a_notebook_becomes_a_job_and_its_run_opens_in_a_page(notebook: OpenNotebook, client: MLClient) -> None:
    shown = notebook(SETUP, "# parameters\nrate = 0.5", "%aml_submit_notebook --param rate=2", name="seventh.ipynb")
    shown.run_all()
    shown.shows("seventh")
    assert next(job.display_name for job in client.jobs.list() if job.type == "command") == "seventh"
    shown.page.get_by_role("button", name="Submit job").click()
    dialog = shown.page.get_by_role("dialog", name="Submit seventh.ipynb as a job")
    dialog.get_by_label("rate").fill("3")
    dialog.get_by_role("button", name="Submit").click()
    with shown.page.expect_popup() as page:
        shown.page.get_by_role("button", name="Open run").click()
    expect(page.value.locator("article.aml-run")).to_contain_text("seventh")
    page.value.close()
