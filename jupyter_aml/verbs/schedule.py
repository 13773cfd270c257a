"""`schedule`: pipelines that run by the clock. Each verb is one call of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.option import ALL_RESULTS, DESCRIPTION, FILE, MAX_RESULTS, NO_WAIT, SET, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_aml import MLClient
    from jupyter_aml.client import LROPoller

NOUN: Final = Noun("schedule", "Pipelines that run by the clock.", "schedules")
Made = TypeVar("Made")
COLUMNS: Final = (
    ("Name", "name"),
    ("Enabled", "is_enabled"),
    ("NextDue", "next_due"),
    ("Trigger", "trigger.type"),
    ("Expression", "trigger.expression"),
    ("Frequency", "trigger.frequency"),
    ("Interval", "trigger.interval"),
    ("TimeZone", "trigger.time_zone"),
)
NAME: Final = name_of("schedule", "the schedule's name")
FIELDS: Final = (
    name_of("schedule", "its name", required=False),
    Option("--display-name", "TEXT", "what people call it"),
    DESCRIPTION,
    TAGS,
)


@NOUN.verb(
    "list",
    Option("--enabled-only", help="the enabled ones (the default)", hidden=True),
    Option("--disabled-only", help="the disabled ones"),
    Option("--include-disabled", help="the disabled ones too"),
    MAX_RESULTS,
    ALL_RESULTS,
    columns=COLUMNS,
    examples=("aml schedule list --include-disabled -o table",),
)
def list_(ml: MLClient, *, enabled_only: bool, disabled_only: bool, include_disabled: bool) -> Iterable[object]:
    """The enabled schedules, newest first."""
    del enabled_only
    from jupyter_aml.constants import ScheduleListViewType as View

    view = View.DISABLED_ONLY if disabled_only else View.ALL if include_disabled else View.ENABLED_ONLY
    return ml.schedules.list(list_view_type=view)


@NOUN.verb("show", NAME, columns=COLUMNS)
def show(ml: MLClient, name: str) -> object:
    """One schedule."""
    return ml.schedules.get(name)


@NOUN.verb(
    "create",
    FILE,
    *FIELDS,
    SET,
    NO_WAIT,
    columns=COLUMNS,
    examples=("aml schedule create -f nightly.yml", "aml schedule create -f nightly.yml --set trigger.interval=2"),
)
def create(ml: MLClient, *, no_wait: bool, **said: object) -> object:
    """Run a pipeline by the clock; the schedule of that name is changed."""
    poller = ml.schedules.begin_create_or_update(drafts.loaded("load_schedule", FIELDS, said))
    return _waited(poller, no_wait=no_wait)


@NOUN.verb("update", FILE, NAME, *FIELDS[1:], SET, NO_WAIT, columns=COLUMNS)
def update(ml: MLClient, *, name: str, no_wait: bool, **said: object) -> object:
    """Change a schedule; what is not said stays."""
    found = ml.schedules.get(name)
    draft = drafts.edited("load_schedule", found, FIELDS, {**said, "name": name})
    draft.is_enabled = found.is_enabled
    return _waited(ml.schedules.begin_create_or_update(draft), no_wait=no_wait)


@NOUN.verb("enable", NAME, NO_WAIT, done="{name} is enabled.")
def enable(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Let it run its jobs again, from its next due time on."""
    _waited(ml.schedules.begin_enable(name), no_wait=no_wait)


@NOUN.verb("disable", NAME, NO_WAIT, done="{name} is disabled; jobs that run go on.")
def disable(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Let it run no more jobs."""
    _waited(ml.schedules.begin_disable(name), no_wait=no_wait)


@NOUN.verb("delete", NAME, NO_WAIT, asks=True, done="Deleted {name}; its jobs stay.")
def delete(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Forget a disabled schedule; its jobs stay."""
    _waited(ml.schedules.begin_delete(name), no_wait=no_wait)


@NOUN.verb("trigger", NAME, columns=(("JobName", "job_name"), ("Action", "schedule_action_type")))
def trigger(ml: MLClient, name: str) -> object:
    """Run its job now, besides its hours."""
    return ml.schedules.trigger(name)


def _waited(poller: LROPoller[Made], *, no_wait: bool) -> Made | None:
    """What became of it; nothing when nobody waits."""
    return None if no_wait else poller.result()
