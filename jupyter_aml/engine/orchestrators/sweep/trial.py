"""A trial of a sweep, made from the template and its parameters. Values in, values out; nothing is stored here."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from jupyter_aml.entities import command_line
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.launch import InputSpec, Launch, launch_from_json
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_plan import ANY_TRIAL, HYPERPARAMETERS, TrialTemplate, trial_name

_TYPES: Final = ((bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"))


def record(template: TrialTemplate, sweep: str, number: int, params: Mapping[str, Any], at: float) -> JobRecord:
    """The trial as the store keeps it: a command job like any other, whose inputs are the parameters."""
    name = JobName(trial_name(sweep, number))
    spec: dict[str, Any] = json.loads(json.dumps(template.spec).replace(ANY_TRIAL, name))
    spec["inputs"] = {**spec.get("inputs", {}), **{key: _plain(value) for key, value in params.items()}}
    tags = {HYPERPARAMETERS: json.dumps(params)}
    return JobRecord(
        name, "command", JobStatus.NOT_STARTED, template.experiment, name, ComputeName(template.compute), spec, at,
        parent=sweep, nodes=template.nodes, tags=tags, properties=template.properties,
    )  # fmt: skip


def launch(template: TrialTemplate, sweep: str, number: int, params: Mapping[str, Any]) -> Launch:
    """What the trial's runner is told."""
    made = launch_from_json(template.launch.replace(ANY_TRIAL, trial_name(sweep, number)))
    inputs = {name: InputSpec(_type(value), _plain(value)) for name, value in params.items()}
    azures = {f"AZUREML_SWEEP_{name}": str(_plain(value)) for name, value in params.items()}
    return replace(
        made, root=sweep, inputs={**made.inputs, **inputs}, command=_command(made.command, params),
        environment_variables={**azures, **made.environment_variables},
    )  # fmt: skip


def _command(command: str, params: Mapping[str, Any]) -> str:
    """The command; what is not a plain value goes in as JSON, in quotes that the shell takes away again."""
    nested = {name: json.dumps(value) for name, value in params.items() if _is_nested(value)}
    return command_line.filled(command, nested) if nested else command


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of the user's
    return json.dumps(value) if _is_nested(value) else value


def _is_nested(value: object) -> bool:
    return value is None or isinstance(value, list | dict)


def _type(value: object) -> str:
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "string")
