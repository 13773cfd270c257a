"""What people read where there is no HTML, and the small tables: held as snapshots."""

import json
from dataclasses import replace
from datetime import UTC

import pytest
from syrupy.assertion import SnapshotAssertion

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import LogTail, RunTabs
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.figures import number, size, span, tick_texts
from jupyter_aml.widgets.html import body
from jupyter_aml.widgets.job_html import job_html
from jupyter_aml.widgets.jobs_table import JobRow, JobsTable
from jupyter_aml.widgets.style import STYLE
from jupyter_aml.widgets.text import text
from tests.unit.widgets import sample_runs
from tests.unit.widgets.reading import Page
from tests.unit.widgets.test_page import HOSTILE

LOOK = Look("aml1", sample_runs.CREATED + 9, UTC)
RUNS = {
    "new": sample_runs.new(),
    "running": sample_runs.ordinary(JobStatus.RUNNING),
    "completed": sample_runs.ordinary(),
    "failed": sample_runs.failed(),
}
JOBS = JobsTable(
    (
        JobRow(
            sample_runs.NAME, "boosting", "cancer", JobStatus.RUNNING, "local-cluster", 1.79e9, 75.2, {"owner": "ada"}
        ),
        JobRow(
            JobName("calm_sun_b8f"), "calm_sun_b8f", "cancer", JobStatus.QUEUED, "gpu", 1.79e9 - 3600, None, {"x": ""}
        ),
        JobRow(JobName("old_owl_1"), "<b>bold</b>", "Default", JobStatus.FAILED, "local-cluster", 1.7e9, 90_000.0),
    ),
    UTC,
)


@pytest.mark.parametrize("tabs", RUNS.values(), ids=RUNS.keys())
def test_a_run_as_text(tabs: RunTabs, snapshot: SnapshotAssertion) -> None:
    assert text(tabs, LOOK) == snapshot


def test_progress_stands_below_the_head() -> None:
    log = LogTail("user_logs/std_log.txt", "step 45/100\n", 12)
    said = text(replace(RUNS["running"], log=log), LOOK)
    assert said.split("\n\n")[1] == "step █████████░░░░░░░░░░░ 45 of 100"


def test_a_run_as_a_reader_without_styles_meets_it(snapshot: SnapshotAssertion) -> None:
    tabs = replace(sample_runs.failed(), metrics=sample_runs.ordinary().metrics[:2])
    assert Page(body(tabs, LOOK)).text.replace("|", "\n") == snapshot


def test_a_new_run_as_markup(snapshot: SnapshotAssertion) -> None:
    assert body(sample_runs.new(), LOOK).replace(STYLE, "").replace("<section", "\n<section") == snapshot


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_run_as_text_is_short_and_clean_whatever_it_holds(hostile: str) -> None:
    shown = text(sample_runs.hostile(hostile), LOOK)
    assert len(shown.encode()) <= 12_000
    assert "\x1b" not in shown


def test_a_list_of_jobs_as_text(snapshot: SnapshotAssertion) -> None:
    assert str(JOBS) == snapshot


def test_a_list_of_jobs_as_html(snapshot: SnapshotAssertion) -> None:
    shown = JOBS._repr_html_()
    assert shown.partition("</style>")[2] == snapshot
    assert "<b>bold" not in shown


def test_no_jobs_say_so() -> None:
    assert str(JobsTable(())) == "No jobs."
    assert "No jobs." in JobsTable(())._repr_html_()


def test_a_long_list_of_jobs_is_counted() -> None:
    assert "… and 50 more" in JobsTable([JOBS.rows[0]] * 150)._repr_html_()


def test_a_returned_job_is_azures_table(snapshot: SnapshotAssertion) -> None:
    shown = job_html(
        experiment="cancer", name="<x>", type="command", status="Starting", details="RunDetails('x').show()"
    )
    assert shown == snapshot


def test_only_a_web_address_becomes_a_link() -> None:
    def linked(details: str) -> bool:
        return "<a " in job_html(experiment="e", name="n", type="command", status="s", details=details)

    assert linked("https://ml.azure.com/runs/x")
    assert not linked("javascript:alert(1)")


def test_the_tabs_travel_as_json() -> None:
    sent = json.loads(json.dumps(sample_runs.hostile("é<\n").to_dict(), allow_nan=False))
    assert sent["metrics"][0]["values"] == [0.1, "NaN", "Infinity", "-Infinity", 1e308, -1e308]
    assert sent["children"][0]["metrics"] == {"é<\n": "NaN"}
    assert sent["identity"]["status"] == "Failed"
    assert sent["log"]["name"] == "é<\n"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0"),
        (3.0, "3"),
        (0.08640, "0.0864"),
        (-1234.5678, "−1,235"),
        (2.5e-8, "2.5e−8"),
        (1e300, "1e300"),
        (12_345_678.0, "1.235e7"),
    ],
)
def test_numbers_are_short(value: float, said: str) -> None:
    assert number(value) == said


def test_the_numbers_of_an_axis_are_written_alike() -> None:
    assert tick_texts([0.0, 0.5, 1.0]) == ["0", "0.5", "1.0"]
    assert tick_texts([0.0, 5e-5, 1e-4]) == ["0", "5e−5", "1e−4"]
    assert tick_texts([0.0, 2500.0]) == ["0", "2,500"]


def test_sizes_and_spans_have_units() -> None:
    assert [size(n) for n in (0, 999, 1_000, 21_830, 184_220, 10**18)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "21.8 kB",
        "184 kB",
        "1000 PB",
    ]
    assert [span(s) for s in (0, 0.21, 9.99, 59.6, 75.2, 90_000)] == [
        "0 ms",
        "210 ms",
        "10.0 s",
        "1 min",
        "1 min 15 s",
        "1 d 1 h",
    ]
