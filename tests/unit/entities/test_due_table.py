"""When a schedule is due next: a table worked out by hand from a calendar. Times are the zone's wall clock."""

import random
from datetime import datetime
from typing import Any

import pytest

from jupyter_aml.entities.due_times import clockwork
from jupyter_aml.entities.time_zones import zone_of

BERLIN, NEW_YORK, PACIFIC = "W. Europe Standard Time", "Eastern Standard Time", "Pacific Standard Time"
LORD_HOWE, INDIA, BRAZIL = "Lord Howe Standard Time", "India Standard Time", "America/Sao_Paulo"


def cron(expression: str, **more: Any) -> dict[str, Any]:
    return {"type": "cron", "expression": expression, **more}


def every(interval: int, frequency: str, start: str, **more: Any) -> dict[str, Any]:
    return {"type": "recurrence", "frequency": frequency, "interval": interval, "start_time": start, **more}


def at(hours: Any, minutes: Any, **days: Any) -> dict[str, Any]:
    return {"hours": hours, "minutes": minutes, **days}


# 2026-11-23 is a Monday. Clocks go forward on 2026-03-29 02:00 (Berlin) and 2026-03-08 02:00 (New York), back on
# 2026-10-25 03:00 and 2026-11-01 02:00. 2028 is a leap year, 2100 is none.
TABLE: list[tuple[dict[str, Any], str, str | None]] = [
    # cron: minutes, hours
    (cron("0 18 * * *"), "2026-11-23 17:59", "2026-11-23 18:00"),
    (cron("0 18 * * *"), "2026-11-23 18:00", "2026-11-24 18:00"),
    (cron("* * * * *"), "2026-11-23 10:15", "2026-11-23 10:16"),
    (cron("*/15 * * * *"), "2026-11-23 10:46", "2026-11-23 11:00"),
    (cron("5/20 * * * *"), "2026-11-23 10:26", "2026-11-23 10:45"),
    (cron("0,30 9-11 * * *"), "2026-11-23 11:30", "2026-11-24 09:00"),
    (cron("0 */6 * * *"), "2026-11-23 18:01", "2026-11-24 00:00"),
    (cron("59 23 * * *"), "2026-12-31 23:59", "2027-01-01 23:59"),
    (cron("10-12 4 * * *"), "2026-11-23 04:11", "2026-11-23 04:12"),
    # cron: days of the week; days and months are read as any
    (cron("15 10 * * 1"), "2026-11-23 10:15", "2026-11-30 10:15"),
    (cron("15 10 * * 1-5"), "2026-11-27 10:15", "2026-11-30 10:15"),
    (cron("0 8 * * 0"), "2026-11-23 00:00", "2026-11-29 08:00"),
    (cron("0 8 * * 7"), "2026-11-23 00:00", "2026-11-29 08:00"),
    (cron("0 8 * * sat,SUN"), "2026-11-28 08:00", "2026-11-29 08:00"),
    (cron("0 8 * * 6"), "2026-11-28 08:01", "2026-12-05 08:00"),
    (cron("0 8 1 * *"), "2026-11-23 09:00", "2026-11-24 08:00"),
    (cron("0 8 31 2 *"), "2026-11-23 09:00", "2026-11-24 08:00"),
    (cron("0 8 * 6-8 1"), "2026-11-23 09:00", "2026-11-30 08:00"),
    # start and end
    (cron("0 18 * * *", start_time="2026-12-01T00:00:00"), "2026-11-23 10:00", "2026-12-01 18:00"),
    (cron("0 18 * * *", start_time="2026-12-01T18:00:00"), "2026-11-23 10:00", "2026-12-01 18:00"),
    (cron("0 18 * * *", start_time="2026-12-01T18:00:01"), "2026-11-23 10:00", "2026-12-02 18:00"),
    (cron("0 18 * * *", start_time="2020-01-01T05:00:00"), "2026-11-23 10:00", "2026-11-23 18:00"),
    (cron("0 18 * * *", end_time="2026-11-24T18:00:00"), "2026-11-23 18:00", "2026-11-24 18:00"),
    (cron("0 18 * * *", end_time="2026-11-24T17:59:59"), "2026-11-23 18:00", None),
    (cron("0 18 * * *", end_time="2026-11-24T18:00:00"), "2026-11-24 18:00", None),
    (every(1, "hour", "2026-11-23T09:10:00", end_time="2026-11-23T11:00:00"), "2026-11-23 10:10", None),
    (every(1, "day", "2026-12-05T07:00:00"), "2026-11-23 10:00", "2026-12-05 07:00"),
    # minutes and hours step from the start, however long ago that was
    (every(1, "minute", "2026-11-23T10:00:30"), "2026-11-23 10:15", "2026-11-23 10:15:30"),
    (every(30, "minute", "2026-11-23T10:10:00"), "2026-11-23 10:40", "2026-11-23 11:10"),
    (every(45, "minute", "2026-11-23T00:00:00"), "2026-11-23 23:59", "2026-11-24 00:00"),
    (every(50, "minute", "2026-11-23T00:00:00"), "2026-11-23 23:59", "2026-11-24 00:10"),
    (every(5, "hour", "2026-11-23T00:30:00"), "2026-11-23 21:00", "2026-11-24 01:30"),
    (every(7, "hour", "2026-11-22T23:00:00"), "2026-11-23 13:00", "2026-11-23 20:00"),
    (every(1, "hour", "2026-11-23T12:00:00"), "2026-11-23 11:00", "2026-11-23 12:00"),
    # days
    (every(1, "day", "2026-11-01T07:30:00"), "2026-11-23 07:30", "2026-11-24 07:30"),
    (every(3, "day", "2026-11-20T07:30:00"), "2026-11-23 07:30", "2026-11-26 07:30"),
    (every(3, "day", "2026-11-20T07:30:00"), "2026-11-24 00:00", "2026-11-26 07:30"),
    (every(1, "day", "2026-11-01T00:00:00", schedule=at([8, 20], [0, 30])), "2026-11-23 08:00", "2026-11-23 08:30"),
    (every(1, "day", "2026-11-01T00:00:00", schedule=at([8, 20], [0, 30])), "2026-11-23 08:30", "2026-11-23 20:00"),
    (every(1, "day", "2026-11-01T00:00:00", schedule=at([8, 20], [0, 30])), "2026-11-23 20:30", "2026-11-24 08:00"),
    (every(2, "day", "2026-11-01T00:00:00", schedule=at(3, 15)), "2026-11-23 03:15", "2026-11-25 03:15"),
    (every(1, "day", "2026-11-23T12:00:00", schedule=at(3, 15)), "2026-11-23 00:00", "2026-11-24 03:15"),
    # weeks begin on a Monday
    (every(1, "week", "2026-11-18T09:00:00"), "2026-11-23 10:00", "2026-11-25 09:00"),
    (every(2, "week", "2026-11-18T09:00:00"), "2026-11-23 10:00", "2026-12-02 09:00"),
    (every(1, "week", "2026-11-02T00:00:00", schedule=at(10, 15, week_days=["monday", "friday"])),
     "2026-11-23 10:15", "2026-11-27 10:15"),
    (every(1, "week", "2026-11-02T00:00:00", schedule=at(10, 15, week_days="sunday")),
     "2026-11-23 10:15", "2026-11-29 10:15"),
    (every(2, "week", "2026-11-18T00:00:00", schedule=at(0, 0, week_days=["tuesday", "thursday"])),
     "2026-11-17 00:00", "2026-11-19 00:00"),
    (every(2, "week", "2026-11-18T00:00:00", schedule=at(0, 0, week_days=["tuesday", "thursday"])),
     "2026-11-19 00:00", "2026-12-01 00:00"),
    # months: a day that a month lacks is left out
    (every(1, "month", "2026-01-15T06:00:00"), "2026-11-23 00:00", "2026-12-15 06:00"),
    (every(1, "month", "2026-01-31T06:00:00"), "2026-01-31 06:00", "2026-03-31 06:00"),
    (every(1, "month", "2026-01-30T06:00:00"), "2026-01-30 06:00", "2026-03-30 06:00"),
    (every(3, "month", "2026-01-31T06:00:00"), "2026-01-31 06:00", "2026-07-31 06:00"),
    (every(1, "month", "2026-01-01T00:00:00", schedule=at(5, 0, month_days=31)),
     "2026-03-31 05:00", "2026-05-31 05:00"),
    (every(1, "month", "2026-01-01T00:00:00", schedule=at(5, 0, month_days=[1, 15])),
     "2026-11-23 00:00", "2026-12-01 05:00"),
    (every(1, "month", "2026-01-01T00:00:00", schedule=at(5, [0, 30], month_days=23)),
     "2026-11-23 05:00", "2026-11-23 05:30"),
    (every(1, "month", "2026-01-01T00:00:00", schedule=at(5, 0, week_days=["monday"])),
     "2026-11-23 05:00", "2026-11-30 05:00"),
    (every(2, "month", "2026-10-01T00:00:00", schedule=at(5, 0, month_days=1)), "2026-10-01 05:00", "2026-12-01 05:00"),
    # leap days
    (every(1, "month", "2028-01-29T06:00:00"), "2028-01-29 06:00", "2028-02-29 06:00"),
    (every(1, "month", "2027-01-29T06:00:00"), "2027-01-29 06:00", "2027-03-29 06:00"),
    (every(12, "month", "2024-02-29T06:00:00"), "2024-02-29 06:00", "2028-02-29 06:00"),
    (every(12, "month", "2096-02-29T06:00:00"), "2096-02-29 06:00", "2104-02-29 06:00"),
    (every(1, "day", "2028-02-28T06:00:00"), "2028-02-28 06:00", "2028-02-29 06:00"),
    (cron("0 6 * * *"), "2028-02-29 06:00", "2028-03-01 06:00"),
    # the hour that spring skips: due as much later
    (cron("30 2 * * *", time_zone=BERLIN), "2026-03-28 02:30", "2026-03-29 03:30"),
    (cron("30 2 * * *", time_zone=BERLIN), "2026-03-29 03:30", "2026-03-30 02:30"),
    (cron("30 2 * * *", time_zone=NEW_YORK), "2026-03-08 01:00", "2026-03-08 03:30"),
    (cron("0 * * * *", time_zone=BERLIN), "2026-03-29 01:00", "2026-03-29 03:00"),
    (cron("*/30 * * * *", time_zone=BERLIN), "2026-03-29 01:30", "2026-03-29 03:00"),
    (every(1, "hour", "2026-03-29T00:30:00", time_zone=BERLIN), "2026-03-29 01:30", "2026-03-29 03:30"),
    (every(1, "day", "2026-03-01T02:30:00", time_zone=BERLIN), "2026-03-28 02:30", "2026-03-29 03:30"),
    (cron("15 2 * * *", time_zone=LORD_HOWE), "2026-10-04 00:00", "2026-10-04 02:45"),
    (cron("0 0 * * *", time_zone=BRAZIL), "2018-11-03 12:00", "2018-11-04 01:00"),
    # the hour that autumn repeats: due once, the first time; hours that are `*` pass twice
    (cron("30 2 * * *", time_zone=BERLIN), "2026-10-25 00:00", "2026-10-25 02:30"),
    (cron("30 2 * * *", time_zone=BERLIN), "2026-10-25 02:30", "2026-10-26 02:30"),
    (cron("30 1 * * *", time_zone=NEW_YORK), "2026-11-01 01:30", "2026-11-02 01:30"),
    (cron("30 * * * *", time_zone=BERLIN), "2026-10-25 02:30", "2026-10-25 02:30 again"),
    (cron("30 * * * *", time_zone=BERLIN), "2026-10-25 02:30 again", "2026-10-25 03:30"),
    (cron("*/20 * * * *", time_zone=NEW_YORK), "2026-11-01 01:40", "2026-11-01 01:00 again"),
    (every(1, "hour", "2026-10-25T00:30:00", time_zone=BERLIN), "2026-10-25 02:30", "2026-10-25 02:30 again"),
    (every(1, "day", "2026-10-01T02:30:00", time_zone=BERLIN), "2026-10-25 02:30", "2026-10-26 02:30"),
    (cron("30 23 * * *", time_zone=BRAZIL), "2018-02-17 23:30", "2018-02-18 23:30"),
    # other zones
    (cron("0 0 * * 1", time_zone=INDIA), "2026-11-23 00:00", "2026-11-30 00:00"),
    (every(1, "week", "2026-11-16T10:00:00", time_zone=PACIFIC), "2026-11-23 09:59", "2026-11-23 10:00"),
]  # fmt: skip
UTC_TABLE = [
    (cron("0 18 * * *", time_zone=PACIFIC), "2026-07-01 12:00", "2026-07-02 01:00"),
    (cron("0 18 * * *", time_zone=PACIFIC), "2026-12-01 12:00", "2026-12-02 02:00"),
    (cron("0 0 * * 1", time_zone=INDIA), "2026-11-22 18:00", "2026-11-22 18:30"),
    (cron("30 2 * * *", time_zone=BERLIN), "2026-03-29 00:00", "2026-03-29 01:30"),
    (cron("30 2 * * *", time_zone=BERLIN), "2026-10-25 00:00", "2026-10-25 00:30"),
    (every(1, "day", "2022-07-10T10:00:00", time_zone=PACIFIC), "2026-11-23 00:00", "2026-11-23 18:00"),
    (every(1, "day", "2026-11-23T10:00:00Z", time_zone=PACIFIC), "2026-11-22 00:00", "2026-11-23 10:00"),
    (every(1, "day", "2026-11-23T10:00:00+02:00", time_zone=PACIFIC), "2026-11-22 00:00", "2026-11-23 08:00"),
    (every(24, "hour", "2026-03-07T12:00:00", time_zone=NEW_YORK), "2026-03-07 17:00", "2026-03-08 17:00"),
    (every(1, "day", "2026-03-07T12:00:00", time_zone=NEW_YORK), "2026-03-07 17:00", "2026-03-08 16:00"),
    (cron("30 * * * *", time_zone=BERLIN), "2026-10-25 00:30", "2026-10-25 01:30"),
    (cron("30 * * * *", time_zone=BERLIN), "2026-10-25 01:30", "2026-10-25 02:30"),
]
"""The same, its times in UTC."""


def moment(text: str, zone: str) -> float:
    """A wall clock's time; `again` is the second one of an hour that the zone repeats."""
    wall = datetime.fromisoformat(text.removesuffix(" again")).replace(tzinfo=zone_of(zone))
    return wall.replace(fold=int(text.endswith(" again"))).timestamp()


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) + len(UTC_TABLE) >= 60


@pytest.mark.parametrize(("trigger", "now", "due"), TABLE)
def test_the_next_time_is_the_one_of_the_calendar(trigger: dict[str, Any], now: str, due: str | None) -> None:
    _check(trigger, now, due, trigger.get("time_zone", "UTC"))


@pytest.mark.parametrize(("trigger", "now", "due"), UTC_TABLE)
def test_the_next_time_is_the_one_of_the_calendar_in_utc(trigger: dict[str, Any], now: str, due: str) -> None:
    _check(trigger, now, due, "UTC")


def _check(trigger: dict[str, Any], now: str, due: str | None, zone: str) -> None:
    clock, since = clockwork(trigger, 0.0), moment(now, zone)
    found = clock.next_after(since)
    assert found == (None if due is None else moment(due, zone)), found and datetime.fromtimestamp(found, zone_of(zone))
    if found is not None:
        assert clock.last_in(since, found) == found
        assert clock.count_in(since, found) == 1
        assert clock.count_in(since, found - 1) == 0


@pytest.mark.parametrize(
    ("trigger", "after", "until", "count"),
    [
        (cron("* * * * *", time_zone=BERLIN), "2026-10-25 00:00", "2026-10-25 04:00", 5 * 60),
        (cron("* * * * *", time_zone=BERLIN), "2026-03-29 00:00", "2026-03-29 04:00", 3 * 60),
        (cron("0 18 * * 1-5"), "2026-11-20 18:00", "2026-11-27 18:00", 5),
        (cron("0 18 * * *", end_time="2026-11-22T00:00:00"), "2026-11-20 00:00", "2026-11-27 18:00", 2),
        (every(1, "minute", "2026-11-20T00:00:00"), "2026-11-20 00:00", "2026-11-21 00:00", 1440),
        (every(1, "minute", "2026-11-20T00:00:00"), "2026-11-19 00:00", "2026-11-20 00:02", 3),
        (every(1, "minute", "2026-11-20T00:00:00"), "2026-11-18 00:00", "2026-11-19 00:02", 0),
        (every(1, "month", "2026-01-31T06:00:00"), "2026-01-01 00:00", "2026-12-31 23:59", 7),
    ],
)
def test_what_was_missed_is_counted(trigger: dict[str, Any], after: str, until: str, count: int) -> None:
    zone = trigger.get("time_zone", "UTC")
    assert clockwork(trigger, 0.0).count_in(moment(after, zone), moment(until, zone)) == count


@pytest.mark.parametrize("frequency", ["minute", "hour", "day", "week", "month"])
def test_what_was_said_within_a_second_is_not_due_again_in_the_same(frequency: str) -> None:
    rng = random.Random(1)
    for _ in range(200):
        said = moment("2026-11-23 10:07:30", "UTC") + rng.random()
        due = clockwork({"frequency": frequency, "interval": 1}, said).next_after(said)
        assert due is not None
        assert due - said > 58, "a moment is kept to the microsecond, a float is finer"


def test_without_a_start_time_it_steps_from_when_it_was_said() -> None:
    said = moment("2026-11-23 10:07:30", "UTC")
    minutes = clockwork({"frequency": "minute", "interval": 15}, said)
    assert minutes.next_after(said) == said + 900
    days = clockwork({"frequency": "day", "interval": 1}, said)
    assert days.next_after(said) == said + 86_400
