"""The hours of a compute instance: its start and stop schedules, and how long it may idle. No clock is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from jupyter_aml.entities.due_times import Clockwork, clockwork
from jupyter_aml.exceptions import ValidationException

_DURATION: Final = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE)
_UNITS: Final = (604_800, 86_400, 3600, 60, 1)
_SHORTEST, _LONGEST = 15 * 60, 3 * 86_400
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class PowerSchedule:
    """Start or stop, whenever the clockwork is due."""

    action: Literal["start", "stop"]
    due: Clockwork

    def next_after(self, at: float) -> float | None:
        """The first time after `at` that it is due, or None."""
        return self.due.next_after(at)

    def last_in(self, after: float, until: float) -> float | None:
        """The last time in `(after, until]` that it was due, or None."""
        return self.due.last_in(after, until)


def schedules_of(spec: Mapping[str, Any], said_at: float) -> tuple[PowerSchedule, ...]:
    """The enabled schedules of a compute instance. ValidationException by the path of what cannot be kept."""
    groups = cast("Mapping[str, Any]", spec.get("schedules") or {})
    listed = cast("list[Mapping[str, Any]]", groups.get("compute_start_stop") or [])
    found = [_schedule(f"schedules.compute_start_stop.{index}", one, said_at) for index, one in enumerate(listed)]
    return tuple(schedule for schedule, is_enabled in found if is_enabled)


def _schedule(path: str, spec: Mapping[str, Any], said_at: float) -> tuple[PowerSchedule, bool]:
    action = str(spec.get("action") or "").lower()
    if action not in {"start", "stop"}:
        raise ValidationException(f"{path}.action: '{spec.get('action')}' is neither start nor stop.")
    try:
        due = clockwork(cast("Mapping[str, Any]", spec.get("trigger") or {}), said_at)
    except ValidationException as error:
        raise ValidationException(f"{path}.trigger.{error.message}", resolution=error.resolution) from None
    state = str(spec.get("state") or "enabled").lower()
    return PowerSchedule(cast("Literal['start', 'stop']", action), due), state != "disabled"


def idle_seconds_of(spec: Mapping[str, Any]) -> float:
    """After how many idle seconds an instance is shut down; 0: never. ValidationException outside of Azure's limits."""
    minutes, text = spec.get("idle_time_before_shutdown_minutes"), spec.get("idle_time_before_shutdown")
    if minutes is None and text is None:
        return 0.0
    field = "idle_time_before_shutdown" if minutes is None else "idle_time_before_shutdown_minutes"
    seconds = float(minutes) * _MINUTE if minutes is not None else _seconds(field, str(text))
    if not _SHORTEST <= seconds <= _LONGEST:
        message = f"{field}: {text if minutes is None else minutes} is outside of 15 minutes to 3 days."
        raise ValidationException(message, resolution="E.g. idle_time_before_shutdown='PT30M'.")
    return seconds


def _seconds(field: str, text: str) -> float:
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        message = f"{field}: '{text}' is not an ISO 8601 duration."
        raise ValidationException(message, resolution="E.g. 'PT30M' for half an hour, 'P1D' for a day.")
    return float(sum(int(number or 0) * unit for number, unit in zip(found.groups(), _UNITS, strict=True)))
