"""What a run was given, as names and texts that can be set side by side. Nothing is compared here."""

import json
from collections.abc import Mapping
from typing import Final, cast

from jupyter_aml.entities.job_record import JobRecord, Spec
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.runner.cell import LABEL as CELL

_SETTINGS: Final = ("compute", "distribution", "resources", "limits")
_OF_ENVIRONMENT: Final = ("azureml.git.branch", "azureml.git.commit", "azureml.git.dirty")


def ran(job: JobRecord) -> str:
    """The run that logged what the job has: of a step that did not run again, the earlier one."""
    return job.properties.get(REUSED_RUN, str(job.name))


def inputs_of(job: JobRecord) -> Mapping[str, str]:
    """Its inputs: literals, and where data came from."""
    return {name: _text(given) for name, given in _part(job.spec, "inputs").items()}


def environment_of(job: JobRecord) -> Mapping[str, str]:
    """Where it ran: environment, compute, variables but for the one that names its cell, the repository's state."""
    runs = _runs(job)
    found = {"environment": job.properties.get("environment", "")}
    found |= {name: _text(job.spec.get(name, runs.get(name))) for name in _SETTINGS}
    variables = _part(runs, "environment_variables")
    found |= {f"variable {name}": _text(value) for name, value in variables.items() if name != CELL}
    found |= {name.removeprefix("azureml."): job.properties.get(name, "") for name in _OF_ENVIRONMENT}
    return {name: text for name, text in found.items() if text}


def command_of(job: JobRecord) -> Mapping[str, str]:
    """What it ran; of a pipeline what each of its steps is."""
    if "jobs" in job.spec:
        return {f"step {name}": _text(step) for name, step in _part(job.spec, "jobs").items()}
    said = str(_runs(job).get("command", ""))
    return {"command": said.replace("${{search_space.", "${{inputs.")}  # as its trials have it


def _runs(job: JobRecord) -> Spec:
    """What says what is run: of a sweep its trial."""
    return _part(job.spec, "trial") or job.spec


def _text(value: object) -> str:
    if isinstance(value, Mapping) and "path" in value:
        value = cast("Spec", value)["path"]
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _part(spec: Spec, name: str) -> Spec:
    return cast("Spec", spec.get(name) or {})
