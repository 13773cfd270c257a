"""SDK v1's times of a schedule as SDK v2's trigger: what they become, and what is none. No clock is read."""

from datetime import UTC, datetime
from typing import Any

import pytest

from jupyter_aml.entities.time_zones import zone_of
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.pipeline.core import ScheduleRecurrence, TimeZone


def trigger(**said: Any) -> dict[str, Any]:
    return ScheduleRecurrence(**{"frequency": "Day", "interval": 1, **said}).trigger().spec()


def test_an_interval_alone_has_no_times_of_day() -> None:
    assert trigger(frequency="Minute", interval=30) == {"type": "recurrence", "frequency": "minute", "interval": 30}


@pytest.mark.parametrize(
    ("said", "pattern"),
    [
        ({"time_of_day": "8:05"}, {"hours": [8], "minutes": [5]}),
        ({"time_of_day": "00:00"}, {"hours": [0], "minutes": [0]}),
        ({"hours": [8, 16]}, {"hours": [8, 16], "minutes": [0]}),
        ({"hours": [0], "minutes": [0]}, {"hours": [0], "minutes": [0]}),
        (
            {"frequency": "Week", "week_days": ["Sunday"], "time_of_day": "23:59"},
            {"hours": [23], "minutes": [59], "week_days": ["sunday"]},
        ),
    ],
)
def test_times_of_day_are_a_pattern(said: dict[str, Any], pattern: dict[str, Any]) -> None:
    assert trigger(**said)["schedule"] == pattern


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"frequency": "day"}, "frequency: 'day'.*\n.*'Day'"),
        ({"frequency": "Fortnight"}, "frequency: 'Fortnight'"),
        ({"interval": 0}, "interval: .*1 or more; found 0"),
        ({"interval": True}, "interval"),
        ({"hours": [24]}, "hours: .*0 to 23; found 24"),
        ({"hours": [-1]}, "hours"),
        ({"minutes": [60]}, "minutes: .*0 to 59"),
        ({"time_of_day": "24:00"}, "time_of_day: '24:00'"),
        ({"time_of_day": "8.30"}, "time_of_day"),
        ({"time_of_day": "8:30", "hours": [8]}, "either it, or hours"),
        ({"week_days": ["Monday"]}, "week_days: only with a frequency of Week"),
        ({"frequency": "Week", "week_days": ["Mon"]}, "week_days: 'Mon'.*\n.*'Monday'"),
        ({"frequency": "Month", "hours": [8]}, "hours: only with a frequency of Day or Week"),
        ({"start_time": datetime(2024, 1, 1, tzinfo=UTC)}, "start_time: it has a time zone"),
    ],
)
def test_times_that_cannot_be_are_told_by_their_field(said: dict[str, Any], told: str) -> None:
    with pytest.raises(UserErrorException, match=told):
        trigger(**said)


def test_a_schedule_begins_in_its_time_zone() -> None:
    made = trigger(start_time=datetime(2024, 5, 20, 16), time_zone=TimeZone("Pacific Standard Time"))  # noqa: DTZ001 - as v1 has it
    assert (made["start_time"], made["time_zone"]) == ("2024-05-20T16:00:00", "Pacific Standard Time")
    assert trigger(start_time="2024-05-20T16:00:00")["start_time"] == "2024-05-20T16:00:00"


def test_every_time_zone_is_one_that_a_schedule_can_keep() -> None:
    assert len(TimeZone) >= 131
    assert all(zone_of(str(zone)) for zone in TimeZone)
    names = ("UTC", "WEuropeStandardTime", "PacificStandardTimeMexico", "UTC12")
    wanted = ["UTC", "W. Europe Standard Time", "Pacific Standard Time (Mexico)", "UTC+12"]
    assert [getattr(TimeZone, name) for name in names] == wanted
