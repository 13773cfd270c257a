"""What a pipeline's program is told: frozen records and their JSON. Stdlib only; nothing is decided or run here."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal, TypeAlias, cast

from jupyter_aml.entities.launch import InputSpec, OutputSpec
from jupyter_aml.entities.sweep_plan import ANY_TRIAL

Plain: TypeAlias = dict[str, Any]  # Any: parts of a YAML, whose values are the user's

STEP: Final = "azureml.step"
"""The property of a child that says which step of its pipeline it is."""
IS_REUSED: Final = "azureml.isreused"
REUSED_RUN: Final = "azureml.reusedrunid"


@dataclass(frozen=True, slots=True)
class Bound:
    """An input that has its value only when the step begins: the pipeline's own input, or a step's output."""

    name: str
    type: str
    step: str = ""
    mode: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """What the body of a `parallel_for` is given in one round: what is known, and what is bound until then."""

    given: dict[str, InputSpec] = field(default_factory=dict[str, InputSpec])
    bound: dict[str, Bound] = field(default_factory=dict[str, Bound])


@dataclass(frozen=True, slots=True)
class Collected:
    """Where the outputs of all rounds are put together; `of` is the type of one of them."""

    of: str
    place: OutputSpec


@dataclass(frozen=True, slots=True)
class ForEach:
    """What a `parallel_for` runs over. No `items`: they are a text that its input `items` becomes.

    `takes` are the inputs of its body as that declares them, `needs` those that only the items give.
    """

    items: tuple[Item, ...] = ()
    takes: dict[str, Bound] = field(default_factory=dict[str, Bound])
    needs: tuple[str, ...] = ()
    outputs: dict[str, Collected] = field(default_factory=dict[str, Collected])


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step as it was frozen. `launch` is its launch record as JSON, with `ANY_TRIAL` in place of its job's name.

    `plan` is that of a sweep or of a pipeline within; `decides` is what else tells two runs of it apart.
    """

    name: str
    type: Literal["command", "sweep", "pipeline", "if_else", "do_while", "parallel_for"]
    launch: str
    spec: Plain
    experiment: str
    compute: str
    nodes: int = 1
    max_attempts: int = 1
    properties: dict[str, str] = field(default_factory=dict[str, str])
    bound: dict[str, Bound] = field(default_factory=dict[str, Bound])
    after: tuple[str, ...] = ()
    plan: str = ""
    is_deterministic: bool = True
    decides: str = ""
    blocks: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Of an `if_else`: the steps that run when its input `condition` is true, and those when it is false."""
    body: str = ""
    """Of a `do_while`: the step that runs again while `condition` is true, with what `bound` says it made.

    Of a `parallel_for`: the step that runs once for each item."""
    most: int = 1
    """… and how often at most; of a `parallel_for`, how many at once, 0 for all."""
    each: ForEach | None = None


@dataclass(frozen=True, slots=True)
class OutputOf:
    """A pipeline's output: that of one of its steps."""

    step: str
    output: str


@dataclass(frozen=True, slots=True)
class PipelinePlan:
    """A pipeline as its program sees it. `initial` runs before all others, `final` after them, come what may."""

    steps: tuple[StepPlan, ...]
    inputs: dict[str, InputSpec] = field(default_factory=dict[str, InputSpec])
    outputs: dict[str, OutputOf] = field(default_factory=dict[str, OutputOf])
    continue_on_step_failure: bool = False
    force_rerun: bool = False
    initial: str = ""
    final: str = ""

    def to_json(self) -> str:
        """The text that `plan_from_json` reads."""
        return json.dumps(asdict(self))


def plan_from_json(text: str) -> PipelinePlan:
    """The plan that `to_json` wrote."""
    raw = cast("Plain", json.loads(text))
    raw["steps"] = tuple(_step(step) for step in raw["steps"])
    raw["inputs"] = {name: InputSpec(**given) for name, given in raw["inputs"].items()}
    raw["outputs"] = {name: OutputOf(**given) for name, given in raw["outputs"].items()}
    return PipelinePlan(**raw)


def _step(raw: Plain) -> StepPlan:
    raw["bound"] = _bounds(raw["bound"])
    raw["after"] = tuple(raw["after"])
    raw["blocks"] = {name: tuple(steps) for name, steps in raw["blocks"].items()}
    raw["each"] = _each(raw["each"]) if raw.get("each") else None
    return StepPlan(**raw)


def _each(raw: Plain) -> ForEach:
    outputs = {name: Collected(one["of"], OutputSpec(**one["place"])) for name, one in raw["outputs"].items()}
    return ForEach(tuple(_item(one) for one in raw["items"]), _bounds(raw["takes"]), tuple(raw["needs"]), outputs)


def _item(raw: Plain) -> Item:
    return Item({name: InputSpec(**given) for name, given in raw["given"].items()}, _bounds(raw["bound"]))


def _bounds(raw: Mapping[str, Plain]) -> dict[str, Bound]:
    return {name: Bound(**given) for name, given in raw.items()}


CONDITION: Final = "${{condition}}"
"""The key of a condition among the bound inputs: no input has that name."""
ITEMS: Final = "${{items}}"
"""… and that of items that are bound."""


def step_job(pipeline: str, step: str, round_: int = 0) -> str:
    """The name of a step's job; of a loop's later rounds, with their number."""
    return f"{pipeline}_{step}" + (f".{round_}" if round_ else "")


def round_of(job: str) -> int:
    """Which round of a loop a step's job is; 0 for the first."""
    _, dot, number = job.rpartition(".")
    return int(number) if dot and number.isdecimal() else 0


def collected_at(step: StepPlan, pipeline: str) -> dict[str, OutputSpec]:
    """Where a `parallel_for` of this pipeline puts its outputs together; it has no job of its own."""
    name = step_job(pipeline, step.name)
    outputs = step.each.outputs if step.each else {}
    return {output: replace(one.place, path=one.place.path.replace(ANY_TRIAL, name)) for output, one in outputs.items()}
