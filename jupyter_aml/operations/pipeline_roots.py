"""A pipeline job that runs a component of the workspace: its steps, given what the job says. No row is written here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.input_output import Input, Output, literal_type
from jupyter_aml.entities.job_draft import plain_inputs
from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.job_settings import Inputs
from jupyter_aml.entities.pipeline_check import check_pipeline, mismatch
from jupyter_aml.entities.pipeline_job import PipelineJob, without
from jupyter_aml.entities.sweep_plan import Plain
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.operations import inputs
from jupyter_aml.operations.pipeline_steps import check_bounds, component_of, type_of, value_of
from jupyter_aml.operations.workspaces import Workspace

_FOLDER: Final = "uri_folder"
"""The type of an output whose type nobody said; Azure writes it into the YAML."""
_FILE: Final = "uri_file"
_FILES_OR_FOLDERS: Final = frozenset({_FILE, _FOLDER, "mltable"})
"""Types that say which of the two they are; a model may be either."""


@dataclass(frozen=True, slots=True)
class Root:
    """A pipeline job as its steps find it; `draft` is one whose steps are its own."""

    spec: Spec
    inputs: Mapping[str, Input]
    draft: PipelineJob


def opened(workspace: Workspace, draft: PipelineJob) -> Root:
    """The job with the steps that it runs: its own, or those of the version that its component's name means now.

    Raises DraftError with every problem of what it gives, by its path; ResourceNotFoundError with the nearest name;
    ValidationException for a component that is no pipeline.
    """
    if draft.component is None:
        inputs.check_inputs(workspace, draft.inputs)
        return Root(draft.spec(), draft.inputs, draft)
    if problems := check_pipeline(draft):
        raise DraftError("PipelineJob", problems)
    component = _component(workspace, draft.component)
    if problems := tuple(_problems(draft, component)):
        raise DraftError("PipelineJob", problems)
    return _root(workspace, draft, component)


def _root(workspace: Workspace, draft: PipelineJob, component: Plain) -> Root:
    """The component's steps with what they are given; what nobody gave is bound to nothing."""
    declared = _part(component, "inputs")
    given = {name: _value(name, wanted, draft.inputs.get(name)) for name, wanted in declared.items()}
    values = {name: value.model_copy(update={"optional": None}) for name, value in given.items() if value is not None}
    inputs.check_inputs(workspace, values)
    for name, value in values.items():
        check_bounds(name, declared[name], value.default)
    missing = [name for name, value in given.items() if value is None]
    own = {
        **draft.spec(), "inputs": plain_inputs(Inputs(values)), "outputs": _outputs(draft, component),
        "jobs": {name: without(dict(step), missing) for name, step in _part(component, "jobs").items()},
    }  # fmt: skip
    pinned = f"azureml:{component['name']}:{component['version']}"
    return Root({**own, "component": pinned}, values, PipelineJob.of({**own, "component": None}))


def _component(workspace: Workspace, reference: str) -> Plain:
    with inputs.by_path("component"):
        found = component_of(workspace, reference)
    if found.get("type") != "pipeline":
        kind = found.get("type") or "command"
        message = f"component: a pipeline component is expected, '{reference}' is of type {kind}."
        raise ValidationException(message, resolution=f"Make it a step: jobs: {{run: {{component: {reference}}}}}.")
    return found


# ── what may be said against it ──


def _problems(draft: PipelineJob, component: Plain) -> Iterator[tuple[str, str]]:
    declared, made = _part(component, "inputs"), _part(component, "outputs")
    for what, given, known in (("inputs", draft.inputs, declared), ("outputs", draft.outputs, made)):
        for name in given:
            if name not in known:
                yield f"{what}.{name}", f"unknown. {did_you_mean(name, known)}"
    called = draft.name or draft.display_name
    pipeline = f"pipeline {called!r}" if called else "pipeline"
    for name, wanted in declared.items():
        given = draft.inputs.get(name)
        if given is not None and _is_given(given):
            yield from ((f"inputs.{name}", told) for told in _wrong(given, type_of(wanted)))
        elif wanted.get("default") is None and not wanted.get("optional"):
            yield f"inputs.{name}", f"Required input {name!r} for {pipeline} not provided."


def _is_given(given: Input) -> bool:
    return given.default is not None or bool(given.path)


def _wrong(given: Input, wanted: str) -> Iterator[str]:
    """What is wrong with the type of a value."""
    value = given.default
    if value is None:
        yield from mismatch(given.type, wanted, f"'{given.path}'")
        is_said, kinds = "type" in given.model_fields_set, {given.type, wanted}
        if is_said and kinds <= _FILES_OR_FOLDERS and (given.type == _FILE) != (wanted == _FILE):
            yield f"an input of type {wanted} is given '{given.path}', which is of type {given.type}."
    elif wanted in LITERAL_TYPES:
        yield from mismatch(literal_type(value), wanted, repr(value))
    elif not isinstance(value, str):
        yield f"an input of type {wanted} is given {value!r}, which is of type {literal_type(value)}."


# ── what it is given, and gives ──


def _value(name: str, wanted: Plain, given: Input | None) -> Input | None:
    """What an input is given, else what the component says; None for one that may be left out, and is."""
    if given is None or not _is_given(given):
        return None if wanted.get("default") is None else value_of(name, wanted, None)
    if given.default is not None:
        return value_of(name, wanted, given.default)
    said: Plain = given.model_dump(exclude_none=True)
    if "type" not in given.model_fields_set:
        del said["type"]
    return value_of(name, wanted, {**({"mode": wanted["mode"]} if wanted.get("mode") else {}), **said})


def _outputs(draft: PipelineJob, component: Plain) -> Plain:
    made = _part(component, "outputs").items()
    return {name: _output(dict(wanted or {}), draft.outputs.get(name)) for name, wanted in made}


def _output(wanted: Plain, given: Output | None) -> Plain:
    """How an output is written: as the job says, else as the component does; what writes a value writes a file."""
    kind = type_of({"type": _FOLDER, **wanted})
    said: Plain = given.model_dump(exclude_none=True) if given else {}
    if said.get("type") == _FOLDER:
        del said["type"]
    mode = {"mode": wanted["mode"]} if wanted.get("mode") else {}
    return {"type": _FILE if kind in LITERAL_TYPES else kind, **mode, **said}


def _part(spec: Spec, name: str) -> Plain:
    return dict(spec.get(name) or {})
