"""When triggers are due: held against a reader that looks at every minute, and against hand-made calendars (§10)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aml.entities.due_times import clockwork
from jupyter_aml.entities.time_zones import WINDOWS, zone_of
from jupyter_aml.exceptions import ValidationException

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def at(text: str, zone: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone_of(zone)).timestamp()


def due(trigger: dict[str, Any], since: str, until: str) -> list[str]:
    """Every time it is due in `(since, until]`, in the trigger's own time zone."""
    zone = str(trigger.get("time_zone") or "UTC")
    clock, moment, end = clockwork(trigger, at(since, zone)), at(since, zone), at(until, zone)
    found: list[str] = []
    while (ahead := clock.next_after(moment)) is not None and ahead <= end:
        found.append(datetime.fromtimestamp(ahead, zone_of(zone)).strftime("%Y-%m-%d %H:%M"))
        moment = ahead
    return found


def cron(expression: str, **more: Any) -> dict[str, Any]:
    return {"type": "cron", "expression": expression, **more}


def every(frequency: str, interval: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": "recurrence", "frequency": frequency, "interval": interval, **more}


# ── cron ──


@pytest.mark.parametrize(
    ("expression", "times"),
    [
        ("0 18 * * *", ["2026-11-25 18:00", "2026-11-26 18:00"]),
        ("*/20 9-10 * * 4", ["2026-11-26 09:00", "2026-11-26 09:20", "2026-11-26 09:40",
                             "2026-11-26 10:00", "2026-11-26 10:20", "2026-11-26 10:40"]),
        ("15,45 8 * * wed,FRIDAY", ["2026-11-25 08:15", "2026-11-25 08:45"]),
        ("0 0 * * 0", []),
        ("30 23 * * 1-5", ["2026-11-25 23:30", "2026-11-26 23:30"]),
        ("5/30 12 * * *", ["2026-11-25 12:05", "2026-11-25 12:35", "2026-11-26 12:05", "2026-11-26 12:35"]),
        ("0 6 31 2 *", ["2026-11-25 06:00", "2026-11-26 06:00"]),
    ],
)  # fmt: skip
def test_a_cron_expression_is_due_when_it_says_and_its_days_and_months_are_read_as_any(
    expression: str, times: list[str]
) -> None:
    assert due(cron(expression), "2026-11-25T00:00", "2026-11-27T00:00") == times


def test_sunday_is_0_and_7() -> None:
    for number in ("0", "7", "sun"):
        assert due(cron(f"0 1 * * {number}"), "2026-11-23T00:00", "2026-11-30T00:00") == ["2026-11-29 01:00"]


# ── recurrence ──


@pytest.mark.parametrize(
    ("trigger", "times"),
    [
        (every("minute", 30), ["2026-11-23 00:30", "2026-11-23 01:00"]),
        (every("hour", 1, start_time="2026-11-22T23:10"), ["2026-11-23 00:10"]),
    ],
)
def test_minutes_and_hours_step_from_the_start(trigger: dict[str, Any], times: list[str]) -> None:
    assert due(trigger, "2026-11-23T00:00", "2026-11-23T01:00") == times


@pytest.mark.parametrize(
    ("trigger", "times"),
    [
        (every("day", 2, start_time="2026-11-01T07:30"), ["2026-11-23 07:30", "2026-11-25 07:30", "2026-11-27 07:30"]),
        (every("day", schedule={"hours": [18], "minutes": [0, 30]}, end_time="2026-11-24T18:00"),
         ["2026-11-23 18:00", "2026-11-23 18:30", "2026-11-24 18:00"]),
        (every("week", schedule={"hours": 10, "minutes": 15, "week_days": ["friday", "monday"]}),
         ["2026-11-23 10:15", "2026-11-27 10:15"]),
        (every("week", 2, start_time="2026-11-18T09:00"), []),
        (every("week", 1, start_time="2026-11-18T09:00"), ["2026-11-25 09:00"]),
        (every("month", schedule={"hours": [1], "minutes": [2], "month_days": [24, 26]}),
         ["2026-11-24 01:02", "2026-11-26 01:02"]),
        (every("month", 2, start_time="2026-10-24T01:00"), []),
        (every("month", schedule={"hours": [1], "minutes": [0], "week_days": ["sunday"]}), []),
    ],
)  # fmt: skip
def test_days_weeks_and_months_follow_their_pattern(trigger: dict[str, Any], times: list[str]) -> None:
    assert due(trigger, "2026-11-23T00:00", "2026-11-28T00:00") == times


def test_a_day_that_a_month_lacks_is_left_out() -> None:
    trigger = every("month", schedule={"hours": [0], "minutes": [0], "month_days": [31]})
    assert due(trigger, "2026-01-31T12:00", "2026-06-30T00:00") == ["2026-03-31 00:00", "2026-05-31 00:00"]


def test_a_leap_day_is_waited_for_and_what_never_comes_ends() -> None:
    leap = every("month", 12, start_time="2096-02-29T00:00")
    assert due(leap, "2096-03-01T00:00", "2105-01-01T00:00") == ["2104-02-29 00:00"]
    never = every("month", 12, start_time="2026-02-01T00:00", schedule={"hours": [0], "minutes": [0], "month_days": 30})
    assert clockwork(never, 0.0).next_after(at("2026-02-01T00:00")) is None


# ── time zones ──


def test_a_time_is_the_zones_wall_clock_in_summer_and_winter() -> None:
    clock = clockwork(cron("0 18 * * *", time_zone="Pacific Standard Time"), 0.0)
    assert clock.next_after(at("2026-07-01T12:00")) == at("2026-07-02T01:00")
    assert clock.next_after(at("2026-12-01T12:00")) == at("2026-12-02T02:00")


def test_a_skipped_hour_is_due_later_and_a_repeated_one_once() -> None:
    berlin = cron("30 2 * * *", time_zone="W. Europe Standard Time")
    assert due(berlin, "2026-03-28T12:00", "2026-03-30T12:00") == ["2026-03-29 03:30", "2026-03-30 02:30"]
    assert due(berlin, "2026-10-24T12:00", "2026-10-25T12:00") == ["2026-10-25 02:30"]


def test_a_start_time_is_in_the_zone_unless_it_says_otherwise() -> None:
    for start in ("2026-11-23T08:00:00", "2026-11-23T07:00:00Z", "2026-11-23 08:00:00"):
        clock = clockwork(every("day", start_time=start, time_zone="Europe/Berlin"), 0.0)
        assert clock.next_after(0.0) == at("2026-11-23T07:00")


def test_every_windows_zone_is_one_that_this_machine_knows() -> None:
    assert len(WINDOWS) >= 131
    assert all(isinstance(zone_of(name), ZoneInfo) for name in WINDOWS)
    assert zone_of("pacific standard time") == zone_of("America/Los_Angeles")


# ── against a reader of every minute ──

NUMBERS = st.sampled_from(["*", "0", "*/7", "3-9", "1,5,30", "50"])
HOURS = st.sampled_from(["*", "0", "2", "*/6", "1-3", "22,23"])
CRONS = st.builds(
    lambda minutes, hours, days: f"{minutes} {hours} * * {days}",
    NUMBERS, HOURS, st.sampled_from(["*", "0", "1-5", "6", "mon,sun"]),
)  # fmt: skip
ZONES = st.sampled_from(
    ["UTC", "Pacific Standard Time", "India Standard Time", "Europe/Berlin", "Lord Howe Standard Time"]
)
MOMENTS = st.integers(0, 400 * 24 * 60).map(lambda minutes: (MONDAY + timedelta(minutes=minutes)).timestamp())


PATTERNS = st.lists(st.sampled_from(WEEK_DAYS), min_size=1).map(
    lambda days: {"hours": [3, 14], "minutes": [0], "week_days": days}
)
RECURRENCES = st.one_of(
    st.builds(every, st.just("minute"), st.sampled_from([600, 1440, 3000])),  # few in a quarter of a year
    st.builds(every, st.just("hour"), st.integers(5, 50)),
    st.builds(
        every, st.sampled_from(["day", "week", "month"]), st.integers(1, 5),
        schedule=st.none() | PATTERNS, time_zone=ZONES,
    ),
)  # fmt: skip


def is_due(expression: str, wall: datetime) -> bool:
    """The plainest reading of cron, a field at a time."""
    minutes, hours, _, _, days = expression.split()
    named = {"mon": "1", "sun": "0"}
    for short, number in named.items():
        days = days.replace(short, number)
    return all(
        any(_matches(part, value) for part in field.split(","))
        for field, value in ((minutes, wall.minute), (hours, wall.hour), (days, wall.isoweekday() % 7))
    )


def _matches(part: str, value: int) -> bool:
    body, _, step = part.partition("/")
    if body == "*":
        return value % int(step or 1) == 0
    low, _, high = body.partition("-")
    return int(low) <= value <= int(high or low)


def minutes_due(expression: str, zone: str, after: float, days: int) -> Iterator[float]:
    """The minutes after `after` at which it is due, each looked at, the repeated hour once."""
    first = int(after // 60 + 1) * 60
    for moment in range(first, first + days * 24 * 3600, 60):
        wall = datetime.fromtimestamp(moment, zone_of(zone))
        if wall.fold == 0 and is_due(expression, wall):
            yield float(moment)


@settings(max_examples=60, deadline=None)
@given(expression=CRONS, zone=ZONES, moment=MOMENTS)
def test_the_next_and_the_last_time_are_those_that_a_reader_of_every_minute_finds(
    expression: str, zone: str, moment: float
) -> None:
    wall = datetime.fromtimestamp(moment, zone_of(zone))
    changes = {datetime.fromtimestamp(moment + day * 86_400, zone_of(zone)).utcoffset() for day in range(-1, 5)}
    if len(changes) > 1:  # the skipped hour has its own claim above: a reader of minutes does not see it
        return
    clock = clockwork(cron(expression, time_zone=zone), 0.0)
    seen = list(minutes_due(expression, zone, moment, days=3))
    if seen:
        assert clock.next_after(moment) == seen[0], wall
        assert clock.last_in(moment, seen[-1] + 59) == seen[-1]
        assert clock.last_in(moment, seen[0] - 1) is None
        assert clock.last_in(moment, seen[0]) == seen[0]


@settings(max_examples=100, deadline=None)
@given(trigger=RECURRENCES, moment=MOMENTS, later=st.integers(0, 90 * 86_400))
def test_what_was_due_last_is_what_looking_ahead_would_have_met_last(
    trigger: dict[str, Any], moment: float, later: int
) -> None:
    clock = clockwork(trigger, MONDAY.timestamp())
    met, until = moment, moment + later
    while (ahead := clock.next_after(met)) is not None and ahead <= until:
        assert ahead > met
        met = ahead
    assert clock.last_in(moment, until) == (met if met > moment else None)


# ── what cannot be understood ──


@pytest.mark.parametrize(
    ("trigger", "words"),
    [
        (cron("0 18 * *"), "expression: '0 18 [*] [*]' has 4 fields"),
        (cron("60 * * * *"), "'60' is out of range: minutes go from 0 to 59"),
        (cron("* 24 * * *"), "'24' is out of range: hours"),
        (cron("* * 32 * *"), "'32' is out of range: days go from 1 to 31"),
        (cron("* * * 13 *"), "months go from 1 to 12"),
        (cron("* * * * funday"), "'funday' is no days of the week"),
        (cron("9-3 * * * *"), "out of range"),
        (cron("*/0 * * * *"), "out of range"),
        (cron("x * * * *"), "Use [*], 5, 1-5"),
        (every("fortnight"), "frequency: 'fortnight' is not a frequency"),
        (every("day", 0), "interval: a whole number from 1 on"),
        (every("day", schedule={"hours": [24], "minutes": [0]}), "schedule.hours: whole numbers from 0 to 23"),
        (every("day", schedule={"hours": [1], "minutes": ["x"]}), "schedule.minutes: .* found 'x'"),
        (every("month", schedule={"hours": [1], "minutes": [0], "month_days": [0]}), "schedule.month_days"),
        (every("week", schedule={"hours": [1], "minutes": [0], "week_days": ["mondai"]}), "Did you mean 'monday'"),
        (every("hour", schedule={"hours": [3], "minutes": [0]}), "schedule: a pattern says when in a day, .* 'hour'"),
        (every("minute", schedule={"hours": [], "minutes": [], "week_days": ["monday"]}), "Leave it out, or use freq"),
        (every("week", schedule={"hours": [1], "minutes": [0], "month_days": [1]}), "schedule.month_days: with freq"),
        (cron("0 1 * * *", start_time="yesterday"), "start_time: 'yesterday' is not a time"),
        (cron("0 1 * * *", time_zone="Pacific Time"), "time_zone: 'Pacific Time' is not a time zone"),
        (cron("0 1 * * *", time_zone="../etc/passwd"), "is not a time zone"),
        (cron("0 1 * * *", time_zone="America"), "is not a time zone"),
    ],
)
def test_a_trigger_that_says_nothing_is_refused_by_its_field(trigger: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        clockwork(trigger, 0.0)
