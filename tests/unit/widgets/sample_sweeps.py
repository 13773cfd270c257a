"""Sweeps to paint: one that goes on, one of a thousand trials, hostile ones. Seeded, so that they never differ."""

import math
import random
from dataclasses import replace

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import RunIdentity, RunTabs, RunTimes
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import JsonValue, Parameter, SweepDetails, Trial, best_of
from jupyter_aml.entities.sweep_plan import Goal
from tests.unit.widgets.sample_runs import CREATED

NAME = JobName("brave_fox_k2m8")
PARAMETERS = (
    Parameter("learning_rate", "log"),
    Parameter("max_depth", "choice", ("3", "5", "8", "12")),
    Parameter("subsample"),
    Parameter("booster", "choice", ("gbtree", "dart", "gblinear")),
    Parameter("l2", "log"),
)


def sweep(
    count: int = 40, of: int = 60, *, status: JobStatus = JobStatus.RUNNING, goal: Goal = "maximize", running: int = 3
) -> RunTabs:
    """A sweep of `count` trials so far: some stopped early, some failed, the last ones running."""
    rng = random.Random(5)
    trials = tuple(_trial(rng, n, is_running=n >= count - running, goal=goal) for n in range(count))
    best = best_of(trials, goal)
    ended = CREATED + 1 + 9.0 * count if status is JobStatus.COMPLETED else None
    details = SweepDetails(
        metric="accuracy" if goal == "maximize" else "loss",
        goal=goal,
        algorithm="random, seed 7",
        policy="bandit, slack factor 0.1, evaluation interval 1, delay evaluation 5",
        max_total_trials=of,
        max_concurrent_trials=4,
        parameters=PARAMETERS,
        trials=trials,
        best="" if best is None else best.name,
        importance={"learning_rate": 0.61, "l2": 0.05, "max_depth": 0.24, "subsample": 0.08, "booster": 0.02},
    )
    identity = RunIdentity(NAME, status, "breast-cancer", "boosting, tuned", "sweep", "local-cluster")
    return RunTabs(identity, RunTimes(CREATED, CREATED + 0.4, ended), sweep=details)


def _trial(rng: random.Random, n: int, *, is_running: bool, goal: Goal) -> Trial:
    rate, depth = math.exp(rng.uniform(math.log(1e-4), math.log(0.3))), rng.choice([3, 5, 8, 12])
    params: dict[str, JsonValue] = {
        "learning_rate": rate,
        "max_depth": depth,
        "subsample": rng.uniform(0.5, 1),
        "booster": rng.choice(["gbtree", "dart", "gblinear"]),
        "l2": math.exp(rng.uniform(-9, 2)),
    }
    score = 0.97 - 0.035 * (math.log10(rate) + 1.7) ** 2 - 0.004 * abs(depth - 8) + rng.gauss(0, 0.006)
    luck = rng.random()
    status = JobStatus.FAILED if luck < 0.04 else (JobStatus.CANCELED if luck < 0.25 else JobStatus.COMPLETED)
    started = CREATED + 1 + 9.0 * n
    return Trial(
        number=n,
        name=JobName(f"{NAME}_{n}"),
        status=JobStatus.RUNNING if is_running else status,
        params=params,
        value=None if luck < 0.02 else (score if goal == "maximize" else 1 - score),
        started=started,
        ended=None if is_running else started + 24 + 6 * rng.random(),
        stopped="bandit at interval 6: 0.61, bound 0.683" if status is JobStatus.CANCELED else "",
    )


def thousand(status: JobStatus = JobStatus.COMPLETED) -> RunTabs:
    """As many trials as a sweep can have."""
    return sweep(1000, 1000, status=status, running=0 if status is JobStatus.COMPLETED else 4)


def new() -> RunTabs:
    """Begun, without a trial yet."""
    return sweep(0)


def hostile(text: str) -> RunTabs:
    """The same text wherever somebody else's text can stand, and values that break arithmetic."""
    values = [0.1, math.inf, -math.inf, 1e308, -1e308, None, 5e-324, 0.0]
    odd: list[JsonValue] = [text, math.nan, {text: {text: 1}}, [text], None, True, 1e308, -1e308]
    trials = tuple(
        Trial(n, JobName(text), JobStatus.CANCELED, {text: odd[n], "x": odd[-n]}, value, CREATED, CREATED, text)
        for n, value in enumerate(values)
    )
    details = SweepDetails(
        metric=text,
        goal="minimize",
        algorithm=text,
        policy=text,
        parameters=(Parameter(text), Parameter("x", "log"), Parameter(f"{text}2", "choice", (text, "1"))),
        trials=trials,
        best=text,
        importance={text: math.nan, f"{text}2": math.inf, "x": -1.0},
        warnings=(text, text + "2"),
    )
    identity = RunIdentity(JobName(text), JobStatus.FAILED, text, text, "sweep", text)
    return replace(sweep(0), identity=identity, sweep=details)
