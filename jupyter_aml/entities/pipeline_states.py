"""How the steps of a pipeline stand, those too that have no job. Values in, values out; nothing is opened here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.pipeline_graph import CHOICE, LOOPS, Edge, blocks_of, body_of
from jupyter_aml.entities.status import FINISHED, WAITING, JobStatus


class State(StrEnum):
    """How a step stands, in the words of its view."""

    COMPLETED = "completed"
    REUSED = "reused"
    FAILED = "failed"
    CANCELED = "canceled"
    RUNNING = "running"
    QUEUED = "queued"
    WAITING = "waiting"
    NOT_STARTED = "not started"
    SKIPPED = "skipped"


DONE: Final = frozenset({State.COMPLETED, State.REUSED})
_ENDED_BADLY: Final = frozenset({State.FAILED, State.CANCELED})
_STATES: Final = {
    JobStatus.COMPLETED: State.COMPLETED,
    JobStatus.FAILED: State.FAILED,
    JobStatus.CANCELED: State.CANCELED,
} | dict.fromkeys(WAITING, State.QUEUED)


def of_job(status: JobStatus, *, is_reused: bool) -> State:
    """How a step stands whose job has this status."""
    state = _STATES.get(status, State.RUNNING)
    return State.REUSED if is_reused and state is State.COMPLETED else state


@dataclass(frozen=True, slots=True)
class Course:
    """A pipeline as far as it has come: its steps in order, its edges, how those stand that have a job."""

    nodes: Mapping[str, Spec]
    ordered: Sequence[str]
    edges: Sequence[Edge]
    jobs: Mapping[str, State]
    status: JobStatus
    goes_on: bool = False
    """Whether others begin after one has failed."""
    final: str = ""

    @property
    def is_over(self) -> bool:
        """Whether no step will begin any more."""
        return self.status in FINISHED

    @property
    def is_stopping(self) -> bool:
        """Whether a step failed, and others do not begin then."""
        ended = any(state in _ENDED_BADLY for name, state in self.jobs.items() if name != self.final)
        return ended and not self.goes_on


def states(course: Course) -> dict[str, State]:
    """How every step stands: with a job as that does, without one by what is before it."""
    before = dict[str, list[str]]()
    for edge in course.edges:
        if edge.source and edge.target:
            before.setdefault(edge.target, []).append(edge.source)
    found, passed_by = dict[str, State](), set[str]()
    for name in course.ordered:
        node, known = course.nodes[name], [found[one] for one in before.get(name, ()) if one in found]
        state = course.jobs.get(name) or (State.SKIPPED if name in passed_by else _without_job(course, name, known))
        if node.get("type") == CHOICE and state is not State.SKIPPED:
            state, others = _decided(course, node, state)
            passed_by.update(others)
        elif node.get("type") in LOOPS:
            state = _looped(course, name, node, state)
        found[name] = state
    return found


def _without_job(course: Course, name: str, before: Sequence[State]) -> State:
    if name == course.final:
        return State.NOT_STARTED if course.is_over else State.WAITING
    if State.SKIPPED in before:
        return State.SKIPPED
    never = {*_ENDED_BADLY, State.NOT_STARTED}
    is_lost = course.is_over or course.is_stopping or any(one in never for one in before)
    return State.NOT_STARTED if is_lost else State.WAITING


def _decided(course: Course, node: Spec, state: State) -> tuple[State, tuple[str, ...]]:
    """An `if_else` has decided once a step of one of its blocks has begun; those of the other are passed by."""
    blocks = blocks_of(node)
    chosen = next((word for word, steps in blocks.items() if any(one in course.jobs for one in steps)), "")
    if chosen:
        return State.COMPLETED, blocks["false" if chosen == "true" else "true"]
    if course.status == JobStatus.COMPLETED:
        return State.COMPLETED, (*blocks["true"], *blocks["false"])
    return state, ()


def _looped(course: Course, name: str, node: Spec, state: State) -> State:
    """A loop runs from the first round of its body until something behind it begins, or the pipeline ends."""
    body = course.jobs.get(body_of(node))
    if body is None or state is State.SKIPPED:
        return state
    if body in _ENDED_BADLY:
        return body
    behind = [edge.target for edge in course.edges if edge.source == name and edge.target]
    is_done = course.status == JobStatus.COMPLETED or any(one in course.jobs for one in behind)
    return State.COMPLETED if is_done else (state if course.is_over else State.RUNNING)
