"""A notebook becomes a job from within JupyterLab: the button and its dialog, and the magic, which finds its file."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect

from jupyter_aml import MLClient
from tests.journeys.lab.conftest import LIMIT, Notebook, OpenNotebook
from tests.journeys.lab.jobs import SETUP
from tests.journeys.run_view.component.conftest import AXE, SOURCES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = (
    "# parameters\nrate = 0.5  # how fast\nsteps: int = 2\nis_fast = True",
    "import mlflow\nmlflow.log_metric('loss', rate * steps)",
    "rate",
)


def opened(shown: Notebook) -> Locator:
    """The dialog, opened by its button."""
    shown.page.get_by_role("button", name="Submit job").click()
    dialog = shown.page.get_by_role("dialog", name=f"Submit {shown.name} as a job")
    expect(dialog.get_by_label("rate")).to_have_value("0.5")
    return dialog


def picture(shown: Notebook, name: str) -> None:
    """Keep what is seen, where somebody wants to look."""
    if folder := os.environ.get("PICTURES"):
        shown.page.screenshot(path=str(Path(folder, f"{name}.png")))


def loss(client: MLClient, name: str) -> float:
    return client.jobs.details(name).metrics[0].points[-1].value


def gone(dialog: Locator) -> None:
    """Return when the dialog has closed; what it says otherwise is what you read."""
    expect(dialog.get_by_role("alert")).to_have_count(0)
    expect(dialog).to_have_count(0, timeout=LIMIT * 1000)


def newest(client: MLClient) -> str:
    return next(str(job.name) for job in client.jobs.list() if job.type == "command")


def test_the_button_saves_asks_and_opens_the_run(notebook: OpenNotebook, client: MLClient) -> None:
    shown = notebook(*CELLS, name="train.ipynb")
    shown.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.sharedModel"
        ".setSource(\"import mlflow\\nmlflow.log_metric('loss', rate * steps + 100)\")"
    )
    dialog = opened(shown)
    assert "100" in shown.path.read_text(), "it saves first"
    dialog.get_by_label("rate").fill("fast")
    dialog.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_role("alert")).to_have_text("--rate is a number, and got 'fast'.")
    dialog.get_by_text("What the script leaves out").click()
    expect(dialog.get_by_role("row", name="3 1 looking rate left out")).to_be_visible()
    picture(shown, "dialog")
    dialog.get_by_label("rate").fill("4")
    dialog.get_by_label("Experiment").fill("from-the-lab")
    dialog.get_by_role("button", name="Submit").click()
    gone(dialog)
    expect(shown.page.get_by_role("button", name="Open run")).to_be_visible()
    view = shown.page.locator(".jp-AMLRunPanel article.aml-run")
    expect(view).to_contain_text("Completed", timeout=LIMIT * 1000)
    picture(shown, "submitted")
    name = newest(client)
    job = client.jobs.get(name)
    assert (loss(client, name), job.experiment_name, job.display_name) == (108.0, "from-the-lab", "train")


def test_the_keyboard_is_enough_and_nothing_is_hard_to_read(notebook: OpenNotebook, client: MLClient) -> None:
    shown = notebook(*CELLS, name="keys.ipynb")
    dialog = opened(shown)
    shown.page.evaluate((SOURCES / "node_modules/axe-core/axe.min.js").read_text())
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        shown.theme(theme)
        assert shown.page.evaluate(AXE.replace("document)", "{include: [['.jp-AMLDialog']]})")) == [], theme
        picture(shown, theme.replace(" ", "-"))
    shown.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    shown.command("jupyter-aml:submit-notebook")
    expect(dialog.get_by_label("rate")).to_be_visible()
    shown.page.keyboard.press("ArrowDown")  # the first field: how it runs
    expect(dialog.get_by_label("the notebook, executed cell by cell")).to_be_checked()
    shown.page.keyboard.press("Tab")
    expect(dialog.get_by_label("rate")).to_be_focused()
    shown.page.keyboard.press("Control+a")
    shown.page.keyboard.type("3")
    shown.page.keyboard.press("Enter")
    gone(dialog)
    name = newest(client)
    client.jobs.wait(name, LIMIT)
    assert loss(client, name) == 6.0


def test_what_cannot_be_a_script_is_said_and_can_be_executed(notebook: OpenNotebook) -> None:
    shown = notebook("# parameters\nrate = 0.5", "\nname = input()", name="asks.ipynb")
    dialog = opened(shown)
    expect(dialog.get_by_role("alert")).to_contain_text("asks.ipynb, cell 2, line 2:")
    expect(dialog.get_by_role("button", name="Submit")).to_be_disabled()
    dialog.get_by_label("the notebook, executed cell by cell").check()
    expect(dialog.get_by_role("alert")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Submit")).to_be_enabled()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)


def test_a_job_that_is_on_its_way_is_not_left_unheard_of(notebook: OpenNotebook) -> None:
    shown = notebook(*CELLS, name="slow.ipynb")
    dialog, sent = opened(shown), list[Route]()
    shown.page.route("**/jupyter-aml/notebook/submit*", lambda route: sent.append(route))  # noqa: PLW0108 - the driver takes no built-in function
    with shown.page.expect_request("**/jupyter-aml/notebook/submit*"):
        dialog.get_by_role("button", name="Submit").click()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_disabled()
    for _ in range(3):  # browsers let no page refuse it twice
        shown.page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    sent[0].continue_()
    gone(dialog)
    expect(shown.page.get_by_role("button", name="Open run")).to_be_visible()


def test_the_magic_finds_its_notebook_also_after_a_new_name_and_takes_live_cells(
    notebook: OpenNotebook, client: MLClient
) -> None:
    shown = notebook(SETUP, *CELLS, "%aml_submit_notebook --wait", name="before.ipynb")
    shown.run_all()
    shown.shows("Completed")
    assert client.jobs.get(newest(client)).display_name == "before"
    shown.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.rename('after.ipynb')")
    expect(shown.page).to_have_url(f"{shown.server.base}/lab/tree/after.ipynb")
    shown.page.evaluate(
        "() => { const [, first, , , last] = window.jupyterapp.shell.currentWidget.content.widgets;"
        "first.model.sharedModel.setSource('# parameters\\nrate = 7.0\\nsteps: int = 2');"
        "last.model.sharedModel.setSource('%aml_submit_notebook --live --wait') }"
    )
    shown.run_all()
    expect(shown.view).to_contain_text("after", timeout=LIMIT * 1000)
    shown.shows("Completed")
    name = newest(client)
    assert (client.jobs.get(name).display_name, loss(client, name)) == ("after", 14.0)
