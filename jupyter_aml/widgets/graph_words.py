"""What is said of a pipeline and its steps: marks, short words, sentences. Plain data in, text out; no markup here."""

from collections.abc import Sequence
from typing import Final

from jupyter_aml.entities.pipeline_details import PipelineDetails, Step
from jupyter_aml.entities.pipeline_graph import CHOICE, CONTROL_FLOW, Edge
from jupyter_aml.entities.pipeline_states import State
from jupyter_aml.widgets.figures import span

SIGNS: Final = {
    State.COMPLETED: ("ok", "✓"),
    State.REUSED: ("re", "↺"),
    State.FAILED: ("bad", "✕"),
    State.CANCELED: ("stop", "■"),
    State.RUNNING: ("run", "●"),
    State.QUEUED: ("qd", "○"),
    State.WAITING: ("wt", "◌"),
    State.NOT_STARTED: ("ns", "–"),
    State.SKIPPED: ("sk", "↷"),
}
"""Of each state the style sheet's word and the mark: colour never says it alone."""
TYPES: Final = {
    "sweep": "sweep",
    "parallel": "parallel",
    "pipeline": "pipeline",
    "if_else": "if / else",
    "do_while": "loop",
    "parallel_for": "for each",
}
"""What is said of a step that is more than a command."""


def short(details: PipelineDetails, step: Step, now: float) -> str:
    """What stands below a step's name: `12 s`, `reused`, `sweep · 3 min`, `2 of 3 steps`."""
    said = "" if step.type in {*CONTROL_FLOW, "pipeline"} else TYPES.get(step.type, "")
    ran = step.ran(now)
    parts = [said, _chosen(details, step), _inside(step), "" if ran is None else span(ran)]
    parts.append(f"{step.rounds}×" if step.rounds > 1 else "")
    if step.state not in {State.COMPLETED, State.RUNNING} or not any(parts[1:]):
        parts.insert(1, step.state)
    return " · ".join(part for part in parts if part)


def _inside(step: Step) -> str:
    return f"{step.inner.done} of {step.inner.total}" if step.inner and step.state is not State.WAITING else ""


def _chosen(details: PipelineDetails, step: Step) -> str:
    """Which way a decision went, once it is made."""
    if step.type not in CONTROL_FLOW:
        return ""
    if step.type != CHOICE or step.state is not State.COMPLETED:
        return TYPES[step.type]
    states = {one.name: one.state for one in details.steps}
    taken = [
        edge.output
        for edge in details.edges
        if edge.source == step.name and states.get(edge.target) is not State.SKIPPED
    ]
    return f"→ {taken[0]}" if taken else TYPES[step.type]


def cut(name: str, room: int) -> str:
    """A name in so many letters: a long one loses its middle, as what tells names apart is at their ends."""
    if len(name) <= room:
        return name
    tail = max(1, (room - 1) * 3 // 5)
    return f"{name[: max(0, room - 1 - tail)]}…{name[-tail:]}"


def progress(details: PipelineDetails, ran: float | None) -> str:
    """How far a pipeline is: `4 of 6 steps, 2 reused, 1 running, 12 s`."""
    counts = details.counts()
    said = [f"{details.done:,} of {details.total:,} {'step' if details.total == 1 else 'steps'}"]
    said += [f"{count:,} {state}" for state, count in counts.items() if state is not State.COMPLETED]
    return ", ".join([*said, *([] if ran is None else [span(ran)])])


def described(step: Step, now: float) -> str:
    """A step in a sentence, for a pointer that rests on it."""
    ran = step.ran(now)
    parts = [f"{step.name}: {step.state}", "" if ran is None else f"{span(ran)}"]
    parts += [TYPES.get(step.type, ""), step.component and f"runs {step.component}"]
    parts += [f"from {step.reused}" if step.reused else "", f"{step.rounds} rounds" if step.rounds > 1 else ""]
    return ", ".join(part for part in parts if part)


def reads(details: PipelineDetails, step: Step) -> list[str]:
    """What a step reads and waits for: `model ← train.model`, `after prepare`."""
    return [_read(edge) for edge in details.edges if edge.target == step.name]


def _read(edge: Edge) -> str:
    if edge.is_data:
        source = f"{edge.source}.{edge.output}" if edge.source else edge.output
        return source if source == edge.input else f"{edge.input} ← {source}"
    return f"after {edge.source}" + (f" ({edge.output})" if edge.output else "")


def told(details: PipelineDetails, most: int) -> str:
    """The whole graph in words, as long as `most` characters hold: `prep (completed) leads to train and score.`."""
    after = dict[str, dict[str, None]]()
    for edge in details.edges:
        if edge.source and edge.target:
            after.setdefault(edge.source, {})[edge.target] = None
    said, used = list[str](), 0
    for number, step in enumerate(details.steps):
        targets = list(after.get(step.name, ()))
        leads = f" leads to {_listed(targets)}" if targets else ""
        said.append(f"{step.name} ({step.state}){leads}.")
        used += len(said[-1])
        if used > most:
            left = len(details.steps) - number - 1
            return " ".join([*said, f"{left:,} more are in the table." if left else ""])
    return " ".join(said)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
