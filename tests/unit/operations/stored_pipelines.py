"""Pipelines as their program leaves them in a store: rows and MLflow's runs, written straight there."""

import json
from collections.abc import Mapping
from typing import Any, Final

from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.pipeline_plan import IS_REUSED, REUSED_RUN, STEP, PipelinePlan, step_job
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

NAME: Final = JobName("brave_fox")
BEGAN: Final = 1_790_000_000.0
COMPONENT: Final = {"type": "command", "command": "true", "outputs": {"o": {"type": "uri_folder"}}}


def node(kind: str = "command", component: object = COMPONENT, **inputs: object) -> dict[str, Any]:
    """A step as the record's YAML has it; what it reads as `step.output`, `.input` of the pipeline, or a literal."""
    return {"type": kind, "component": component, "inputs": {name: _given(value) for name, value in inputs.items()}}


def _given(value: object) -> object:
    if not isinstance(value, str) or "." not in value:
        return value
    step, _, name = value.partition(".")
    return f"${{{{parent.jobs.{step}.outputs.{name}}}}}" if step else f"${{{{parent.inputs.{name}}}}}"


def begin(workspace: Workspace, nodes: Mapping[str, Any], name: JobName = NAME, **more: Any) -> None:
    """A running pipeline without a step's job."""
    spec = {"type": "pipeline", "jobs": dict(nodes), **more}
    job = JobRecord(name, "pipeline", JobStatus.NOT_STARTED, "e", "weekly", ComputeName("local"), spec, BEGAN)
    with workspace.database.transaction() as connection:
        jobs.insert(connection, job, "{}")
        jobs.set_status(connection, name, JobStatus.RUNNING, started_at=BEGAN + 1)
    plan = pipeline_template(workspace.folder.jobs, name)
    plan.parent.mkdir(parents=True)
    plan.write_text(PipelinePlan(()).to_json())
    workspace.runs.create(name, "e", display_name="weekly", artifact_uri="file:///x", tags={}, start_ms=0)


def step(
    workspace: Workspace, key: str, status: JobStatus, *, at: float = 2.0, reused: str = "", round_: int = 0,
    parent: JobName = NAME, kind: str = "command", spec: Mapping[str, Any] | None = None,
) -> JobName:  # fmt: skip
    """A step's job; a reused one is born completed and never ran."""
    name = JobName(step_job(parent, key, round_))
    properties = {STEP: key} | ({IS_REUSED: "true", REUSED_RUN: reused} if reused else {})
    record = JobRecord(
        name, kind, status if reused else JobStatus.NOT_STARTED, "e", key, ComputeName("local"), spec or {},
        BEGAN + at, parent=parent, properties=properties,
    )  # fmt: skip
    with workspace.database.transaction() as connection:
        jobs.insert(connection, record, "{}")
        if not reused and status is not JobStatus.NOT_STARTED:
            over = {"ended_at": BEGAN + at + 5} if status in FINISHED else {}
            jobs.set_status(connection, name, status, started_at=BEGAN + at + 0.5, **over)
    return name


def end(workspace: Workspace, status: JobStatus, name: JobName = NAME) -> None:
    """The pipeline is over."""
    with workspace.database.transaction() as connection:
        jobs.describe(connection, name, {"properties": json.dumps({})})
        jobs.set_status(connection, name, status, ended_at=BEGAN + 60)


def many(workspace: Workspace, *, wide: int = 10, deep: int = 10, done: int = 60) -> None:
    """So many steps, each reading two of the row before; the first `done` are over, every third of them reused."""
    nodes = dict[str, Any]()
    for row in range(deep):
        for column in range(wide):
            reads = {f"d{n}": f"s{row - 1}_{(column + n) % wide}.o" for n in range(2)} if row else {"d0": ".raw"}
            nodes[f"s{row}_{column}"] = node(**reads)
    begin(workspace, nodes, inputs={"raw": {"type": "uri_folder", "path": "./raw"}})
    for number, key in enumerate(list(nodes)[: done + 5]):
        status = JobStatus.COMPLETED if number < done else JobStatus.RUNNING
        reused = f"calm_owl_{key}" if number % 3 == 0 and number < done else ""
        step(workspace, key, status, at=2.0 + number / 10, reused=reused)
