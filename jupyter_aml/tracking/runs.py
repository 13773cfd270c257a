"""Runs in MLflow's database, by SQL: rows in, rows out. MLflow is not imported here."""

import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

from jupyter_aml.entities.metric import MetricPoint, MetricSeries
from jupyter_aml.exceptions import ResourceNotFoundError, StoreError, ValidationException
from jupyter_aml.tracking.connection import Connections

MetricRow: TypeAlias = tuple[int, str, int, int, float]
RunStatus: TypeAlias = Literal["SCHEDULED", "RUNNING", "FINISHED", "FAILED", "KILLED"]

JOB_TAG: Final = "azureml.job"
"""On a run that belongs to a job: the job's exit decides its status, `mlflow.end_run` does not."""
INTERACTIVE_TAG: Final = "interactive"
"""The value of `JOB_TAG` on a run that is a job because it was begun outside of one: its own end decides its status."""
PARENT_TAG: Final = "mlflow.parentRunId"
ROOT_TAG: Final = "mlflow.rootRunId"
NAME_TAG: Final = "mlflow.runName"
DESCRIPTION_TAG: Final = "mlflow.note.content"
LARGEST: Final = 1.7976931348623157e308
"""MLflow's stand-in for infinity: its value column cannot hold one."""
_LONGEST_TAG: Final = 8000  # MLflow cuts longer values too

_ADD_EXPERIMENT: Final = """
INSERT INTO experiments (name, lifecycle_stage, creation_time, last_update_time)
VALUES (?, 'active', ?, ?) ON CONFLICT DO NOTHING"""
_ADD_RUN: Final = """
INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
                  deleted_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
VALUES (:run, :name, 'UNKNOWN', '', '', :user, :status, :start, NULL, NULL, '', 'active', :artifacts, :experiment)
ON CONFLICT DO NOTHING"""
_ADD_TAG: Final = """
INSERT INTO tags (run_uuid, key, value) VALUES (?, ?, ?)
ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value"""
# MLflow has no index on a tag's value. What is below a run was tagged after it, so only the tags since then are looked
# at, once and not for each generation; `+key` keeps SQLite from the index by key, which would read all there ever were.
_END_BELOW: Final = """
WITH RECURSIVE kin (run, parent) AS MATERIALIZED (
    SELECT run_uuid, value FROM tags
    WHERE +key = :parent_tag AND rowid > (SELECT min(rowid) FROM tags WHERE run_uuid = :run)),
below (run) AS (
    SELECT :run UNION SELECT kin.run FROM below JOIN kin ON kin.parent = below.run
    WHERE NOT EXISTS (SELECT 1 FROM tags WHERE run_uuid = kin.run AND key = :job_tag
                      AND value IN ('true', 'interactive')))
UPDATE runs SET status = :status, end_time = :end
WHERE run_uuid IN (SELECT run FROM below) AND status = 'RUNNING'"""
_CHILDREN: Final = """
SELECT r.run_uuid, r.name, r.status, r.start_time, r.end_time
FROM tags t JOIN runs r ON r.run_uuid = t.run_uuid
WHERE t.key = ? AND t.value = ? AND r.lifecycle_stage = 'active' ORDER BY r.start_time, r.rowid"""

_BY_RUN_AND_KEY: Final = "index_metrics_run_uuid_key_step"
_BY_RUN: Final = "index_metrics_run_uuid"
# The index is named, because SQLite on its own would read all that any run ever logged under that key.
_VALUES: Final = """
SELECT run_uuid, value, is_nan FROM metrics INDEXED BY {index}
WHERE run_uuid IN (SELECT value FROM json_each(?)) AND key = ? ORDER BY rowid"""
_BEST: Final = """
SELECT run_uuid, {best}(value) FROM metrics INDEXED BY {index}
WHERE run_uuid IN (SELECT value FROM json_each(?)) AND key = ? AND NOT is_nan GROUP BY run_uuid"""
_FROM_ROW: Final = """
SELECT rowid, key, step, timestamp, CASE WHEN is_nan THEN 9e999 ELSE value END
FROM metrics INDEXED BY index_metrics_run_uuid WHERE run_uuid = ? AND rowid >= ? ORDER BY rowid"""
# Of finite values: one that is not was stored as 0 with a mark, or as the largest number that there is.
_SUMMARIES: Final = """
WITH counted AS (
    SELECT run_uuid, key, count(*) AS count, min(step) AS first, max(step) AS last,
           min(value) FILTER (WHERE NOT is_nan AND abs(value) < ?2) AS least,
           max(value) FILTER (WHERE NOT is_nan AND abs(value) < ?2) AS most
    FROM metrics INDEXED BY {index} WHERE run_uuid IN (SELECT value FROM json_each(?1)) GROUP BY run_uuid, key)
SELECT run_uuid, key, count, first, last, least, most, value, is_nan
FROM counted JOIN latest_metrics USING (run_uuid, key) ORDER BY run_uuid, key"""


@dataclass(frozen=True, slots=True)
class ChildRun:
    """A run below another one. Times in milliseconds since 1970 (UTC); `end_ms` is None while it runs."""

    run_id: str
    name: str
    status: RunStatus
    start_ms: int | None
    end_ms: int | None


@dataclass(frozen=True, slots=True)
class MetricSummary:
    """One metric of a run. `least` and `most` are of its finite values; None: it has none."""

    key: str
    count: int
    first_step: int
    last_step: int
    least: float | None
    most: float | None
    last: float


class Runs:
    """The runs of one tracking database. Safe to share among threads and across forks."""

    def __init__(self, db: Path) -> None:
        self._connections = Connections(db)

    def close(self) -> None:
        """Close this process's connections."""
        self._connections.close()

    def artifact_uri(self, run_id: str) -> str:
        """Where the artifacts of a run go unless it says otherwise: `<artifact root>/ExperimentRun/dcid.<run>`."""
        return artifact_uri(artifact_root(self._connections), run_id)

    def experiment_id(self, name: str) -> str:
        """The id of the experiment `name`, which is created when there is none.

        Raises: ValidationException when it was deleted: MLflow shows none of its runs.
        """
        query = "SELECT experiment_id, lifecycle_stage FROM experiments WHERE name = ?"
        for found, stage in self._connections.read(query, name):
            if stage == "deleted":
                raise _deleted(name, str(found))
            return str(found)
        root, now = artifact_root(self._connections), _now_ms()
        with self._connections.writing() as db:
            added = db.execute(_ADD_EXPERIMENT, (name, now, now))
            if added.rowcount:
                db.execute(
                    "UPDATE experiments SET artifact_location = ? WHERE experiment_id = ?",
                    (f"{root}/{added.lastrowid}", added.lastrowid),
                )
        return self.experiment_id(name)

    def create(
        self,
        run_id: str,
        experiment: str,
        *,
        display_name: str,
        artifact_uri: str,
        tags: Mapping[str, str],
        start_ms: int,
        status: RunStatus = "SCHEDULED",
        parent: str | None = None,
    ) -> bool:
        """Add the run of a job, as MLflow itself would have; whether it is new. One that is there is left alone.

        The run is marked as a job's (`JOB_TAG`) unless `tags` says otherwise.
        """
        user = _user()
        own = {NAME_TAG: display_name, "mlflow.user": user, "mlflow.source.type": "JOB", JOB_TAG: "true"}
        row: dict[str, object] = {"run": run_id, "name": display_name, "user": user, "status": status}
        row |= {"start": start_ms, "artifacts": artifact_uri, "experiment": int(self.experiment_id(experiment))}
        kin = self._kin(run_id, parent)
        with self._connections.writing() as db:
            is_new = bool(db.execute(_ADD_RUN, row).rowcount)
            if is_new:
                db.executemany(_ADD_TAG, _tag_rows(run_id, own | kin | dict(tags)))
        return is_new

    def set_status(self, run_id: str, status: RunStatus, end_ms: int | None) -> None:
        """Record how the run stands, and when it ended (None: it has not).

        With it end the runs below it that still run, whose process is gone; not those of other jobs.
        Raises: ResourceNotFoundError.
        """
        with self._connections.writing() as db:
            done = db.execute("UPDATE runs SET status = ?, end_time = ? WHERE run_uuid = ?", (status, end_ms, run_id))
            if not done.rowcount:
                raise _no_run(run_id, self._connections.db)
            if end_ms is not None:
                tags = {"parent_tag": PARENT_TAG, "job_tag": JOB_TAG}
                db.execute(_END_BELOW, {"run": run_id, "status": status, "end": end_ms, **tags})

    def set_tags(self, run_id: str, tags: Mapping[str, str]) -> None:
        """Set these tags; the run's other tags stay, and so does the mark of a job's. Raises: ResourceNotFoundError."""
        given = {key: value for key, value in tags.items() if key != JOB_TAG}
        with self._connections.writing() as db:
            if not db.execute("SELECT 1 FROM runs WHERE run_uuid = ?", (run_id,)).fetchone():
                raise _no_run(run_id, self._connections.db)
            db.executemany(_ADD_TAG, _tag_rows(run_id, given))
            if name := tags.get(NAME_TAG):
                db.execute("UPDATE runs SET name = ? WHERE run_uuid = ?", (name, run_id))

    def metrics(self, run_id: str) -> tuple[MetricSeries, ...]:
        """Every metric of the run, by key; none for a run that logged nothing or is not there."""
        rows = self._connections.read(
            "SELECT key, step, timestamp, value, is_nan FROM metrics WHERE run_uuid = ? "
            "ORDER BY key, step, timestamp, rowid",
            run_id,
        )
        return tuple(
            MetricSeries(str(key), tuple(_point(*row[1:]) for row in group))
            for key, group in groupby(rows, lambda row: row[0])
        )

    def latest(self, run_ids: Iterable[str]) -> dict[str, dict[str, float]]:
        """The last value of each metric of each run, as `mlflow.get_run` shows it: `{run: {key: value}}`."""
        wanted = list(run_ids)
        latest: dict[str, dict[str, float]] = {run_id: {} for run_id in wanted}
        for run_id, key, value, is_nan in self._connections.read(
            "SELECT run_uuid, key, value, is_nan FROM latest_metrics "
            "WHERE run_uuid IN (SELECT value FROM json_each(?)) ORDER BY run_uuid, key",
            json.dumps(wanted),
        ):
            latest[str(run_id)][str(key)] = _value(value, is_nan)
        return latest

    def values(self, key: str, run_ids: Iterable[str]) -> dict[str, tuple[float, ...]]:
        """Every value of one metric of each of these runs, in the order in which they were logged."""
        wanted = list(run_ids)
        found: dict[str, list[float]] = {run_id: [] for run_id in wanted}
        for run_id, value, is_nan in self._connections.read(
            _VALUES.format(index=self._by_run()), json.dumps(wanted), key
        ):
            found[str(run_id)].append(_value(value, is_nan))
        return {run_id: tuple(values) for run_id, values in found.items()}

    def best(self, key: str, run_ids: Iterable[str], *, highest: bool) -> dict[str, float]:
        """The highest (or lowest) value that each of these runs ever logged of a metric; runs without a number lack."""
        query = _BEST.format(best="max" if highest else "min", index=self._by_run())
        rows = self._connections.read(query, json.dumps(list(run_ids)), key)
        return {str(run_id): _value(value, is_nan=False) for run_id, value in rows}

    def rows(self, run_id: str, first: int = 0) -> Iterator[MetricRow]:
        """What the run logged from row `first` on: (row, key, step, timestamp_ms, value), in the order of the rows.

        Later rows have higher numbers. A value is as it is stored: NaN is inf, ±inf is ±`LARGEST`.
        """
        return cast("Iterator[MetricRow]", self._connections.stream(_FROM_ROW, run_id, first))

    def has_row(self, run_id: str, row: int) -> bool:
        """Whether the run logged that row."""
        return bool(self._connections.read("SELECT 1 FROM metrics WHERE rowid = ? AND run_uuid = ?", row, run_id))

    def summaries(self, run_ids: Iterable[str]) -> dict[str, list[MetricSummary]]:
        """What each metric of each of these runs comes to, by key: counted by SQLite, no point is read."""
        wanted = list(run_ids)
        found: dict[str, list[MetricSummary]] = {run_id: [] for run_id in wanted}
        query = _SUMMARIES.format(index=self._by_run())
        rows = self._connections.read(query, json.dumps(wanted), LARGEST)
        for run_id, key, count, first, last, least, most, value, is_nan in cast("list[tuple[Any, ...]]", rows):
            found[run_id].append(MetricSummary(key, count, first, last, least, most, _value(value, is_nan)))
        return found

    def _by_run(self) -> str:
        """By which index to find metrics: the better one came with a later MLflow."""
        found = self._connections.read("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", _BY_RUN_AND_KEY)
        return _BY_RUN_AND_KEY if found else _BY_RUN

    def params(self, run_id: str) -> dict[str, str]:
        """The run's parameters, by key."""
        rows = self._connections.read("SELECT key, value FROM params WHERE run_uuid = ? ORDER BY key", run_id)
        return {str(key): str(value) for key, value in rows}

    def tags(self, run_id: str) -> dict[str, str]:
        """The run's tags, by key."""
        rows = self._connections.read("SELECT key, value FROM tags WHERE run_uuid = ? ORDER BY key", run_id)
        return {str(key): str(value) for key, value in rows}

    def logged_model(self, run_id: str, name: str) -> str:
        """Where the newest model of that name lies that a run logged; '' if none. MLflow 3 keeps it beside its run."""
        rows = self._connections.read(
            "SELECT artifact_location FROM logged_models WHERE source_run_id = ? AND name = ? "
            "AND lifecycle_stage = 'active' ORDER BY creation_timestamp_ms DESC LIMIT 1",
            run_id, name,
        )  # fmt: skip
        return str(rows[0][0]) if rows else ""

    def logged_models(self, run_id: str) -> tuple[str, ...]:
        """The names of the models that a run logged with MLflow 3."""
        query = "SELECT DISTINCT name FROM logged_models WHERE source_run_id = ? AND lifecycle_stage = 'active'"
        return tuple(str(name) for (name,) in self._connections.read(query, run_id))

    def children(self, run_id: str) -> tuple[ChildRun, ...]:
        """The runs whose parent is this one, in the order in which they started."""
        rows = cast("list[tuple[str, str, RunStatus, int, int]]", self._connections.read(_CHILDREN, PARENT_TAG, run_id))
        return tuple(ChildRun(*row) for row in rows)

    def _kin(self, run_id: str, parent: str | None) -> dict[str, str]:
        if parent is None:
            return {ROOT_TAG: run_id}
        found = self._connections.read("SELECT value FROM tags WHERE run_uuid = ? AND key = ?", parent, ROOT_TAG)
        return {PARENT_TAG: parent, ROOT_TAG: str(found[0][0]) if found else parent}


def artifact_root(connections: Connections) -> str:
    """The URI below which artifacts go: what stands above the default experiment's own folder.

    MLflow has no other place for it that survives `mlflow server` and `sqlite:///` users alike.
    """
    found = connections.read("SELECT artifact_location FROM experiments WHERE experiment_id = 0")
    if not found:
        raise StoreError(
            f"The tracking database '{connections.db}' has lost its default experiment (id 0).",
            resolution="Keep experiment 0 when you clean up with `mlflow gc`; restore the file from a copy.",
        )
    return str(found[0][0]).rpartition("/")[0]


def artifact_uri(root: str, run_id: str) -> str:
    """Azure's place for the artifacts of a run."""
    return f"{root}/ExperimentRun/dcid.{run_id}"


def _point(step: object, timestamp: object, value: object, is_nan: object) -> MetricPoint:
    return MetricPoint(cast("int", step), cast("int", timestamp), _value(value, is_nan))


def _value(stored: object, is_nan: object) -> float:
    if is_nan:
        return math.nan
    value = cast("float", stored)
    return math.copysign(math.inf, value) if abs(value) >= LARGEST else value


def _tag_rows(run_id: str, tags: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return [(run_id, key, value[:_LONGEST_TAG]) for key, value in tags.items()]


def _no_run(run_id: str, db: Path) -> ResourceNotFoundError:
    return ResourceNotFoundError(
        f"There is no run '{run_id}' in the tracking database '{db}'.",
        resolution="Look at the run ids with `mlflow runs list`, or submit the job again.",
    )


def _deleted(name: str, experiment_id: str) -> ValidationException:
    return ValidationException(
        f"experiment_name: the experiment '{name}' was deleted in MLflow, which would not show the job.",
        resolution=f"Bring it back with `mlflow.MlflowClient().restore_experiment('{experiment_id}')`, "
        "or choose another name.",
    )


def _user() -> str:
    import getpass

    # A container may run under a uid that has no name.
    with suppress(KeyError, OSError):
        return getpass.getuser()
    return "unknown"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
