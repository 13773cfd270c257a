"""When schedules fire: their jobs are made from what was frozen with them. No job is started here.

A job, its wish and the fact that its schedule fired are one transaction, and that fact is the place from which the next
supervisor looks on: killed anywhere, it fires what was due once. What was due longer ago than `PATIENCE`, because no
supervisor lived or the machine slept, is counted and not made up for.
"""

import sys
from typing import TYPE_CHECKING, Final

from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.schedule_record import ScheduledJob, ScheduleRecord, job_name, made
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import MlException, StoreError
from jupyter_aml.store import facts, jobs, schedules
from jupyter_aml.store.database import Database
from jupyter_aml.tracking.runs import Runs

if TYPE_CHECKING:
    from jupyter_aml.entities.due_times import Clockwork

PATIENCE: Final = 60.0
"""Seconds that a supervisor may be late: to begin again after it was killed, to get at a locked database."""
_SPOILED: Final = (OSError, ValueError, TypeError, KeyError, AttributeError, MlException)
_PLACES: Final = ("schedule.wished", "schedule.fired", "schedule.failed", "schedule.missed")
"""The facts that say until when a schedule was kept: the newest counts."""


class Timetable:
    """The enabled schedules: until when each was kept, and when it is due next."""

    def __init__(self, folder: WorkspaceFolder, database: Database, runs: Runs) -> None:
        self._folder, self._database, self._runs = folder, database, runs
        self._clocks: dict[str, Clockwork] = {}
        self._since: dict[str, float] = {}
        self._next: dict[str, float] = {}

    @property
    def are_set(self) -> bool:
        """Whether any will be due."""
        return bool(self._next)

    def recover(self) -> None:
        """Every schedule, kept on from where the supervisor before left it."""
        for name in schedules.names(self._database):
            self.set(name)

    def set(self, name: str) -> None:
        """Look at this schedule anew: what was due before it was last said, enabled ones included, is over."""
        self._clocks.pop(name, None)
        self._next.pop(name, None)
        try:
            schedule = schedules.get(self._database, name)
            if schedule is None or not schedule.is_enabled:
                return
            self._clocks[name] = schedule.clockwork()
        except StoreError:
            raise
        except _SPOILED as error:  # a newer version wrote it
            _say(f"Schedule '{name}' is not kept: {error}")
            return
        newest = facts.last_of(self._database, name, _PLACES)
        self._since[name] = _place(newest) if newest else schedule.created_at
        self._wind(name)

    def fire(self, now: float) -> None:
        """Everything that is due by now. StoreError when our database is locked: it is due at the next turn still."""
        for name in [name for name, at in self._next.items() if at <= now]:
            last = self._clocks[name].last_in(self._since[name], now)
            if last is not None and self._keep(name, last, now):
                self._since[name] = last
                self._wind(name)

    def _wind(self, name: str) -> None:
        ahead = self._clocks[name].next_after(self._since[name])
        if ahead is None:
            self._next.pop(name, None)
        else:
            self._next[name] = ahead

    def _keep(self, name: str, last: float, now: float) -> bool:
        """Fire the last time that it was due, unless that is long ago; whether it was dealt with."""
        is_late = now - last > PATIENCE
        missed = self._clocks[name].count_in(self._since[name], last) - (not is_late)
        schedule = schedules.get(self._database, name)
        if schedule is None or not schedule.is_enabled:
            return True  # its wish is read in this turn
        job = "" if is_late else self._made(schedule, last, now)
        if job is None:
            return False
        with self._database.transaction() as connection:
            if missed:
                since = self._since[name]
                schedules.tell(connection, now, "schedule.missed", name, count=missed, since=since, due=last)
            if isinstance(job, ScheduledJob):
                schedules.fire(connection, job, "schedule.fired", name, due=last)
            elif job:
                schedules.tell(connection, now, "schedule.failed", name, due=last, error=job)
        return True

    def _made(self, schedule: ScheduleRecord, due: float, now: float) -> ScheduledJob | str | None:
        """The job, its plan and its run there; a text that says why it cannot be made; None while MLflow is locked."""
        name = self._free(schedule, due)
        try:
            job = made(schedule, schedules.template(self._database, schedule.name), name, due, now)
            _put(self._folder, job)
            return job if self._has_run(job) else None
        except _SPOILED as error:
            _say(f"Schedule '{schedule.name}' could not make its job: {type(error).__name__}: {error}")
            return f"{type(error).__name__}: {error}"

    def _free(self, schedule: ScheduleRecord, due: float) -> JobName:
        """The job's name; the next one where somebody has a job of that name."""
        again = 0
        while jobs.find(self._database, name := job_name(schedule, due, again=again)):
            again += 1
        return name

    def _has_run(self, job: ScheduledJob) -> bool:
        """MLflow's run first, as everywhere; one that a killed supervisor left is taken. False while it is locked."""
        record = job.record
        try:
            self._runs.create(
                record.name, record.experiment, display_name=record.display_name,
                artifact_uri=self._folder.artifacts(record.name).as_uri(), tags={**record.properties, **record.tags},
                start_ms=int(record.created_at * 1000),
            )  # fmt: skip
        except StoreError as error:
            _say(f"Job '{record.name}' of a schedule waits: {error}")
            return False
        return True


def _place(fact: facts.Fact) -> float:
    due = fact.body.get("due")
    return float(due) if isinstance(due, int | float) else fact.at


def _put(folder: WorkspaceFolder, job: ScheduledJob) -> None:
    """Its plan, whole, before there is a row that needs it."""
    path = pipeline_template(folder.jobs, job.record.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(job.plan)
    beside.rename(path)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
