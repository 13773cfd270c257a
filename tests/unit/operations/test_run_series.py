"""Points of a metric: none that matters is left out, in whatever order they were logged."""

import math
import random
import subprocess
import sys
from array import array
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.run_series import Curve, SeriesWindow
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException
from jupyter_aml.operations.metric_columns import Kept
from jupyter_aml.operations.run_series import points, summaries
from jupyter_aml.operations.run_series import series as all_series
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs
from jupyter_aml.tracking.runs import LARGEST

NAME = JobName("calm_owl")
BEGAN = 1_700_000_000


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """A workspace in which `calm_owl` runs."""
    job = JobRecord(NAME, "command", JobStatus.NOT_STARTED, "e", "owl", ComputeName("local"), {"command": "echo"}, 1e9)
    workspace.runs.create(NAME, "e", display_name="owl", artifact_uri="file:///x", tags={}, start_ms=0)
    with workspace.database.transaction() as connection:
        jobs.insert(connection, job, "{}")
        jobs.set_status(connection, NAME, JobStatus.RUNNING, started_at=float(BEGAN))
    return workspace


def log(workspace: Workspace, *logged: tuple[int, float], key: str = "loss", seconds: Iterable[float] = ()) -> None:
    """Points as MLflow stores them, by step; their times are their steps in seconds unless they are said."""
    times = list(seconds) or [step for step, _ in logged]
    rows = [
        (key, _stored(value), int(1000 * (BEGAN + time)), NAME, step, math.isnan(value))
        for (step, value), time in zip(logged, times, strict=True)
    ]
    with workspace.runs._connections.writing() as connection:  # noqa: SLF001 - as MLflow would
        connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
        connection.execute(
            "INSERT INTO latest_metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET value = excluded.value", (*rows[-1][:4], *rows[-1][4:]),
        )  # fmt: skip


def _stored(value: float) -> float:
    return 0.0 if math.isnan(value) else max(-LARGEST, min(LARGEST, value))


def series(workspace: Workspace, name: str, key: str, **wanted: Any) -> SeriesWindow:
    (window,) = all_series(workspace, name, [Curve(key, **wanted)])
    return window


def xs(window: SeriesWindow) -> list[float]:
    return list(array("d", window.x))


def ys(window: SeriesWindow) -> list[float]:
    return list(array("d", window.y))


def test_few_points_come_as_they_are(workspace: Workspace) -> None:
    log(workspace, (0, 1.0), (1, 0.5), (2, 0.25))
    window = series(workspace, NAME, "loss")
    assert (xs(window), ys(window)) == ([0, 1, 2], [1.0, 0.5, 0.25])
    assert (window.count, window.x_low, window.x_high, window.is_thinned) == (3, 0.0, 2.0, False)


def test_what_nobody_logged_is_empty_and_no_run_is_an_error(workspace: Workspace) -> None:
    assert series(workspace, NAME, "loss") == SeriesWindow("loss", 0, 0.0, 0.0, 0, b"", b"")
    assert points(workspace, NAME, "loss", 0, 10).total == 0
    with pytest.raises(ResourceNotFoundError):
        series(workspace, "nobody", "loss")
    with pytest.raises(ValidationException, match="no axis"):
        series(workspace, NAME, "loss", x="steps")


def test_x_is_the_step_the_time_or_the_time_since_the_start(workspace: Workspace) -> None:
    log(workspace, (10, 1.0), (20, 0.5), seconds=(2.5, 1.0))
    assert xs(series(workspace, NAME, "loss")) == [10, 20]
    by_time = series(workspace, NAME, "loss", x="time")
    assert (xs(by_time), ys(by_time)) == ([BEGAN + 1.0, BEGAN + 2.5], [0.5, 1.0])
    assert xs(series(workspace, NAME, "loss", x="relative")) == [1.0, 2.5]


@pytest.mark.parametrize("pixels", [1, 2, 3, 10, 100, 999])
def test_thinned_points_are_few_and_keep_ends_and_extremes(workspace: Workspace, pixels: int) -> None:
    rng = random.Random(pixels)
    values = [rng.gauss(0, 1) for _ in range(5000)]
    log(workspace, *enumerate(values))
    window = series(workspace, NAME, "loss", pixels=pixels)
    x, y = xs(window), ys(window)
    assert len(x) == len(y) <= 2 * pixels
    assert (x[0], x[-1], window.is_thinned) == (0, 4999, True)
    assert x == sorted(set(x))
    assert [values[int(at)] for at in x] == y
    if pixels > 1:
        assert {min(values), max(values)} <= set(y)
    for low in range(0, 4999, 5000 // max(1, pixels - 1)) if pixels > 2 else ():
        part = values[low : low + 5000 // (pixels - 1)]
        assert any(abs(value - max(part)) < 1e-12 or value > max(part) for value in y)


@pytest.mark.parametrize("pixels", [1, 2, 50, 10_000])
def test_what_is_no_number_is_a_gap_and_says_what_it_was(workspace: Workspace, pixels: int) -> None:
    odd = {0: math.inf, 700: math.nan, 701: -math.inf, 1999: math.nan}
    log(workspace, *((step, odd.get(step, math.sin(step))) for step in range(2000)))
    window = series(workspace, NAME, "loss", pixels=pixels)
    x, y = xs(window), ys(window)
    assert len(x) <= 2 * pixels
    gaps = {x[at]: word for at, word in window.marks}
    assert all(math.isnan(y[at]) for at, _ in window.marks)
    assert sum(map(math.isnan, y)) == len(window.marks)
    assert (gaps[0], gaps[1999]) == ("Infinity", "NaN")
    assert pixels < 50 or gaps[700] == "NaN"
    assert pixels < 10_000 or gaps[701] == "-Infinity"


def test_a_metric_without_any_number_is_all_gaps(workspace: Workspace) -> None:
    log(workspace, *((step, math.nan) for step in range(100)))
    window = series(workspace, NAME, "loss", pixels=10)
    assert len(window.marks) == len(ys(window)) <= 20
    assert {word for _, word in window.marks} == {"NaN"}


def test_a_range_has_its_points_and_the_next_on_each_side(workspace: Workspace) -> None:
    log(workspace, *((step, float(step)) for step in range(0, 100, 10)))
    assert xs(series(workspace, NAME, "loss", low=25, high=50)) == [20, 30, 40, 50, 60]
    assert xs(series(workspace, NAME, "loss", low=95)) == [90]
    assert xs(series(workspace, NAME, "loss", high=-5)) == [0]
    assert xs(series(workspace, NAME, "loss", x="relative", low=15, high=16)) == [10, 20]


def test_points_on_one_spot_are_thinned_too(workspace: Workspace) -> None:
    log(workspace, *((7, float(value)) for value in range(1000)), seconds=range(1000))
    window = series(workspace, NAME, "loss", pixels=10)
    assert (set(xs(window)), min(ys(window)), max(ys(window))) == ({7.0}, 0.0, 999.0)


def test_points_out_of_order_find_their_places(workspace: Workspace) -> None:
    rng = random.Random(5)
    logged = [(step, rng.random()) for step in range(300)]
    rng.shuffle(logged)
    for begin in range(0, 300, 50):  # read between the writes, so that the columns are extended
        log(workspace, *logged[begin : begin + 50])
        window = series(workspace, NAME, "loss")
        assert list(zip(xs(window), ys(window), strict=True)) == sorted(logged[: begin + 50])


def test_columns_are_what_mlflow_would_give(workspace: Workspace) -> None:
    rng = random.Random(6)
    for _ in range(20):
        for key in ("a", "b", "c"):
            some = [(rng.randrange(40), rng.random()) for _ in range(rng.randrange(1, 30))]
            log(workspace, *some, key=key, seconds=[rng.randrange(9) for _ in some])
        rows = {key: points(workspace, NAME, key, 0, 10_000) for key in ("a", "b", "c")}
        for one in workspace.runs.metrics(NAME):
            mine = rows[one.key]
            told = list(zip(mine.steps, mine.timestamps_ms, mine.values, strict=True))
            assert told == [(point.step, point.timestamp_ms, point.value) for point in one.points]


def test_only_later_points_come_to_whoever_has_the_others(workspace: Workspace) -> None:
    log(workspace, (0, 1.0), (5, 0.5))
    assert xs(series(workspace, NAME, "loss", after=2)) == []
    log(workspace, (7, 0.25))
    later = series(workspace, NAME, "loss", after=2)
    assert (later.first, later.count, xs(later)) == (2, 3, [7])
    log(workspace, (6, 0.3))
    again = series(workspace, NAME, "loss", after=3)
    assert (again.first, xs(again)) == (0, [0, 5, 6, 7])
    assert series(workspace, NAME, "loss", after=2).first == 2
    assert series(workspace, NAME, "loss", after=99).first == 0
    assert series(workspace, NAME, "loss", after=2, low=0).first == 0
    assert series(workspace, NAME, "loss", after=2, pixels=1).first == 0


def test_a_table_has_pages(workspace: Workspace) -> None:
    log(workspace, (0, 1.0), (1, math.nan), (2, math.inf), (3, 2.0))
    page = points(workspace, NAME, "loss", 1, 2)
    assert (page.total, page.first, page.steps, page.values) == (4, 1, (1, 2), ("NaN", "Infinity"))
    assert points(workspace, NAME, "loss", 9, 2).steps == ()


def test_summaries_count_without_reading_points(workspace: Workspace) -> None:
    log(workspace, (0, 1.0), (3, math.nan), (5, -math.inf), (9, 0.5))
    log(workspace, (2, math.nan), key="odd")
    loss, odd = summaries(workspace, [NAME])[NAME]
    assert (loss.count, loss.least, loss.most, loss.last, loss.first_step, loss.last_step) == (4, 0.5, 1.0, 0.5, 0, 9)
    assert (odd.count, odd.least, odd.most, odd.last) == (1, None, None, "NaN")


def test_curves_come_in_the_order_in_which_they_are_asked_for(workspace: Workspace) -> None:
    log(workspace, (0, 1.0), (1, 2.0))
    log(workspace, (0, 7.0), key="auc")
    wanted = [Curve("auc"), Curve("nothing"), Curve("loss", low=0.5), Curve("auc", after=1)]
    found = all_series(workspace, NAME, wanted)
    assert [(one.key, one.count, ys(one)) for one in found] == [
        ("auc", 1, [7.0]), ("nothing", 0, []), ("loss", 2, [1.0, 2.0]), ("auc", 1, []),
    ]  # fmt: skip


def test_the_runs_that_nobody_asked_for_are_forgotten_first(tmp_path: Path) -> None:
    kept = Kept(most=10)
    first, second = kept.of(tmp_path, "first"), kept.of(tmp_path, "second")
    first.count = second.count = 6
    assert kept.of(tmp_path, "first") is first
    assert kept.of(tmp_path, "second") is not second


def test_numpy_is_loaded_by_points_only() -> None:
    script = (
        "import sys\nfrom jupyter_aml import MLClient\nMLClient.run_views\n"
        "import jupyter_aml.client.run_views, jupyter_aml.operations.run_changes, jupyter_aml.operations.run_series\n"
        "print('numpy' in sys.modules)\n"
    ).replace("MLClient.run_views\n", "")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")
