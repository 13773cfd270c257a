"""Schedules in the store: rows of `resources`, their jobs' template beside them. Rows in, rows out; nothing is due."""

from jupyter_aml.entities.schedule_record import JobTemplate, ScheduledJob, ScheduleRecord, of_resource, template_of
from jupyter_aml.store import facts, jobs, resources
from jupyter_aml.store.database import Database, Transaction
from jupyter_aml.store.facts import FactValue


def put(connection: Transaction, schedule: ScheduleRecord, template: JobTemplate | None = None) -> None:
    """Create the schedule, or replace what is said of it, and its template if there is a new one."""
    resources.put(connection, schedule.as_resource())
    if template:
        resources.put(connection, template.as_resource(schedule.name, schedule.modified_at))


def get(database: Database, name: str) -> ScheduleRecord | None:
    """The schedule of that name (any case), or None."""
    row = resources.get(database, "schedule", name)
    return of_resource(row) if row else None


def template(database: Database, name: str) -> JobTemplate:
    """From what its jobs are made. KeyError, TypeError when somebody spoiled it."""
    row = resources.get(database, "schedule template", name)
    if row is None:
        raise KeyError(name)
    return template_of(row)


def select(database: Database) -> list[ScheduleRecord]:
    """All schedules, newest first."""
    return [of_resource(row) for row in resources.select(database, "schedule")]


def names(database: Database) -> list[str]:
    """The names of all schedules, newest first."""
    return [row.name for row in resources.select(database, "schedule")]


def any_enabled(database: Database) -> bool:
    """Whether a supervisor has a schedule to keep."""
    row = database.connection.execute(
        "SELECT 1 FROM resources WHERE kind = 'schedule' AND json_extract(spec, '$.is_enabled') LIMIT 1"
    ).fetchone()
    return row is not None


def delete(connection: Transaction, name: str) -> None:
    """Forget the schedule and its template; its jobs stay."""
    resources.delete(connection, "schedule", name)
    resources.delete(connection, "schedule template", name)


def fire(connection: Transaction, job: ScheduledJob, kind: str, schedule: str, *, due: float) -> None:
    """Wish the job of a schedule that was due (`schedule.fired`), or that somebody asked for (`.triggered`)."""
    record = job.record
    jobs.insert(connection, record, job.launch)
    facts.append(
        connection, at=record.created_at, kind="job.wished", subject=record.name,
        experiment=record.experiment, compute=record.compute, schedule=schedule,
    )  # fmt: skip
    tell(connection, record.created_at, kind, schedule, due=due, job=record.name)


def tell(connection: Transaction, at: float, kind: str, schedule: str, **body: FactValue) -> None:
    """A fact about a schedule."""
    facts.append(connection, at=at, kind=kind, subject=schedule, **body)
