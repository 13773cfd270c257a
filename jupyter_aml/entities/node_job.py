"""A step that is submitted by itself: the job that it is. Drafts in, drafts out; nothing is run here."""

from typing import Any, Final, cast

from jupyter_aml.entities.command_node import CommandNode, SweepNode
from jupyter_aml.entities.component import Component
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.job_draft import JobDraft
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.pipeline_node import Pipeline
from jupyter_aml.entities.step import Node
from jupyter_aml.entities.sweep_job import SweepJob
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException

_SHARED: Final = ("name", "display_name", "description", "tags", "properties", "identity", "compute", "outputs")


def job_of(node: Node) -> JobDraft:
    """The job that a step is outside of a pipeline. MlException for one that cannot be one."""
    component = node.component
    if isinstance(node, Pipeline) and isinstance(component, str):
        spec = {name: value for name, value in node.spec().items() if name in PipelineJob.model_fields}
        return PipelineJob.of({**spec, "name": node.name})
    if not isinstance(component, Component):
        raise ValidationException(f"component: '{component}' must be got first, to be a job of its own.")
    if getattr(component, "additional_includes", None):
        told = (
            "additional_includes: code from elsewhere is gathered for a step of a pipeline, not for a job of its own."
        )
        raise UnsupportedFieldError(told, resolution="Call the component in a @pipeline function.")
    spec = {**node.spec(), "name": node.name}
    fields: dict[str, Any] = {name: spec[name] for name in _SHARED if spec.get(name)}
    fields["inputs"] = {**_defaults(component), **cast("dict[str, Any]", spec.get("inputs", {}))}
    fields.setdefault("outputs", {})
    fields["outputs"] = {**dict.fromkeys(node.outputs), **fields["outputs"]}
    match node:
        case CommandNode():
            said = {name: spec[name] for name in Command.model_fields if name in spec and name not in fields}
            return Command.of({**_runs(component), **said, **fields, "type": "command"})
        case SweepNode():
            said = {name: spec[name] for name in SweepJob.model_fields if name in spec and name not in fields}
            return SweepJob.of({**said, **fields, "trial": component, "type": "sweep"})
        case Pipeline():
            return PipelineJob.of({**fields, "component": component, "settings": node.settings})
        case _:
            message = f"type: a step of type '{node.type}' runs in a pipeline only."
            raise ValidationException(message, resolution="Call it in a @dsl.pipeline function.")


def _runs(component: Draft) -> dict[str, Any]:
    known = component.spec()
    names = ("command", "code", "environment", "environment_variables", "resources", "distribution", "is_deterministic")
    return {name: known[name] for name in names if name in known}


def _defaults(component: Component) -> dict[str, Any]:
    """What the component declares and says a value of; what is optional may be left out."""
    found: dict[str, Any] = {}
    for name, port in component.inputs.items():
        if port.default is not None:
            found[name] = {"type": port.type, "default": port.default}
        elif port.optional:
            found[name] = {"type": port.type, "optional": True}
    return found
