"""What a sweep's program is told: two frozen records and their JSON. Stdlib only; nothing is drawn or run here."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, TypeAlias, cast

Goal: TypeAlias = Literal["maximize", "minimize"]
Plain: TypeAlias = dict[str, Any]  # Any: parts of a YAML, whose values are the user's

ANY_TRIAL: Final = "${{name}}"
"""Stands for the trial's name wherever a template needs it."""
MOST_TRIALS: Final = 1000
"""Azure's own limit, and its default."""
HYPERPARAMETERS: Final = "hyperparameters"
"""The tag of a trial that holds its values, as JSON."""
BEST_CHILD: Final = "best_child_run_id"
BEST_SCORE: Final = "score"


@dataclass(frozen=True, slots=True)
class TrialTemplate:
    """From what a trial is made. `launch` is its launch record as JSON, with `ANY_TRIAL` in place of its name."""

    launch: str
    spec: Plain
    experiment: str
    compute: str
    nodes: int = 1
    properties: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """A sweep as its program sees it. `resumes` are earlier sweeps, oldest first, from whose trials it goes on."""

    metric: str
    goal: Goal
    algorithm: Plain
    space: dict[str, Plain]
    template: TrialTemplate
    policy: Plain | None = None
    max_total_trials: int = MOST_TRIALS
    max_concurrent_trials: int = MOST_TRIALS
    resumes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The text that `plan_from_json` reads."""
        return json.dumps(asdict(self))


def plan_from_json(text: str) -> SweepPlan:
    """The plan that `to_json` wrote."""
    raw = cast("Plain", json.loads(text))
    raw["template"] = TrialTemplate(**raw["template"])
    raw["resumes"] = tuple(raw["resumes"])
    return SweepPlan(**raw)


def trial_name(sweep: str, number: int) -> str:
    """`<sweep>_<n>`, from 0 (Azure's own names)."""
    return f"{sweep}_{number}"


def trial_number(sweep: str, name: str) -> int | None:
    """The number of a trial of that sweep; None for another job."""
    head, _, tail = name.rpartition("_")
    return int(tail) if head == sweep and tail.isascii() and tail.isdigit() else None


def hyperparameters(tags: Mapping[str, str]) -> Plain:
    """The values of a trial, from its tags."""
    return cast("Plain", json.loads(tags.get(HYPERPARAMETERS, "{}")))
