"""Where the outputs of a job lie: its own, those of a sweep's best trial, those of a pipeline's steps. Reads only."""

from pathlib import Path

from jupyter_aml.entities.job_folder import pipeline_template
from jupyter_aml.entities.launch import OutputSpec, launch_from_json
from jupyter_aml.entities.pipeline_plan import STEP, collected_at, plan_from_json
from jupyter_aml.entities.sweep_plan import BEST_CHILD
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.store import jobs
from jupyter_aml.store.database import Database


def outputs_of(database: Database, folder: WorkspaceFolder, name: str) -> dict[str, OutputSpec]:
    """The outputs of a job by name; of a sweep or pipeline, those that there are by now. ResourceNotFoundError."""
    job = jobs.get(database, name)
    if job.type == "pipeline":
        return _of_pipeline(database, folder, name)
    if job.type == "sweep":
        best = job.properties.get(BEST_CHILD)
        return outputs_of(database, folder, best) if best else {}
    return launch_from_json(jobs.launch_text(database, name)).outputs


def _of_pipeline(database: Database, folder: WorkspaceFolder, name: str) -> dict[str, OutputSpec]:
    plan = plan_from_json(pipeline_template(folder.jobs, name).read_text())
    by_step = {child.properties.get(STEP): child.name for child in jobs.children(database, name)}
    loops = {step.name: step for step in plan.steps if step.each}
    found: dict[str, OutputSpec] = {}
    for output, place in plan.outputs.items():
        child = by_step.get(place.step)
        there = outputs_of(database, folder, child) if child else {}
        if loop := loops.get(place.step):  # it has no job; what it puts together is there when it is done
            there = {one: spec for one, spec in collected_at(loop, name).items() if Path(spec.path).exists()}
        if place.output in there:
            found[output] = there[place.output]
    return found
