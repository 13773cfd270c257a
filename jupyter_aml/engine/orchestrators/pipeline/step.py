"""A step's job, made from its plan and what its inputs have become. Values in, values out; nothing is stored here."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from jupyter_aml.entities import pipeline_plan
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.launch import InputSpec, Launch, OutputSpec, launch_from_json
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.pipeline_plan import IS_REUSED, REUSED_RUN, STEP, Bound, StepPlan, step_job
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_plan import ANY_TRIAL, BEST_CHILD, BEST_SCORE
from jupyter_aml.entities.sweep_plan import plan_from_json as sweep_plan_from_json


@dataclass(frozen=True, slots=True)
class Made:
    """A job that is about to be: its row, its launch, and the plan of its own program, if it has one."""

    record: JobRecord
    launch: Launch
    plan: str = ""


def made(
    step: StepPlan, pipeline: JobRecord, root: str, inputs: Mapping[str, InputSpec], at: float, *, round_: int = 0
) -> Made:
    """The job of a step. `inputs` are those that had no value when the pipeline was frozen."""
    name = JobName(step_job(pipeline.name, step.name, round_))
    launch = launch_from_json(step.launch.replace(ANY_TRIAL, name))
    own = replace(launch, root=root, inputs={**launch.inputs, **(inputs if step.type == "command" else {})})
    spec: dict[str, Any] = json.loads(json.dumps(step.spec).replace(ANY_TRIAL, name))
    spec["inputs"] = {**spec.get("inputs", {}), **{key: _shown(given) for key, given in inputs.items()}}
    record = JobRecord(
        name, step.type, JobStatus.NOT_STARTED, step.experiment, str(spec.get("display_name") or step.name),
        ComputeName(step.compute), spec, at, parent=pipeline.name, nodes=step.nodes, max_attempts=step.max_attempts,
        tags=dict(spec.get("tags") or {}), properties={**step.properties, STEP: step.name},
    )  # fmt: skip
    return Made(record, own, _plan(step, inputs))


def reused(made: Made, earlier: JobRecord, outputs: Mapping[str, OutputSpec]) -> Made:
    """The same job, born completed: its outputs are where those of an earlier one lie; of a sweep, its best trial."""
    best = {key: earlier.properties[key] for key in (BEST_CHILD, BEST_SCORE) if key in earlier.properties}
    properties = {**made.record.properties, **best, IS_REUSED: "true", REUSED_RUN: earlier.name}
    record = replace(made.record, status=JobStatus.COMPLETED, properties=properties)
    return Made(record, replace(made.launch, outputs=dict(outputs)))


def mark_of(step: StepPlan, made: Made) -> str:
    """What tells two runs of a step apart (§9.4): what it does, how it runs, what it reads, where it writes."""
    launch = made.launch
    if step.type == "sweep":
        launch = launch_from_json(sweep_plan_from_json(made.plan).template.launch)
    inputs = {name: asdict(given) for name, given in sorted(launch.inputs.items())}
    text = json.dumps([step.decides, inputs, launch.environment_variables, step.nodes], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def sum_of(made: Sequence[Mapping[str, OutputSpec]]) -> str:
    """What tells apart what the rounds of a loop made: where it lies, in their order."""
    places = [[output.path for _, output in sorted(one.items())] for one in made]
    return hashlib.sha256(json.dumps(places).encode()).hexdigest()


def given_by(bound: Bound, output: OutputSpec) -> InputSpec:
    """A step's output as the input of another."""
    return InputSpec(bound.type, output.path, bound.mode or "ro_mount", bound.optional, output.is_remote)


def passed_on(bound: Bound, given: InputSpec) -> InputSpec:
    """The pipeline's own input as a step's: read as the step says, if it says so."""
    return replace(given, type=bound.type or given.type, mode=bound.mode or given.mode, optional=bound.optional)


def _plan(step: StepPlan, inputs: Mapping[str, InputSpec]) -> str:
    """The plan of a sweep or pipeline within, with what its inputs have become."""
    if step.type == "pipeline":
        plan = pipeline_plan.plan_from_json(step.plan)
        return replace(plan, inputs={**plan.inputs, **inputs}).to_json()
    if step.type == "sweep":
        sweep = sweep_plan_from_json(step.plan)
        launch = launch_from_json(sweep.template.launch)
        text = replace(launch, inputs={**launch.inputs, **inputs}).to_json()
        return replace(sweep, template=replace(sweep.template, launch=text)).to_json()
    return ""


def _shown(given: InputSpec) -> object:
    """An input as YAML says it."""
    if given.type in {"integer", "number", "string", "boolean"}:
        return given.value
    mode = {"mode": given.mode} if given.mode else {}
    return {"type": given.type, "path": str(given.value or ""), **mode}
