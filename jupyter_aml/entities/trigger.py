"""When something recurs: cron expressions and recurrences, as the SDK v2 writes them. Values only; no clock is read."""

from collections.abc import Mapping
from enum import Enum
from typing import Annotated, Any, cast

from pydantic import BeforeValidator, Field, WithJsonSchema

from jupyter_aml.entities.draft import Draft, DraftError, mapping
from jupyter_aml.entities.fields import Choice, Moment


def _listed(value: object) -> object:
    return [value] if isinstance(value, int | str) else value


def _zone(value: object) -> object:
    """A zone by its name; azure-ai-ml itself writes its default as `TimeZone.UTC`."""
    text = value.value if isinstance(value, Enum) else value
    return text.removeprefix("TimeZone.") if isinstance(text, str) else text


_Days = Annotated[str, Choice("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")]
_Numbers = Annotated[
    list[int],
    BeforeValidator(_listed),
    WithJsonSchema({"type": ["array", "integer"], "items": {"type": "integer"}}),
]


class Trigger(Draft):
    """What both kinds have: from when, until when, in which time zone (Windows' or IANA's name)."""

    type: str
    start_time: Moment | None = None
    end_time: Moment | None = None
    time_zone: Annotated[str, BeforeValidator(_zone)] = "UTC"


class CronTrigger(Trigger):
    """A cron expression of five fields: minutes, hours, days, months, days of the week."""

    type: Annotated[str, Choice("cron")] = "cron"
    expression: str


class RecurrencePattern(Draft):
    """At which hours and minutes, and on which days of the week or month."""

    hours: _Numbers
    minutes: _Numbers
    week_days: Annotated[list[_Days], BeforeValidator(_listed)] | None = None
    month_days: _Numbers | None = None


def _pattern(value: object) -> object:
    """Azure writes a pattern without hours and minutes for none."""
    return None if value == {"hours": [], "minutes": []} else value


class RecurrenceTrigger(Trigger):
    """Every `interval` minutes, hours, days, weeks or months."""

    type: Annotated[str, Choice("recurrence")] = "recurrence"
    frequency: Annotated[str, Choice("minute", "hour", "day", "week", "month")]
    interval: int = Field(ge=1)
    schedule: Annotated[RecurrencePattern | None, BeforeValidator(_pattern)] = None


def trigger_of(value: object) -> Trigger:
    """A trigger from what a person may give: one, or a mapping whose `type` is cron or recurrence."""
    if isinstance(value, Trigger):
        return value
    fields = mapping(cast("Mapping[object, object]", value))
    if "type" not in fields:
        raise DraftError("trigger", (("type", "required, and not given. It is 'cron' or 'recurrence'."),))
    kind = Choice("cron", "recurrence")(str(fields["type"]))
    return (CronTrigger if kind == "cron" else RecurrenceTrigger).of(cast("Mapping[Any, Any]", fields))
