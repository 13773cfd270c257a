"""A sweep's trials in the store: read, begun, told to end. Every change is one transaction; nothing is decided here."""

import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

from jupyter_aml.engine.orchestrators.program import NotWantedError
from jupyter_aml.engine.orchestrators.sweep import trial as trials
from jupyter_aml.engine.orchestrators.sweep.course import Best, Trial
from jupyter_aml.engine.orchestrators.sweep.policies import Verdict
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_plan import (
    BEST_CHILD,
    BEST_SCORE,
    HYPERPARAMETERS,
    SweepPlan,
    hyperparameters,
    trial_number,
)
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.store import computes, facts, jobs
from jupyter_aml.store.database import Database, Transaction
from jupyter_aml.tracking.runs import Runs


class Ledger:
    """One sweep's rows. The sweep itself is only described here; its status is the supervisor's."""

    def __init__(self, folder: WorkspaceFolder, sweep: JobName, plan: SweepPlan) -> None:
        self.folder, self.sweep, self.plan = folder, sweep, plan
        self.database = Database(folder.database)
        self.runs = Runs(folder.tracking_database)

    # ── reading ──

    def trials(self, sweep: str) -> list[Trial]:
        """Every trial that a sweep has begun, by number, with what it logged."""
        children = jobs.children(self.database, sweep)
        values = self.runs.values(self.plan.metric, [child.name for child in children])
        found = (
            Trial(number, child.name, hyperparameters(child.tags), child.status, values[child.name])
            for child in children
            if (number := trial_number(sweep, child.name)) is not None
        )
        return sorted(found, key=lambda trial: trial.number)

    def statuses(self, names: Iterable[str]) -> Mapping[JobName, JobStatus]:
        """How these trials stand."""
        return jobs.statuses(self.database, names)

    def values(self, names: Iterable[str]) -> Mapping[str, tuple[float, ...]]:
        """What these trials have logged of the primary metric."""
        return self.runs.values(self.plan.metric, names)

    def logged(self, name: str) -> list[str]:
        """The names of all metrics that a trial has logged."""
        return sorted(self.runs.latest([name])[name])

    def error(self, name: str) -> str:
        """What is said of a trial that failed."""
        return jobs.get(self.database, name).error

    def slots(self) -> int:
        """How many trials the compute could run at once, as it is now; one, where it is gone."""
        try:
            compute = computes.get(self.database, self.plan.template.compute)
        except ResourceNotFoundError:
            return 1
        return max(1, compute.max_nodes // self.plan.template.nodes)

    # ── writing ──

    def begin(self, number: int, params: Mapping[str, Any]) -> Trial:
        """Wish a trial. NotWantedError when the sweep is about to end; ResourceExistsError when somebody took its name.

        MLflow's run first, like all that MLflow is told.
        """
        record = trials.record(self.plan.template, self.sweep, number, params, time.time())
        launch = trials.launch(self.plan.template, self.sweep, number, params)
        self._create_run(record)
        with self.database.transaction() as connection:
            if not jobs.may_have_children(connection, self.sweep):
                raise NotWantedError
            jobs.insert(connection, record, launch.to_json())
            facts.append(
                connection, at=record.created_at, kind="job.wished", subject=record.name,
                experiment=record.experiment, compute=record.compute, parent=self.sweep,
            )  # fmt: skip
            facts.append(
                connection, at=record.created_at, kind="sweep.trial", subject=self.sweep,
                child=record.name, number=number, params=record.tags[HYPERPARAMETERS],
            )  # fmt: skip
        return Trial(number, record.name, params)

    def _create_run(self, record: JobRecord) -> None:
        tags = {**record.properties, **record.tags}
        is_new = self.runs.create(
            record.name,
            record.experiment,
            display_name=record.display_name,
            artifact_uri=self.folder.artifacts(record.name).as_uri(),
            tags=tags,
            start_ms=int(record.created_at * 1000),
            parent=self.sweep,
        )
        if not is_new:  # a program that was killed in between left it
            self.runs.set_tags(record.name, tags)

    def end(self, trial: Trial, verdict: Verdict) -> None:
        """Wish a trial's end, and say why."""
        now = time.time()
        with self.database.transaction() as connection:
            facts.append(
                connection, at=now, kind="sweep.terminated", subject=self.sweep, child=trial.name,
                policy=verdict.policy, interval=verdict.interval, value=verdict.value, bound=verdict.bound,
            )  # fmt: skip
            _wish_end(connection, now, trial.name, self.sweep)

    def end_all(self) -> None:
        """Wish the end of every trial that goes on."""
        with self.database.transaction() as connection:
            for name in jobs.unfinished_children(connection, self.sweep):
                _wish_end(connection, time.time(), name, self.sweep)

    def note_best(self, best: Best) -> None:
        """Which child is the best one now."""
        with self.database.transaction() as connection:
            known = jobs.get(self.database, self.sweep).properties
            properties = {**known, BEST_CHILD: best.child, BEST_SCORE: repr(best.value)}
            jobs.describe(connection, self.sweep, {"properties": json.dumps(properties)})
            facts.append(
                connection, at=time.time(), kind="sweep.best", subject=self.sweep, child=best.child, value=best.value
            )

    def note_params(self, tags: Mapping[str, str]) -> None:
        """The values of its trials among the sweep's own tags, where Azure has them."""
        self.runs.set_tags(self.sweep, tags)
        with self.database.transaction() as connection:
            known = jobs.get(self.database, self.sweep).tags
            jobs.describe(connection, self.sweep, {"tags": json.dumps({**known, **tags})})

    def note(self, kind: str, **body: facts.FactValue) -> None:
        """Something else that is worth a line."""
        with self.database.transaction() as connection:
            facts.append(connection, at=time.time(), kind=kind, subject=self.sweep, **body)


def _wish_end(connection: Transaction, at: float, name: JobName, sweep: JobName) -> None:
    facts.append(connection, at=at, kind="job.cancel.wished", subject=name, parent=sweep)
