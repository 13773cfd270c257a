"""Explanations and assessments of fairness that were uploaded to a run: drawn, or how to upload them is said."""

import json
from dataclasses import replace
from typing import Any

import pytest

from jupyter_aml.entities.run_details import RunFile
from tests.journeys.run_view.component.conftest import Show
from tests.unit.widgets import sample_runs

pytestmark = pytest.mark.browser
FEATURES = ["age", "income", "<b>zip</b>"]
PIECES: dict[str, object] = {
    "explanation/ab12/features.interpret.json": FEATURES,
    "explanation/ab12/global_importance_values.interpret.json": [0.5, 0.3, 0.1],
    "explanation/ab12/global_importance_rank.interpret.json": [1, 0, 2],
    "explanation/ab12/classes.interpret.json": ["no", "yes"],
    "explanation/ab12/per_class_values.interpret.json": [[0.1, 0.2, 0.9], [0.3, 0.2, 0.1]],
    "explanation/ab12/local_importance_values.interpret.json": [[[0.1, -0.9, 0], [0.2, 0.1, 0.4]]] * 2,
}


def accuracy(whole: float, *groups: float) -> dict[str, object]:
    return {"accuracy_score": {"global": whole, "bins": list(groups)}}


DASHBOARD = {
    "schemaType": "dashboardDictionary",
    "predictionType": "binaryClassification",
    "modelNames": ["credit:1", "credit:2"],
    "precomputedFeatureBins": [
        {"featureBinName": "sex", "binLabels": ["f", "m"], "binVector": [0, 1, 1]},
        {"featureBinName": "race", "binLabels": ["a", "b"], "binVector": [0, 0, 1]},
    ],
    "precomputedMetrics": [
        [accuracy(0.9, 0.8, 0.95), accuracy(0.7, 0.7, 0.7)],
        [accuracy(0.9, 0.5, 1.0), accuracy(0.7, 0.1, 0.9)],
    ],
}


def uploaded(show: Show, tab: str, pieces: dict[str, object], **looks: Any) -> Any:
    run = replace(sample_runs.ordinary(), files=tuple(RunFile(name, 100) for name in pieces))

    def file(args: dict[str, Any]) -> object:
        return {"kind": "json", "text": json.dumps(pieces[args["name"]]), "is_cut": False}

    return show(run, {"file": file}, tab=tab, is_final=True, **looks)


def test_an_explanation_is_drawn_over_all_rows_and_for_one(show: Show) -> None:
    view = uploaded(show, "Explanations", PIECES, look="dark")
    bars = view.page.get_by_label("Feature importance over all rows").locator("li")
    bars.first.wait_for()
    assert bars.all_inner_texts()[0].split() == ["income", "0.5"]  # ranked values, by their features
    row = view.page.get_by_label("Feature importance for row 0").locator("li")
    assert row.all_inner_texts()[0].split() == ["income", "-0.9"]
    view.page.get_by_label("Row", exact=True).fill("1")
    view.page.get_by_label("Feature importance for row 1").wait_for()
    view.page.get_by_label("Class").select_option(label="no")
    assert bars.all_inner_texts()[0].split() == ["<b>zip</b>", "0.9"]
    assert view.axe() == []


def test_an_assessment_is_a_table_by_group_with_its_disparity(show: Show) -> None:
    view = uploaded(show, "Fairness", {"azureml.fairness/dashboard.metrics/1234/dashboard.json": DASHBOARD})
    row = view.page.get_by_role("row", name="credit:1")
    assert row.inner_text().split() == ["credit:1", "0.9", "0.8", "0.95", "0.15"]
    view.page.get_by_label("Groups by").select_option(label="race")
    assert row.inner_text().split() == ["credit:1", "0.9", "0.5", "1", "0.5"]
    assert view.axe() == []


def test_without_any_it_says_how_to_upload_one(show: Show) -> None:
    view = show(sample_runs.ordinary(), is_final=True)
    view.tab("Explanations")
    view.page.get_by_text("client.upload_model_explanation").wait_for()
    view.tab("Fairness")
    view.page.get_by_text("from azureml.contrib.fairness import upload_dashboard_dictionary").wait_for()


def test_what_is_no_explanation_is_named(show: Show) -> None:
    view = uploaded(show, "Explanations", {"explanation/x/what.json": [1, {"a": None}]})
    view.page.get_by_text("explanation/x/what.json").wait_for()
