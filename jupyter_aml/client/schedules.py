"""`ml_client.schedules`: SDK v2's operations. Translates; decides nothing."""

from collections.abc import Iterator
from datetime import datetime

from jupyter_aml.client.assets import context
from jupyter_aml.client.poller import LROPoller
from jupyter_aml.constants import ScheduleListViewType
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.schedule import JobSchedule, ScheduleTriggerResult
from jupyter_aml.entities.schedule_record import ScheduleRecord, iso
from jupyter_aml.operations import schedules
from jupyter_aml.operations.workspaces import Workspace


class ScheduleOperations:
    """Schedules: which pipeline runs when. The supervisor keeps them, with no notebook open."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def begin_create_or_update(self, schedule: JobSchedule) -> LROPoller[JobSchedule]:
        """Keep a schedule; it is enabled, and its job is frozen as it is now. Done at once, polled as in the cloud."""
        return self._begun(schedules.create_or_update(self._workspace, schedule))

    def begin_enable(self, name: str) -> LROPoller[JobSchedule]:
        """Let it run its jobs again: from its next due time on."""
        return self._begun(schedules.enable(self._workspace, name))

    def begin_disable(self, name: str) -> LROPoller[JobSchedule]:
        """Let it run no more jobs; those that run go on."""
        return self._begun(schedules.enable(self._workspace, name, enabled=False))

    def begin_delete(self, name: str) -> LROPoller[bool]:
        """Forget a schedule that is disabled; its jobs stay. UserErrorException while it is enabled."""
        schedules.delete(self._workspace, name)
        self._wake()
        return LROPoller(lambda: True)

    def get(self, name: str) -> JobSchedule:
        """The schedule of that name. ResourceNotFoundError with the nearest name."""
        self._wake()
        return self._shown(schedules.get(self._workspace, name))

    def list(self, *, list_view_type: str = ScheduleListViewType.ENABLED_ONLY) -> Iterator[JobSchedule]:
        """The enabled schedules, newest first; `DisabledOnly` or `All` of them (§1.3)."""
        found = schedules.every(self._workspace, list_view_type)
        if any(record.is_enabled for record in found):
            self._wake()
        return (self._shown(record) for record in found)

    def trigger(self, name: str, *, schedule_time: str | datetime | None = None) -> ScheduleTriggerResult:
        """Run an enabled schedule's job now, besides its hours."""
        at = datetime.fromisoformat(schedule_time) if isinstance(schedule_time, str) else schedule_time
        job = schedules.trigger(self._workspace, name, due=at.timestamp() if at else None)
        self._wake()
        return ScheduleTriggerResult(job)

    def _begun(self, record: ScheduleRecord) -> LROPoller[JobSchedule]:
        self._wake()
        return LROPoller(lambda: self._shown(record), wake=self._wake)

    def _wake(self) -> None:
        lifecycle.ensure(self._workspace.folder)

    def _shown(self, record: ScheduleRecord) -> JobSchedule:
        row, due = record.as_resource(), schedules.next_due(record)
        return JobSchedule.of({
            **record.spec, "name": record.name, "id": f"{self._workspace.id.arm}/schedules/{record.name}",
            "is_enabled": record.is_enabled, "provisioning_state": "Succeeded", "creation_context": context(row),
            "next_due": None if due is None else iso(due),
        })  # fmt: skip
