"""When compute instances are started and stopped by their schedules. Looks, with a time passed in; acts on nothing.

A schedule that was missed while no supervisor lived is made up for, to its last due action: after a weekend the
instance is what it would be had somebody kept watch, but it is not started and stopped for every day.
"""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jupyter_aml.engine import machine
from jupyter_aml.entities.compute_record import ComputeRecord, Power
from jupyter_aml.entities.names import ComputeName
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.store import facts
from jupyter_aml.store.database import Database

if TYPE_CHECKING:
    from jupyter_aml.entities.power_schedule import PowerSchedule


class Alarms:
    """For each instance with schedules: until when they were honoured, and when the next is due."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._schedules: dict[ComputeName, tuple[PowerSchedule, ...]] = {}
        self._since: dict[ComputeName, float] = {}
        self._next: dict[ComputeName, float] = {}

    @property
    def are_set(self) -> bool:
        """Whether any will ring."""
        return bool(self._next)

    def set(self, name: ComputeName, compute: ComputeRecord | None) -> None:
        """Set those of this compute anew: what was due before it was said, or before the last start or stop, is not."""
        schedules = _schedules(compute) if compute else ()
        self._schedules[name] = schedules
        if compute and schedules:
            said = facts.last(self._database, compute.name, "compute.wished")
            self._since[name] = max(said.at if said else compute.created_at, compute.operation.at)
        self._wind(name)

    def due(self, now: float) -> Iterator[tuple[ComputeName, machine.PowerWished]]:
        """What is due by now: of each instance the last one."""
        for name, at in self._next.items():
            if at <= now and (power := _last(self._schedules[name], self._since[name], now)):
                yield name, machine.PowerWished(now, power, "Schedule")

    def rang(self, now: float) -> None:
        """What was due by now was written down."""
        for name in [name for name, at in self._next.items() if at <= now]:
            self._since[name] = now
            self._wind(name)

    def _wind(self, name: ComputeName) -> None:
        ahead = [schedule.next_after(self._since[name]) for schedule in self._schedules[name]]
        known = [at for at in ahead if at is not None]
        if known:
            self._next[name] = min(known)
        else:
            self._next.pop(name, None)


def _last(schedules: tuple["PowerSchedule", ...], since: float, now: float) -> Power | None:
    found = {at: schedule for schedule in schedules if (at := schedule.last_in(since, now)) is not None}
    return found[max(found)].action if found else None


def _schedules(compute: ComputeRecord) -> tuple["PowerSchedule", ...]:
    if not compute.is_instance or not compute.spec.get("schedules"):
        return ()
    from jupyter_aml.entities.power_schedule import schedules_of  # dates and zones: for those who have schedules

    try:
        return schedules_of(compute.spec, compute.created_at)
    except ValidationException as error:
        sys.stderr.write(f"The schedules of compute '{compute.name}' are not kept: {error}\n")
        return ()
