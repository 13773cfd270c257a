"""A pipeline's steps, gathered for a view: a query a level of nesting, none for each step. Nothing is painted here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from jupyter_aml.entities.job_record import ChildRecord, JobRecord, Spec
from jupyter_aml.entities.pipeline_details import PipelineDetails, Port, Step
from jupyter_aml.entities.pipeline_graph import edges_of, end_of, in_order, nodes_of
from jupyter_aml.entities.pipeline_plan import IS_REUSED, REUSED_RUN, STEP
from jupyter_aml.entities.pipeline_states import Course, State, of_job, states
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

PIPELINE: Final = "pipeline"
_DEEPEST: Final = 8  # levels of pipelines within pipelines
_ANONYMOUS: Final = "azureml_anonymous"
_TELLING: Final = (State.RUNNING, State.QUEUED, State.FAILED, State.CANCELED)
"""What tells of several rounds, if one of them stands so."""
_VALUES: Final[Mapping[type, str]] = {bool: "boolean", int: "integer", float: "number", str: "string"}

Children = Mapping[str, Sequence[ChildRecord]]


def gathered(workspace: Workspace, job: JobRecord) -> PipelineDetails:
    """The pipeline as it is now, and those within it."""
    children = _children(workspace, job.name)
    return _details(_Read(workspace, children), job.name, job.spec, job.status)


def _children(workspace: Workspace, root: str) -> Children:
    """The children of the pipeline and of those within it, by their parents."""
    found, parents = dict[str, list[ChildRecord]](), [root]
    for _ in range(_DEEPEST):
        if not parents:
            break
        level = jobs.children_of(workspace.database, parents)
        found |= level
        parents = [child.name for some in level.values() for child in some if child.type == PIPELINE]
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read at once for all levels."""

    workspace: Workspace
    children: Children

    def of(self, job: str) -> dict[str, list[ChildRecord]]:
        """The jobs of a pipeline by their steps: several where a loop went round."""
        found = dict[str, list[ChildRecord]]()
        for child in self.children.get(job, ()):
            found.setdefault(child.properties.get(STEP, ""), []).append(child)
        return found


def _details(read: _Read, job: str, spec: Spec, status: JobStatus) -> PipelineDetails:
    nodes, edges = nodes_of(spec), edges_of(spec)
    ordered, children = in_order(list(nodes), edges), read.of(job)
    settings = _part(spec.get("settings"))
    known = {name: _together(children[name]) for name in nodes if name in children}
    goes_on, final = bool(settings.get("continue_on_step_failure")), end_of(settings, "on_finalize")
    found = states(Course(nodes, ordered, edges, known, status, goes_on, final))
    return PipelineDetails(
        steps=tuple(_step(read, name, nodes[name], found[name], children.get(name, ())) for name in ordered),
        edges=edges,
        inputs=tuple(_ports(_part(spec.get("inputs")))),
        outputs=tuple(_ports(_part(spec.get("outputs")))),
        settings=_said(settings),
    )


def _together(rounds: Sequence[ChildRecord]) -> State:
    """How a step stands by its rounds, some of which a parallel_for runs side by side."""
    found = [of_job(child.status, is_reused=_is_reused(child)) for child in rounds]
    return next((state for state in _TELLING if state in found), found[-1])


def _began(rounds: Sequence[ChildRecord]) -> float | None:
    return min((child.started_at for child in rounds if child.started_at is not None), default=None)


def _ended(rounds: Sequence[ChildRecord]) -> float | None:
    """When the last of them was over; None while one is not."""
    times = [child.ended_at for child in rounds if not _is_reused(child)]
    return None if None in times else max((at for at in times if at is not None), default=rounds[-1].ended_at)


def _is_reused(child: ChildRecord) -> bool:
    return child.properties.get(IS_REUSED) == "true"


def _step(read: _Read, name: str, node: Spec, state: State, rounds: Sequence[ChildRecord]) -> Step:
    component = node.get("component") or node.get("trial")
    kind = str(node.get("type") or _part(component).get("type") or "command")
    if not rounds:
        status = JobStatus.NOT_STARTED if state is State.WAITING else JobStatus.CANCELED
        inner = _inner(read, "", node, status) if kind == PIPELINE else None
        return Step(name, state, kind, component=_called(component), inner=inner)
    last = rounds[-1]
    return Step(
        name, state, kind, last.name, _called(component), _began(rounds), _ended(rounds),
        reused=last.properties.get(REUSED_RUN, "") if _is_reused(last) else "",
        rounds=len(rounds),
        inner=_inner(read, last.name, node, last.status) if kind == PIPELINE else None,
    )  # fmt: skip


def _inner(read: _Read, job: str, node: Spec, status: JobStatus) -> PipelineDetails | None:
    """The pipeline within; one that is named only is known once it has begun."""
    if component := _part(node.get("component")):
        return _details(read, job, {**component, "settings": node.get("settings")}, status)
    begun = jobs.find(read.workspace.database, job) if job else None
    return _details(read, job, begun.spec, status) if begun else None


def _called(component: object) -> str:
    """A component's name and version, or '' where it has none."""
    if isinstance(component, str):
        return component.removeprefix("azureml:")
    given = _part(component)
    name, version = str(given.get("name") or ""), str(given.get("version") or "")
    if not name or name.startswith(_ANONYMOUS):
        return ""
    return f"{name}:{version}" if version else name


def _ports(given: Spec) -> Iterable[Port]:
    for name in given:
        value: object = given[name]
        kind = _part(value).get("type") or _VALUES.get(type(value))
        yield Port(str(name), str(kind or "uri_folder"))


def _said(settings: Spec) -> dict[str, str]:
    """The settings that were given, as people say them."""
    found = dict[str, str]()
    for key, value in settings.items():
        if value not in (None, False, ""):
            found[str(key).replace("_", " ")] = "yes" if value is True else str(value).removeprefix("azureml:")
    return found


def _part(value: object) -> Spec:
    return cast("Spec", value) if isinstance(value, Mapping) else {}
