"""The details of a run, live: what the kept view shows is here too."""

from dataclasses import replace

import pytest

from jupyter_aml.entities.log_progress import LogProgress
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_changes import LogPiece, SeriesSummary
from jupyter_aml.entities.run_details import ChildRun
from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show
from tests.unit.widgets import sample_runs

pytestmark = pytest.mark.browser
BAD = "<img src=x onerror=alert(1)>\u202egnp\x1b[31m' \" & " + "W" * 200


def test_what_went_wrong_is_the_first_thing(show: Show) -> None:
    view = show(sample_runs.failed(), look="dark", is_final=True)
    view.page.get_by_role("tab", name="Details", selected=True).wait_for()
    view.page.get_by_text("What went wrong: KeyError: 'target'", exact=True).wait_for()
    assert view.axe() == []


def test_properties_values_metrics_and_the_end_of_the_log(show: Show) -> None:
    series = SeriesSummary("loss", 10, 0.125, 0.1, 0.9, 0, 9)
    log = LogPiece("user_logs/std_log.txt", 9, 0, 0, "\x1b[32mepoch 1\x1b[0m\noverwritten\rnew\n")
    view = show(sample_runs.ordinary(), tab="Details")
    view.push(series=[series], log=log, is_final=True)
    view.page.get_by_text("epoch 1").wait_for()
    said = view.page.get_by_role("tabpanel").inner_text()
    for word in ("sklearn-1.5:1", "local-cluster", "azureml:breast-cancer:1", "learning_rate", "0.125", "epoch 1\nnew"):
        assert word in said, word
    assert "overwritten" not in said


def test_children_are_a_table_with_their_metrics(show: Show) -> None:
    children = tuple(
        ChildRun(JobName(f"child_{n}"), JobStatus.COMPLETED, f"fold {n}", {"auc": n / 1000}) for n in range(1000)
    )
    view = show(
        replace(sample_runs.ordinary(), children=children),
        tab="Child runs",
        options={"notes": ["onOpen"]},
        is_final=True,
    )
    view.page.get_by_role("button", name="auc").click()
    view.page.get_by_role("button", name="auc").click()
    view.page.get_by_role("button", name="fold 999").click()
    assert view.page.evaluate("view.called[0]") == ["onOpen", "child_999"]
    assert view.axe() == []


def test_names_from_anywhere_are_only_text(show: Show) -> None:
    view = show(sample_runs.hostile(BAD), tab="Details", is_final=True, width=700)
    assert view.page.locator("img").count() == 0
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 700


def test_a_job_is_copied_or_shown_where_there_is_no_clipboard(show: Show) -> None:
    code = {"yaml": "type: command", "python": "", "cli": "az ml job create", "magic": ""}
    view = show(sample_runs.ordinary(), {"code": code}, is_final=True)
    page = view.page
    page.get_by_text("Copy as").click()
    page.get_by_role("button", name="command line").click()
    page.get_by_text("Copied.").wait_for()
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name="YAML").click()
    assert page.get_by_label("The copy").input_value() == "type: command"
    page.evaluate("delete document.execCommand")
    page.get_by_role("button", name="notebook cell").click()
    page.get_by_text("This job has no such form.").wait_for()


@pytest.mark.parametrize(("scheme", "contrast"), [("light", False), ("dark", True)])
def test_what_the_log_says_of_progress_stands_below_the_name(show: Show, scheme: str, *, contrast: bool) -> None:
    view = show(sample_runs.ordinary(JobStatus.RUNNING), scheme=scheme, contrast=contrast)
    bar = view.page.get_by_role("progressbar")
    assert bar.count() == 0
    view.push(progress=LogProgress(BAD, 45, 100, 0.45, 75.0))
    bar.wait_for()
    assert bar.get_attribute("aria-valuenow") == "45"
    assert view.page.get_by_text("45 of 100, about 1 min 15 s left").is_visible()
    assert view.axe() == []
    view.push(progress=LogProgress(BAD, 99, 100, 0.99, 0.04))
    view.page.get_by_text("99 of 100").wait_for()
    assert "left" not in view.page.locator(".pace").inner_text()
    view.push(is_final=True)
    bar.wait_for(state="detached")
