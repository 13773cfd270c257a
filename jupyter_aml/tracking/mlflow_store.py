"""MLflow's SQL stores on the workspace's database, with a short way for metrics. Only `plugin` and MLflow load it."""

# pyright: standard
# MLflow's stores have no annotations.

import os
import sqlite3
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from mlflow.entities import (
    LoggedModel,
    LoggedModelParameter,
    LoggedModelTag,
    Metric,
    Param,
    Run,
    RunInfo,
    RunStatus,
    RunTag,
)
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from mlflow.protos.databricks_pb2 import BAD_REQUEST, INTERNAL_ERROR, TEMPORARILY_UNAVAILABLE
from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore as SqlAlchemyRegistry
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from mlflow.utils.validation import (
    _validate_batch_log_data,
    _validate_batch_log_limits,
    _validate_metric,
    _validate_run_id,
)
from sqlalchemy import Engine

from jupyter_aml.entities import mlmodel
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import AssetPathException
from jupyter_aml.tracking import models
from jupyter_aml.tracking.connection import Connections
from jupyter_aml.tracking.interactive import OTHERS, RunsAsJobs, record
from jupyter_aml.tracking.mlflow_engine import database_uri, engine
from jupyter_aml.tracking.runs import INTERACTIVE_TAG, JOB_TAG, PARENT_TAG, artifact_root, artifact_uri
from jupyter_aml.tracking.schema import ensure

_ADD: Final = """
INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING"""
# MLflow's rule for the latest one: the greatest (step, timestamp, value), the first of equals.
_ADD_LATEST: Final = """
INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key, run_uuid) DO UPDATE
SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step, is_nan = excluded.is_nan
WHERE (excluded.step, excluded.timestamp, excluded.value) > (step, timestamp, value)"""
_IS_ACTIVE: Final = "SELECT 1 FROM runs WHERE run_uuid = ? AND lifecycle_stage = 'active'"
_RUN: Final = "MLFLOW_RUN_ID"
_IS_PROMPT: Final = "mlflow.prompt.is_prompt"
_NO_SUCH_MODEL: Final = "Registered Model with name={} not found"
_JOB: Final = "SELECT value FROM tags WHERE run_uuid = ? AND key = ?"
_EXPERIMENT: Final = "SELECT name FROM experiments WHERE experiment_id = ?"


class WorkspaceStore(SqlAlchemyStore):
    """MLflow's tracking store for one workspace.

    Six things differ from stock. Metrics go through one short SQL transaction of ours (same rows, same
    checks, same errors). A user's run keeps its artifacts where Azure would. The status of a job's run is
    not for `mlflow.start_run` and `mlflow.end_run` to change: the job's exit decides it. A run that is begun
    outside of a job is one, an interactive one, of whoever resumes it too; its first end is its job's, and so its
    last. Tags of a run are those of its job, whoever sets them. A model that is logged within a job is its run's.
    """

    def __init__(self, db: Path, artifact_root_uri: str | None = None) -> None:
        ensure(db, WorkspaceFolder(db.parent).artifact_root)
        self._raw, self._jobs = Connections(db), RunsAsJobs(db)
        super().__init__(database_uri(db), artifact_root_uri or artifact_root(self._raw))

    @classmethod
    def _get_or_create_engine(cls, db_uri: str) -> Engine:
        return engine(db_uri)

    def create_run(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run:
        """Create a run, and the job that it is outside of jobs."""
        if not self._jobs.are_due:
            return self._created(experiment_id, user_id, start_time, tags, run_name)
        own = [*(tag for tag in tags or () if tag.key != JOB_TAG), RunTag(JOB_TAG, INTERACTIVE_TAG)]
        run = self._created(experiment_id, user_id, start_time, own, run_name)
        experiment = str(self._raw.read(_EXPERIMENT, int(experiment_id))[0][0])
        self._jobs.begin(_job(run, experiment), experiment_id)
        return run

    def _created(
        self, experiment_id: str, user_id: str, start_time: int, tags: list[RunTag], run_name: str | None
    ) -> Run:
        """The run; its artifacts go to Azure's place unless its experiment was given another one."""
        run = super().create_run(experiment_id, user_id, start_time, tags, run_name)
        root = str(self.artifact_root_uri)
        if not str(run.info.artifact_uri).startswith(f"{root}/{experiment_id}/"):
            return run
        with self._raw.writing() as db:
            place = artifact_uri(root, run.info.run_id)
            db.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (place, run.info.run_id))
        return self.get_run(run.info.run_id)

    def update_run_info(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Update a run; status and end of a job's run stay as the job's life has them."""
        kind = next((value for (value,) in self._raw.read(_JOB, run_id, JOB_TAG)), "")
        if kind == INTERACTIVE_TAG:
            return self._update_interactive(run_id, run_status, end_time, run_name)
        if kind != "true":
            return super().update_run_info(run_id, run_status, end_time, run_name)
        info = super().update_run_info(run_id, None, None, run_name)
        self._named(run_id, run_name)
        return info

    def _update_interactive(
        self, run_id: str, run_status: int | None, end_time: int | None, run_name: str | None
    ) -> RunInfo:
        """Its first end is its job's. Told before MLflow, so that who is killed in between leaves two that agree."""
        if run_status is not None and self._jobs.is_over(run_id):
            run_status = end_time = None
        if run_status == RunStatus.RUNNING:
            self._jobs.hold(run_id)  # `start_run(run_id=…)`
        end = RunStatus.to_string(run_status) if run_status is not None and RunStatus.is_terminated(run_status) else ""
        is_news = bool(end) and self._jobs.settle(run_id, end, end_time)
        info = super().update_run_info(run_id, run_status, end_time, run_name)
        if is_news:
            self._jobs.wake()
        self._named(run_id, run_name)
        return info

    def _named(self, run_id: str, run_name: str | None) -> None:
        if run_name:
            self._jobs.describe(run_id, display_name=run_name)

    def set_tag(self, run_id: str, tag: RunTag) -> None:
        """Set a tag of a run, and so of the job that it is."""
        _check_mark([tag.key])
        super().set_tag(run_id, tag)
        self._jobs.tag(run_id, {tag.key: tag.value})

    def delete_tag(self, run_id: str, key: str) -> None:
        """Take a tag from a run, and so from the job that it is."""
        _check_mark([key])
        super().delete_tag(run_id, key)
        self._jobs.tag(run_id, {key: None})

    def delete_run(self, run_id: str) -> None:
        """Delete a run; lists of jobs hide it."""
        super().delete_run(run_id)
        self._jobs.describe(run_id, archived=1)

    def restore_run(self, run_id: str) -> None:
        """Bring a run back, and its job into the lists."""
        super().restore_run(run_id)
        self._jobs.describe(run_id, archived=0)

    def create_logged_model(  # noqa: PLR0917 - stock's own: whoever calls the store may give them by place
        self,
        experiment_id: str,
        name: str | None = None,
        source_run_id: str | None = None,
        tags: list[LoggedModelTag] | None = None,
        params: list[LoggedModelParameter] | None = None,
        model_type: str | None = None,
    ) -> LoggedModel:
        """Keep a model; what a job logs is its run's, even where the script began no run (as with MLflow 2)."""
        made_by = source_run_id or os.environ.get(_RUN)
        return super().create_logged_model(experiment_id, name, made_by, tags, params, model_type)

    def log_batch(
        self, run_id: str, metrics: Sequence[Metric], params: Sequence[Param], tags: Sequence[RunTag]
    ) -> None:
        """Log metrics, parameters and tags; metrics of a logged model take MLflow's own way."""
        _check_mark(tag.key for tag in tags or ())
        if params or tags or any(metric.model_id is not None for metric in metrics):
            super().log_batch(run_id, metrics, params, tags)
            self._jobs.tag(run_id, {tag.key: tag.value for tag in tags or ()})
            return
        _validate_run_id(run_id)
        _validate_batch_log_data(metrics, [], [])
        _validate_batch_log_limits(metrics, [], [])
        self._log_metrics(run_id, metrics)

    def _log_metrics(self, run_id: str, metrics: Sequence[Metric]) -> None:
        # Every stock path that logs a metric of a run ends here: log_metric, log_batch, models' metrics.
        rows = [self._row(run_id, metric, place) for metric, place in zip(metrics, _places(metrics), strict=True)]
        with _stock_errors(), self._raw.writing() as db:
            active = db.execute(_IS_ACTIVE, (run_id,)).fetchone()
            if active:
                db.executemany(_ADD, rows)
                db.executemany(_ADD_LATEST, rows)
        if not active:
            self._refuse(run_id)

    def _row(self, run_id: str, metric: Metric, place: str) -> tuple[str, str, float, int, int, bool]:
        _validate_metric(metric.key, metric.value, metric.timestamp, metric.step, path=place)
        is_nan, value = self.sanitize_metric_value(metric.value)
        return run_id, metric.key, value, metric.timestamp, metric.step, is_nan

    def _refuse(self, run_id: str) -> None:
        # Stock's own words: the run is not there, or it is deleted.
        with self.ManagedSessionMaker() as session:
            self._check_run_is_active(self._get_run(session, run_id))


class RegistryStore(SqlAlchemyRegistry):
    """MLflow's SQL registry of models, on the connections of this room; the workspace hears of every version."""

    def __init__(self, db: Path) -> None:
        ensure(db, WorkspaceFolder(db.parent).artifact_root)
        self._db = db
        super().__init__(database_uri(db))

    @classmethod
    def _get_or_create_engine(cls, db_uri: str) -> Engine:
        return engine(db_uri)

    def create_model_version(self, name: str, source: str, *args: Any, **kwargs: Any) -> ModelVersion:  # noqa: ANN401 - stock's own
        """Register a version, here and as a model of the workspace; what MLflow keeps as a prompt is no model."""
        made = self._made(name, partial(super().create_model_version, name, source, *args, **kwargs))
        if _IS_PROMPT in made.tags:
            return made
        place = self.get_model_version_download_uri(name, made.version)
        described = models.ModelVersion(
            name, int(made.version), place, made.description or "", made.run_id or "", made.user_id or "", made.tags
        )
        models.tell_workspace(self._db, described, _flavors(place))
        return made

    def _made(self, name: str, make: Callable[[], ModelVersion]) -> ModelVersion:
        """A new version; as in Azure, where a model is no more than its versions, the first one makes the model."""
        try:
            return make()
        except MlflowException as error:
            if error.message != _NO_SUCH_MODEL.format(name):  # one code stands for missing sources, too
                raise
            self.create_registered_model(name)
            return make()

    def delete_model_version(self, name: str, version: int | str) -> None:
        """Delete a version, here and in the workspace."""
        super().delete_model_version(name, version)
        models.forget_in_workspace(self._db, name, int(version))

    def delete_registered_model(self, name: str) -> None:
        """Delete a model with all its versions, here and in the workspace."""
        super().delete_registered_model(name)
        models.forget_in_workspace(self._db, name)

    def transition_model_version_stage(
        self,
        name: str,
        version: int | str,
        stage: str,
        archive_existing_versions: Any,  # noqa: ANN401 - as above
    ) -> ModelVersion:
        """Move a version to another stage, here and in the workspace."""
        moved = super().transition_model_version_stage(name, version, stage, archive_existing_versions)
        models.stages_in_workspace(self._db, name, int(version))
        return moved


def _check_mark(keys: Iterable[str]) -> None:
    """The mark of a job's run is the workspace's: it says whose word its status is."""
    if JOB_TAG in keys:
        raise MlflowException(f"The tag '{JOB_TAG}' is the workspace's own; choose another name.", BAD_REQUEST)


def _job(run: Run, experiment: str) -> JobRecord:
    """The job that a run is; MLflow's own tags are not its."""
    tags = run.data.tags
    own = {key: text for key, text in tags.items() if not key.startswith(OTHERS) and key != JOB_TAG}
    return record(
        run.info.run_id, experiment, display_name=run.info.run_name or "", parent=tags.get(PARENT_TAG, ""),
        tags=own, at=run.info.start_time / 1000,
    )  # fmt: skip


def _flavors(place: str) -> dict[str, Any]:
    """The flavors of a model in a folder of this machine; none for what is no MLflow model, or no whole one.

    MLflow has registered it by now, whatever is in it.
    """
    file = models.local_path(place) / mlmodel.FILE_NAME
    try:
        return mlmodel.flavors(file) if file.is_file() else {}
    except AssetPathException:
        return {}


def _places(metrics: Sequence[Metric]) -> list[str]:
    return [""] if len(metrics) == 1 else [f"metrics[{index}]" for index in range(len(metrics))]


@contextmanager
def _stock_errors() -> Generator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise MlflowException(str(error), TEMPORARILY_UNAVAILABLE) from error
    except sqlite3.Error as error:
        raise MlflowException(str(error), BAD_REQUEST) from error
    except OverflowError as error:
        raise MlflowException(str(error), INTERNAL_ERROR) from error
