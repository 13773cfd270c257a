"""The hours of an instance: its schedules and its idle time, as they are written (§5.1)."""

from typing import Any

import pytest

from jupyter_aml.entities.power_schedule import idle_seconds_of, schedules_of
from jupyter_aml.exceptions import ValidationException

DAILY = {"type": "cron", "expression": "0 18 * * *"}


def scheduled(**fields: Any) -> dict[str, Any]:
    return {"schedules": {"compute_start_stop": [{"action": "stop", "trigger": DAILY, **fields}]}}


def test_the_enabled_schedules_are_kept() -> None:
    (found,) = schedules_of(scheduled(), 0.0)
    assert found.action == "stop"
    assert found.next_after(0.0) == 18 * 3600
    assert found.last_in(0.0, 86_400.0) == 18 * 3600
    assert schedules_of(scheduled(state="disabled"), 0.0) == ()
    assert schedules_of({}, 0.0) == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "reboot"}, r"schedules.compute_start_stop.0.action: 'reboot' is neither"),
        ({"trigger": {**DAILY, "expression": "x"}}, r"schedules.compute_start_stop.0.trigger.expression: 'x' has 1"),
        ({"trigger": {**DAILY, "time_zone": "Mars"}}, r"compute_start_stop.0.trigger.time_zone: 'Mars'"),
        ({"state": "disabled", "trigger": {}}, r"trigger.frequency"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused_by_its_path(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        schedules_of(scheduled(**fields), 0.0)


@pytest.mark.parametrize(
    ("spec", "seconds"),
    [
        ({}, 0),
        ({"idle_time_before_shutdown": "PT30M"}, 1800),
        ({"idle_time_before_shutdown": "PT15M"}, 900),
        ({"idle_time_before_shutdown": "P3D"}, 259_200),
        ({"idle_time_before_shutdown": "P1DT2H3M4S"}, 93_784),
        ({"idle_time_before_shutdown_minutes": 60}, 3600),
        ({"idle_time_before_shutdown": "PT20M", "idle_time_before_shutdown_minutes": 60}, 3600),
    ],
)
def test_an_idle_time_is_a_duration_or_minutes(spec: dict[str, Any], seconds: float) -> None:
    assert idle_seconds_of(spec) == seconds


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"idle_time_before_shutdown": "30m"}, "'30m' is not an ISO 8601 duration"),
        ({"idle_time_before_shutdown": "P"}, "not an ISO 8601 duration"),
        ({"idle_time_before_shutdown": "PT14M"}, "idle_time_before_shutdown: PT14M is outside of 15 minutes to 3 days"),
        ({"idle_time_before_shutdown": "P4D"}, "outside of 15 minutes to 3 days"),
        ({"idle_time_before_shutdown_minutes": 10}, "idle_time_before_shutdown_minutes: 10 is outside"),
    ],
)
def test_an_idle_time_that_azure_would_not_take_is_refused(spec: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationException, match=words):
        idle_seconds_of(spec)
