"""Schedules: said, enabled, disabled, asked to run now. None is due here; that is `engine.schedules`."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from jupyter_aml.constants import ScheduleListViewType
from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.names import JobName, checked
from jupyter_aml.entities.schedule import JobSchedule
from jupyter_aml.entities.schedule_record import JobTemplate, ScheduledJob, ScheduleRecord, job_name, made
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, ValidationException, did_you_mean
from jupyter_aml.operations import access, jobs, orchestrators
from jupyter_aml.operations.schedule_jobs import job_spec, template_of
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import schedules

_VIEWS: Final[Mapping[str, bool | None]] = {
    ScheduleListViewType.ENABLED_ONLY: True,
    ScheduleListViewType.DISABLED_ONLY: False,
    ScheduleListViewType.ALL: None,
}


def create_or_update(workspace: Workspace, draft: JobSchedule) -> ScheduleRecord:
    """Keep a schedule, its job frozen as it is now; a new one without a start time runs at once (§10).

    Raises AuthorizationError first, then ValidationException or ResourceNotFoundError before anything is stored.
    """
    access.require(workspace, "schedules/write", _target(draft.name))
    jobs.named(workspace, None, "code")  # whoever schedules a job submits it
    name, now = checked("schedule", draft.name), time.time()
    known = schedules.get(workspace.database, name)
    record = _record(workspace, draft, known, now)
    _check(record, now)
    template = template_of(workspace, record.name, draft.create_job)
    is_first = known is None and record.is_enabled and not record.trigger.get("start_time")
    job = _ready(workspace, record, template, job_name(record, now), now) if is_first else None
    return _keep(workspace, draft, template, job, now)


def _record(workspace: Workspace, draft: JobSchedule, known: ScheduleRecord | None, now: float) -> ScheduleRecord:
    """What is said of it now. A trigger that stays the same goes on from where it began."""
    spec: dict[str, Any] = draft.spec()
    enabled = draft.is_enabled is not False
    if known is None:
        return ScheduleRecord(draft.name, spec, enabled, now, now, now, workspace.principal)
    begun_at = known.begun_at if known.trigger == spec["trigger"] else now
    return replace(known, spec={**spec, "name": known.name}, is_enabled=enabled, begun_at=begun_at, modified_at=now)


def _check(record: ScheduleRecord, now: float) -> None:
    """Everything that can be said against the trigger."""
    try:
        clock = record.clockwork()
    except ValidationException as error:
        raise ValidationException(f"trigger.{error.message}", resolution=error.resolution) from None
    if clock.end is not None and clock.end <= now:
        message = f"trigger.end_time: '{record.trigger['end_time']}' is in the past."
        raise ValidationException(message, resolution="Leave it out: the schedule then runs until it is disabled.")
    if clock.next_after(now) is None and record.trigger.get("start_time"):
        raise ValidationException("trigger: it is never due.", resolution="Look at its start_time, end_time and days.")


def _keep(
    workspace: Workspace, draft: JobSchedule, template: JobTemplate, job: ScheduledJob | None, due: float
) -> ScheduleRecord:
    """Written as it stands at that moment: while its job was frozen, it may have fired, and others may have said it.

    `job` is its first one, unless somebody else has begun it.
    """
    with workspace.database.transaction() as connection:
        known = schedules.get(workspace.database, draft.name)
        first = job if known is None else None
        record = _record(workspace, draft, known, due if first else time.time())
        record = replace(record, spec={**record.spec, "create_job": job_spec(draft.create_job, template)})
        schedules.put(connection, record, template)
        schedules.tell(connection, record.modified_at, "schedule.wished", record.name, enabled=record.is_enabled)
        if first:
            schedules.fire(connection, first, "schedule.fired", record.name, due=due)
    if job and not first:
        workspace.runs.set_status(job.record.name, "KILLED", int(time.time() * 1000))
    return record


def _ready(
    workspace: Workspace, schedule: ScheduleRecord, template: JobTemplate, name: JobName, due: float
) -> ScheduledJob:
    """A job of the schedule, its plan and its run there: no row tells of it yet."""
    job = made(schedule, template, name, due, time.time())
    orchestrators.keep(pipeline_template(workspace.folder.jobs, name), job.plan)
    record = job.record
    workspace.runs.create(
        name, record.experiment, display_name=record.display_name,
        artifact_uri=workspace.folder.artifacts(name).as_uri(), tags={**record.properties, **record.tags},
        start_ms=int(record.created_at * 1000),
    )  # fmt: skip
    return job


def get(workspace: Workspace, name: str) -> ScheduleRecord:
    """The schedule of that name (any case). ResourceNotFoundError with the nearest name."""
    access.require(workspace, "schedules/read", _target(name))
    return _found(workspace, name)


def _found(workspace: Workspace, name: str) -> ScheduleRecord:
    if found := schedules.get(workspace.database, name):
        return found
    message = f"Not found schedule with name '{name}' in workspace {workspace.id.name}."
    raise ResourceNotFoundError(message, resolution=did_you_mean(name, schedules.names(workspace.database)))


def every(workspace: Workspace, list_view_type: str = ScheduleListViewType.ENABLED_ONLY) -> list[ScheduleRecord]:
    """The enabled schedules, the disabled ones, or all, newest first. ValidationException for another view."""
    access.require(workspace, "schedules/read", "schedules")
    if list_view_type not in _VIEWS:
        message = f"list_view_type: '{list_view_type}' is not a view."
        raise ValidationException(message, resolution=did_you_mean(list_view_type, _VIEWS))
    wanted = _VIEWS[list_view_type]
    return [found for found in schedules.select(workspace.database) if wanted is None or found.is_enabled == wanted]


def next_due(schedule: ScheduleRecord) -> float | None:
    """When a schedule fires next; None when it is disabled, over, or not understood here."""
    try:
        return schedule.clockwork().next_after(time.time()) if schedule.is_enabled else None
    except ValidationException:  # a newer version wrote it
        return None


def enable(workspace: Workspace, name: str, *, enabled: bool = True) -> ScheduleRecord:
    """Let it run its jobs from now on, or no more. One that is so already is left alone."""
    access.require(workspace, "schedules/write", _target(name))
    get(workspace, name)
    with workspace.database.transaction() as connection:
        found = _found(workspace, name)
        if found.is_enabled == enabled:
            return found
        changed = replace(found, is_enabled=enabled, modified_at=time.time())
        schedules.put(connection, changed)
        schedules.tell(connection, changed.modified_at, "schedule.wished", changed.name, enabled=enabled)
    return changed


def delete(workspace: Workspace, name: str) -> None:
    """Forget a schedule that is disabled; its jobs stay. UserErrorException while it is enabled."""
    access.require(workspace, "schedules/delete", _target(name))
    get(workspace, name)
    with workspace.database.transaction() as connection:
        found = _found(workspace, name)
        if found.is_enabled:
            raise UserErrorException(
                f"Schedule '{found.name}' is enabled: only a disabled schedule can be deleted.",
                resolution=f"Disable it first: ml_client.schedules.begin_disable('{found.name}').result()",
            )
        schedules.delete(connection, found.name)
        schedules.tell(connection, time.time(), "schedule.wished", found.name, enabled=False)
        schedules.tell(connection, time.time(), "schedule.deleted", found.name)


def trigger(workspace: Workspace, name: str, *, due: float | None = None) -> JobName:
    """Run the job of an enabled schedule now, besides its hours (as if it were `due`); the job's name."""
    access.require(workspace, "schedules/write", _target(name))
    job = jobs.named(workspace, None, None)
    found = get(workspace, name)
    if not found.is_enabled:
        raise UserErrorException(
            f"Schedule '{found.name}' is disabled, and runs no job.",
            resolution=f"Enable it: ml_client.schedules.begin_enable('{found.name}').result()",
        )
    at = time.time() if due is None else due
    ready = _ready(workspace, found, schedules.template(workspace.database, found.name), job, at)
    with workspace.database.transaction() as connection:
        schedules.fire(connection, ready, "schedule.triggered", found.name, due=at)
    return job


def _target(name: str) -> str:
    return f"schedules/{name}"
