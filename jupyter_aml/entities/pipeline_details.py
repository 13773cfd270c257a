"""A pipeline as a person reads it: its steps, what flows between them, how they stand. Plain data; nothing is run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.pipeline_graph import CONTROL_FLOW, Edge
from jupyter_aml.entities.pipeline_states import DONE, State

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `job`: its job's name, of a loop's body that of the last round; `reused`: the earlier job it is.

    `component`: what it runs, where that has a name; `inner`: the pipeline that it is, if it is one.
    """

    name: str
    state: State
    type: str = "command"
    job: str = ""
    component: str = ""
    started: float | None = None
    ended: float | None = None
    reused: str = ""
    rounds: int = 0
    inner: "PipelineDetails | None" = None

    @property
    def has_job(self) -> bool:
        """Whether it is run by a job: control flow is not."""
        return self.type not in CONTROL_FLOW

    def ran(self, now: float) -> float | None:
        """Seconds from its start to its end, or until now; None where nothing ran."""
        if self.started is None or self.reused:
            return None
        return max(0.0, (now if self.ended is None else self.ended) - self.started)


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output of the pipeline itself."""

    name: str
    type: str = ""

    @property
    def is_data(self) -> bool:
        """Whether files are behind it: a plain value is not drawn."""
        return self.type not in LITERAL_TYPES


@dataclass(frozen=True, slots=True)
class PipelineDetails:
    """A pipeline at one moment: its steps so that each stands behind what it waits for; `settings` in words."""

    steps: tuple[Step, ...] = ()
    edges: tuple[Edge, ...] = ()
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict[str, str])

    def counts(self) -> dict[State, int]:
        """How many steps with a job there are of each state that has any."""
        counts = Counter(step.state for step in self.steps if step.has_job)
        return {state: counts[state] for state in State if counts[state]}

    @property
    def done(self) -> int:
        """How many steps are completed, reused ones among them."""
        return sum(count for state, count in self.counts().items() if state in DONE)

    @property
    def total(self) -> int:
        """How many steps have a job, or will."""
        return sum(self.counts().values())

    def to_dict(self) -> dict[str, JsonValue]:
        """The same as JSON values."""
        return {
            "steps": [_step(step) for step in self.steps],
            "edges": [_edge(edge) for edge in self.edges],
            "inputs": [{"name": port.name, "type": port.type} for port in self.inputs],
            "outputs": [{"name": port.name, "type": port.type} for port in self.outputs],
            "settings": dict(self.settings),
        }


def _step(step: Step) -> JsonValue:
    return {
        "name": step.name,
        "state": step.state,
        "type": step.type,
        "job": step.job,
        "component": step.component,
        "started": step.started,
        "ended": step.ended,
        "reused": step.reused,
        "rounds": step.rounds,
        "inner": None if step.inner is None else step.inner.to_dict(),
    }


def _edge(edge: Edge) -> JsonValue:
    return {
        "source": edge.source,
        "target": edge.target,
        "output": edge.output,
        "input": edge.input,
        "is_data": edge.is_data,
    }
