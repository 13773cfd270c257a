"""A sweep's own arithmetic: the best, what became of trials, how long the rest will take."""

import heapq
import json
import math
import random

import pytest

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import Fate, JsonValue, SweepDetails, Trial, best_of, flat


def trial(number: int, value: float | None = None, status: JobStatus = JobStatus.COMPLETED, **more: str) -> Trial:
    return Trial(number, JobName(f"s_{number}"), status, {}, value, **more)  # pyright: ignore[reportArgumentType] - a test's own words


def test_of_equal_values_the_first_trial_is_the_best() -> None:
    trials = [trial(2, 0.9), trial(1, 0.9), trial(0, None), trial(3, 0.1)]
    assert [best_of(trials, goal) for goal in ("maximize", "minimize")] == [trials[1], trials[3]]
    assert best_of([trial(0)], "maximize") is None


def test_trials_without_a_value_come_last_whatever_the_goal() -> None:
    trials = (trial(0), trial(1, -math.inf), trial(2, 0.5), trial(3, math.inf))
    assert [one.number for one in SweepDetails("m", "maximize", trials=trials).best_first()] == [3, 2, 1, 0]
    assert [one.number for one in SweepDetails("m", "minimize", trials=trials).best_first()] == [1, 2, 3, 0]


def test_every_status_is_some_fate_and_only_a_policy_stops_early() -> None:
    assert {trial(0, status=status).fate for status in JobStatus} == set(Fate) - {Fate.STOPPED}
    assert trial(0, status=JobStatus.CANCELED, stopped="bandit").fate is Fate.STOPPED
    assert trial(0, status=JobStatus.COMPLETED, stopped="bandit").fate is Fate.COMPLETED


def test_fates_are_counted_in_their_order() -> None:
    statuses = [JobStatus.RUNNING, JobStatus.FAILED, JobStatus.COMPLETED, JobStatus.COMPLETED, JobStatus.QUEUED]
    sweep = SweepDetails("m", "maximize", trials=tuple(trial(n, status=one) for n, one in enumerate(statuses)))
    assert list(sweep.counts().items()) == [
        (Fate.COMPLETED, 2),
        (Fate.FAILED, 1),
        (Fate.RUNNING, 1),
        (Fate.WAITING, 1),
    ]


def test_nested_choices_are_named_by_their_path() -> None:
    params: dict[str, JsonValue] = {"model": {"type": "svm", "kernel": {"c": 1}}, "lr": 0.1}
    assert flat(params) == {"model.type": "svm", "model.kernel.c": 1, "lr": 0.1}


def test_a_sweep_travels_as_json() -> None:
    odd = Trial(0, JobName("s_0"), JobStatus.FAILED, {"a": math.nan, "b": {"c": math.inf}}, -math.inf)
    sent = json.loads(json.dumps(SweepDetails("m", "maximize", trials=(odd, trial(1))).to_dict(), allow_nan=False))
    assert sent["trials"]["value"] == ["-Infinity", None]
    assert sent["trials"]["params"][0] == {"a": "NaN", "b": {"c": "Infinity"}}


def test_nothing_is_guessed_before_a_trial_has_ended() -> None:
    going = Trial(0, JobName("s_0"), JobStatus.RUNNING, started=5.0)
    assert SweepDetails("m", "maximize", trials=(going,)).left(60.0) is None
    assert SweepDetails("m", "maximize").left(60.0) is None
    assert SweepDetails("m", "maximize", trials=(trial(0, status=JobStatus.CANCELED),)).left(60.0) is None


@pytest.mark.parametrize("slots", [1, 2, 8])
@pytest.mark.parametrize("seed", range(5))
def test_after_ten_trials_the_rest_is_guessed_within_30_percent(slots: int, seed: int) -> None:
    rng = random.Random(seed)
    trials, end = simulated([rng.uniform(20, 40) for _ in range(500)], slots)
    now = sorted(one.ended or 0.0 for one in trials)[9]
    sweep = SweepDetails("m", "maximize", max_total_trials=500, trials=tuple(seen(trials, now)))
    assert sweep.left(now) == pytest.approx(end - now, rel=0.3)


def test_at_its_end_nothing_is_left() -> None:
    trials, end = simulated([10.0] * 20, 4)
    assert SweepDetails("m", "maximize", max_total_trials=20, trials=tuple(trials)).left(end) == 0


def simulated(lengths: list[float], slots: int) -> tuple[list[Trial], float]:
    """Trials one after the other on so many slots; when the last one ends."""
    free, trials = [0.0] * slots, list[Trial]()
    for number, length in enumerate(lengths):
        began = heapq.heappop(free) + 0.1
        heapq.heappush(free, began + length)
        trials.append(Trial(number, JobName(f"s_{number}"), JobStatus.COMPLETED, started=began, ended=began + length))
    return trials, max(free)


def seen(trials: list[Trial], now: float) -> list[Trial]:
    """The same trials as they stood at that moment."""
    return [
        one if (one.ended or 0) <= now else Trial(one.number, one.name, JobStatus.RUNNING, started=one.started)
        for one in trials
        if (one.started or 0) <= now
    ]
