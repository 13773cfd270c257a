"""Runs by SQL: what is written is read back, from every thread and process."""

import math
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from pathlib import Path

import pytest

from jupyter_aml.entities.metric import MetricPoint, MetricSeries
from jupyter_aml.exceptions import ResourceNotFoundError, StoreError, ValidationException
from jupyter_aml.tracking.runs import JOB_TAG, LARGEST, PARENT_TAG, ChildRun, Runs, RunStatus
from tests.unit.tracking.conftest import add_run

ADD_METRIC = "INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)"
ADD_LATEST = ADD_METRIC.replace("metrics", "latest_metrics")


def add(db: Path, statement: str, *rows: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.executemany(statement, rows)


def row(db: Path, query: str, *values: object) -> tuple[object, ...]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(query, values).fetchone()


def in_a_fork(act: Callable[[], None]) -> None:
    """Run `act` in a forked child; it must end well."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_an_experiment_is_made_once_and_found_again(db: Path, runs: Runs) -> None:
    first = runs.experiment_id('it\'s "new" é')
    assert runs.experiment_id('it\'s "new" é') == first
    root = (db.parent / "arti facts").as_uri()
    found = row(db, "SELECT artifact_location, lifecycle_stage FROM experiments WHERE experiment_id = ?", first)
    assert found == (f"{root}/{first}", "active")


def test_the_default_experiment_is_number_zero(runs: Runs) -> None:
    assert runs.experiment_id("Default") == "0"


def test_many_threads_that_want_one_experiment_get_the_same(runs: Runs) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(runs.experiment_id, ["shared"] * 40))) == 1


def test_a_connection_is_waited_for_while_another_has_the_file_to_itself(db: Path, runs: Runs) -> None:
    with closing(sqlite3.connect(db, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError, match="locked"), closing(sqlite3.connect(db, timeout=0)) as third:
            third.execute("PRAGMA synchronous = NORMAL")
        found = pool.submit(runs.experiment_id, "Default")
        assert not wait([found], 0.1).done
        other.execute("ROLLBACK")
        other.close()
        assert found.result(120) == "0"


def test_an_experiment_that_was_deleted_in_mlflow_is_refused_with_the_way_back(db: Path, runs: Runs) -> None:
    gone = runs.experiment_id("gone")
    add(db, "UPDATE experiments SET lifecycle_stage = 'deleted' WHERE experiment_id = ?", (gone,))
    with pytest.raises(ValidationException, match="'gone' was deleted") as caught:
        runs.experiment_id("gone")
    assert f"mlflow.MlflowClient().restore_experiment('{gone}')" in caught.value.resolution
    add(db, "UPDATE experiments SET lifecycle_stage = 'active' WHERE experiment_id = ?", (gone,))
    assert runs.experiment_id("gone") == gone


def test_a_run_belongs_to_a_job_and_is_its_own_root(runs: Runs) -> None:
    add_run(runs, "job_1", tags={"colour": "red"})
    tags = runs.tags("job_1")
    assert (tags["azureml.job"], tags["mlflow.rootRunId"], tags["colour"]) == ("true", "job_1", "red")
    assert tags["mlflow.runName"] == "A run"


def test_a_run_that_is_there_is_left_alone(db: Path, runs: Runs) -> None:
    assert add_run(runs, "job_1")
    runs.set_status("job_1", "FINISHED", 2_000)
    assert not add_run(runs, "job_1", tags={"again": "yes"})
    assert row(db, "SELECT status, end_time, start_time FROM runs") == ("FINISHED", 2_000, 1_000)
    assert "again" not in runs.tags("job_1")


def test_a_status_can_be_taken_back(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1")
    runs.set_status("job_1", "FAILED", 2_000)
    runs.set_status("job_1", "RUNNING", None)
    assert row(db, "SELECT status, end_time FROM runs") == ("RUNNING", None)


def family(db: Path, runs: Runs) -> None:
    """A job with runs below it as `mlflow.start_run(nested=True)` makes them, a job among these, and a stranger."""
    parents = {"child": "job_1", "ended": "job_1", "grandchild": "ended", "inner_job": "job_1", "below": "inner_job"}
    add_run(runs, "job_1", status="RUNNING")
    for name in (*parents, "stranger"):
        add_run(runs, name, status="RUNNING")
    runs.set_status("ended", "FINISHED", 1_500)
    no_jobs = [(name, JOB_TAG) for name in ("child", "ended", "grandchild", "below", "stranger")]
    add(db, "DELETE FROM tags WHERE run_uuid = ? AND key = ?", *no_jobs)
    add(
        db,
        "INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)",
        *[(c, PARENT_TAG, p) for c, p in parents.items()],
    )


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_with_a_job_end_the_runs_below_it_that_nobody_ended(db: Path, runs: Runs, status: RunStatus) -> None:
    family(db, runs)
    runs.set_status("job_1", status, 2_000)
    with closing(sqlite3.connect(db)) as connection:
        ends = {name: end for name, *end in connection.execute("SELECT run_uuid, status, end_time FROM runs")}
    assert ends["job_1"] == ends["child"] == ends["grandchild"] == [status, 2_000]
    assert ends["ended"] == ["FINISHED", 1_500]
    assert ends["inner_job"] == ends["below"] == ends["stranger"] == ["RUNNING", None]


def test_while_a_job_runs_the_runs_below_it_are_their_own(db: Path, runs: Runs) -> None:
    family(db, runs)
    runs.set_status("job_1", "RUNNING", None)
    assert [child.status for child in runs.children("job_1")] == ["RUNNING", "FINISHED", "RUNNING"]


def test_runs_that_are_each_others_parents_end_too(db: Path, runs: Runs) -> None:
    family(db, runs)
    add(db, "INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)", ("job_1", PARENT_TAG, "grandchild"))
    runs.set_status("job_1", "KILLED", 2_000)
    assert row(db, "SELECT status FROM runs WHERE run_uuid = 'grandchild'") == ("KILLED",)


@pytest.mark.parametrize("act", [lambda r: r.set_status("no", "RUNNING", None), lambda r: r.set_tags("no", {"a": "b"})])
def test_a_run_that_is_not_there_is_named(runs: Runs, act: Callable[[Runs], None]) -> None:
    with pytest.raises(ResourceNotFoundError, match="no run 'no'"):
        act(runs)


def test_tags_are_added_replaced_and_cut_as_mlflow_cuts_them(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1", tags={"a": "1", "b": "2"})
    runs.set_tags("job_1", {"b": "3", "long": "x" * 9_000, "mlflow.runName": "Renamed"})
    tags = runs.tags("job_1")
    assert (tags["a"], tags["b"], len(tags["long"])) == ("1", "3", 8_000)
    assert row(db, "SELECT name FROM runs") == ("Renamed",)


def test_children_are_found_by_their_parent_and_share_its_root(runs: Runs) -> None:
    add_run(runs, "sweep")
    add_run(runs, "sweep_1", parent="sweep", start_ms=3_000, display_name="second")
    add_run(runs, "sweep_0", parent="sweep", start_ms=2_000, display_name="first")
    add_run(runs, "inner", parent="sweep_0")
    runs.set_status("sweep_0", "FINISHED", 4_000)
    assert runs.children("sweep") == (
        ChildRun("sweep_0", "first", "FINISHED", 2_000, 4_000),
        ChildRun("sweep_1", "second", "SCHEDULED", 3_000, None),
    )
    assert runs.tags("inner")["mlflow.rootRunId"] == "sweep"


def test_metrics_come_by_key_then_step_then_time_with_nan_and_infinity(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1")
    rows = [("b", 2.0, 20, 1, 0), ("b", 1.0, 10, 1, 0), ("b", 0.5, 30, 0, 0), ("a", 0.0, 1, 0, 1)]
    rows += [("c", LARGEST, 1, 0, 0), ("c", -LARGEST, 1, 1, 0)]
    add(db, ADD_METRIC, *[("job_1", *values) for values in rows])
    nan, b, c = runs.metrics("job_1")
    assert nan.key == "a"
    assert math.isnan(nan.points[0].value)
    assert b == MetricSeries("b", (MetricPoint(0, 30, 0.5), MetricPoint(1, 10, 1.0), MetricPoint(1, 20, 2.0)))
    assert [point.value for point in c.points] == [math.inf, -math.inf]


def test_points_of_one_instant_keep_the_order_in_which_they_were_logged(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1")
    add(db, ADD_METRIC, *[("job_1", "m", value, 1, 0, 0) for value in (3.0, 1.0, 2.0)])
    assert [point.value for point in runs.metrics("job_1")[0].points] == [3.0, 1.0, 2.0]


def test_the_last_values_of_many_runs_come_in_one_answer(db: Path, runs: Runs) -> None:
    names = [f"job {number} 'é" for number in range(1_200)]
    for name in ("one", "two"):
        add_run(runs, name)
    add(db, ADD_LATEST, ("one", "acc", 0.9, 1, 0, 0), ("one", "loss", LARGEST, 1, 0, 0), ("two", "acc", 0, 1, 0, 1))
    latest = runs.latest(["one", "two", *names])
    assert latest["one"] == {"acc": 0.9, "loss": math.inf}
    assert math.isnan(latest["two"]["acc"])
    assert latest[names[-1]] == {}
    assert runs.latest([]) == {}


@pytest.mark.parametrize("is_old", [False, True], ids=["as shipped", "an MLflow without the index by key"])
def test_the_best_values_of_many_runs_come_in_one_answer(db: Path, runs: Runs, *, is_old: bool) -> None:
    for name in ("one", "two", "three", "four"):
        add_run(runs, name)
    logged = [("one", 0.5), ("one", 0.9), ("one", 0.7), ("two", -LARGEST), ("two", LARGEST)]
    add(db, ADD_METRIC, *[(name, "acc", value, n, n, 0) for n, (name, value) in enumerate(logged)])
    add(db, ADD_METRIC, ("one", "acc", 0, 9, 9, 1), ("three", "acc", 0, 1, 1, 1), ("four", "loss", 1, 1, 1, 0))
    if is_old:
        add(db, "DROP INDEX index_metrics_run_uuid_key_step", ())
    names = ["one", "two", "three", "four", "none"]
    assert runs.best("acc", names, highest=True) == {"one": 0.9, "two": math.inf}
    assert runs.best("acc", names, highest=False) == {"one": 0.5, "two": -math.inf}
    assert runs.values("acc", ["two", "four"]) == {"two": (-math.inf, math.inf), "four": ()}


def test_a_run_that_logged_nothing_has_nothing(runs: Runs) -> None:
    assert (runs.metrics("no"), runs.params("no"), runs.tags("no"), runs.children("no")) == ((), {}, {}, ())


def test_params_are_read_by_key(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1")
    add(db, "INSERT INTO params (run_uuid, key, value) VALUES (?, ?, ?)", ("job_1", "b", "2"), ("job_1", "a", "1"))
    assert list(runs.params("job_1").items()) == [("a", "1"), ("b", "2")]


def test_reading_goes_on_while_another_connection_writes(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1")
    with closing(sqlite3.connect(db, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute(ADD_METRIC, ("job_1", "m", 1.0, 1, 0, 0))
        assert runs.metrics("job_1") == ()
        writer.execute("COMMIT")
    assert len(runs.metrics("job_1")) == 1


def test_a_writer_waits_for_its_turn(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1")
    with closing(sqlite3.connect(db, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        waiting = pool.submit(runs.set_status, "job_1", "RUNNING", None)
        with pytest.raises(TimeoutError):
            waiting.result(0.05)
        other.execute("COMMIT")
        waiting.result(120)
    assert row(db, "SELECT status FROM runs") == ("RUNNING",)


def test_a_write_that_fails_leaves_nothing_and_frees_the_lock(db: Path, runs: Runs) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        add_run(runs, "job_1", status="WRONG")
    assert row(db, "SELECT count(*) FROM runs") == (0,)
    add_run(runs, "job_1")


def test_a_forked_child_uses_the_same_runs(db: Path, runs: Runs) -> None:
    add_run(runs, "job_1")
    in_a_fork(lambda: runs.set_tags("job_1", {"from": "a child"}))
    runs.set_tags("job_1", {"then": "the parent"})
    assert {"from", "then"} <= runs.tags("job_1").keys()


def test_a_closed_one_opens_again(runs: Runs) -> None:
    add_run(runs, "job_1")
    runs.close()
    assert runs.tags("job_1")


def test_a_database_that_is_not_there_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no tracking database '.*gone\.db'"):
        Runs(tmp_path / "gone.db").tags("job_1")
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_its_default_experiment_says_so(db: Path, runs: Runs) -> None:
    add(db, "DELETE FROM experiments WHERE experiment_id = ?", (0,))
    with pytest.raises(StoreError, match="default experiment"):
        runs.artifact_uri("job_1")
