"""Runs side by side: what differs stands out, and their code is held together line by line."""

from typing import Any

import pytest

from tests.journeys.run_view.component.conftest import Show
from tests.journeys.run_view.component.metric_answers import Metrics

pytestmark = pytest.mark.browser
KNOWN = {"is_cut": False, "is_text": True}
DIFF = {
    "files": [
        {"name": "train.py", "change": "changed", "lines": [["-", "lr = 0.1"], ["+", "lr = <b>"]], **KNOWN},
        {"name": "util.py", "change": "same", "lines": [], **KNOWN},
    ],
    **{key: [] for key in ("params", "inputs", "environment", "command")},
}


def compared(args: dict[str, Any]) -> dict[str, object]:
    names = args["runs"]
    head = {"display_name": "", "status": "Completed", "experiment": "e", "type": "command", "created": 1.79e9}

    def row(key: str, *, differs: bool) -> dict[str, object]:
        return {"key": key, "values": [f"{n if differs else 0}" for n, _ in enumerate(names)], "differs": differs}

    some = [row("changing", differs=True), row("steady", differs=False)]
    return {
        "runs": [{**head, "name": name, "started": None, "ended": None} for name in names],
        **dict.fromkeys(("params", "metrics", "tags", "inputs", "environment", "code"), some),
    }


def test_only_what_differs_is_shown_until_all_is_wanted(show: Show) -> None:
    view = show(
        None,
        {"compare": compared, "diff": DIFF},
        look="dark",
        options={"beside": ["second", "third"]},
    )
    page = view.page
    page.get_by_text("6 of 12 rows differ").wait_for()
    assert page.get_by_role("rowheader", name="steady").count() == 0
    page.get_by_role("switch", name="Only differences").uncheck()
    assert page.get_by_role("rowheader", name="steady").count() == 6
    page.get_by_text("lr = <b>").wait_for()
    assert view.axe() == []


def test_what_they_all_logged_is_drawn_in_one_chart(show: Show) -> None:
    metrics = Metrics({"loss": [4.0, 2.0, 1.0]})
    names = ["loss", "loss (least)", "auc"]
    rows = [{"key": key, "values": ["1", "2", ""], "differs": True} for key in names]

    def series(args: dict[str, Any]) -> object:
        if args["run"] == "third":
            raise LookupError("There is no metric 'loss'.")
        return metrics.answers()["series"](args)

    answers = metrics.answers() | {"compare": lambda args: compared(args) | {"metrics": rows}, "diff": DIFF}
    view = show(None, answers | {"series": series}, look="forced", options={"beside": ["second", "third"]})
    page = view.page
    card = page.get_by_role("figure", name="loss")
    chart = card.get_by_role("application", name="loss of happy_frog, second")
    chart.focus()
    chart.press("End")
    assert card.locator(".said").inner_text().split() == ["step", "2", "happy_frog", "1", "second", "1"]
    assert page.locator(".legend").inner_text().split() == ["happy_frog", "second", "third"]
    assert page.locator("figure").count() == 1  # one value is no curve
    assert view.axe() == []
    card.get_by_role("button", name="Table").click()
    card.get_by_role("region", name="Points of loss").nth(1).get_by_role("cell", name="4", exact=True).wait_for()


def test_any_two_of_them_are_held_together(show: Show) -> None:
    def diff(args: dict[str, Any]) -> object:
        return DIFF | {"files": [{"name": f"{args['run']}.py", "change": "changed", "lines": [["-", "x"]], **KNOWN}]}

    view = show(None, {"compare": compared, "diff": diff}, options={"beside": ["second", "third"]})
    view.page.get_by_role("region", name="Difference of second.py").wait_for()
    view.page.get_by_role("combobox", name="to").select_option("third")
    view.page.get_by_role("region", name="Difference of third.py").wait_for()
    asked = [args for question, args in view.asked if question == "diff"]
    assert [args["run"] for args in asked] == ["second", "third"]


def test_a_run_that_is_not_there_is_said(show: Show) -> None:
    def refused(args: dict[str, Any]) -> object:
        raise LookupError(f"There is no run {args['runs'][1]}.")

    view = show(None, {"compare": refused}, options={"beside": ["nobody"]})
    view.page.get_by_text("There is no run nobody.").wait_for()
