"""Components as their YAML says them, and the steps of pipelines: files that they name are read, paths are placed.

Plain fields in and out; an interface that a step does not declare is read off what it is given.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.entities.bindings import binding
from jupyter_aml.entities.component import Component, component_kind, component_of
from jupyter_aml.entities.dotted import Fields
from jupyter_aml.entities.draft import DraftError, Problems
from jupyter_aml.entities.input_output import literal_type
from jupyter_aml.entities.yaml_draft import check_environments, made, texts_of_versions
from jupyter_aml.entities.yaml_source import place, placed, read
from jupyter_aml.exceptions import MlException, ValidationException

_ENVIRONMENT: Final = ("environment.conda_file", "environment.build.path")
_PATHS: Final = ("code", "task.code", "additional_includes", *_ENVIRONMENT, *(f"task.{path}" for path in _ENVIRONMENT))
_IN_COMPONENT: Final[Mapping[str, tuple[str, ...]]] = {
    "command": ("command", "code", "environment", "additional_includes", "is_deterministic"),
    "parallel": ("task", "input_data", "is_deterministic"),
    "pipeline": ("jobs",),
}
"""What a step that names no component says of what runs: it becomes one."""
_TRIAL: Final = (*_IN_COMPONENT["command"], "environment_variables", "distribution", "resources")
_MOST_DEEP: Final = 100
_IDS: Final = ("//", "/subscriptions/")
"""How what is elsewhere begins: in a registry, or by its whole id."""


def component_in(fields: Fields, folder: Path, *, is_step: bool = False, depth: int = 0) -> Component:
    """The component of these fields, its paths taken from `folder`, the steps of a pipeline read.

    One that only a step runs may be nameless.
    """
    kind = component_kind(fields)
    place(fields, _PATHS, folder)
    check_environments(fields)
    if fields.get("type") == "pipeline":
        if is_step:
            _interfaces(fields)
            fields = {name: value for name, value in fields.items() if name in kind.model_fields}
        fields["jobs"] = steps_in(fields, folder, depth=depth)
    return made(kind, fields, may_be_nameless=is_step)


def steps_in(pipeline: Fields, folder: Path, *, depth: int = 0) -> dict[str, Fields]:
    """The steps of a pipeline's YAML, each with its component within or by its name in the workspace.

    Every problem of every step is told by its path.
    """
    jobs = pipeline.get("jobs")
    if depth > _MOST_DEEP:
        raise ValidationException(f"jobs: more than {_MOST_DEEP} pipelines within each other.")
    if not isinstance(jobs, Mapping):
        return cast("dict[str, Fields]", jobs or {})
    read_: dict[str, Fields] = {}
    problems: Problems = ()
    for name, given in cast("Mapping[object, object]", jobs).items():
        try:
            read_[str(name)] = _step(given, folder, depth)
        except DraftError as error:
            problems += tuple((f"jobs.{name}.{path}".rstrip("."), text) for path, text in error.problems)
        except MlException as error:
            raise type(error)(f"jobs.{name}: {error.message}", resolution=error.resolution) from None
    if problems:
        raise DraftError("pipeline", problems)
    whole = {**pipeline, "jobs": read_}
    return {name: _whole(step, whole) for name, step in read_.items()}


def _step(given: object, folder: Path, depth: int) -> Fields:
    """A step, its paths placed and the file of its component read."""
    if not isinstance(given, Mapping):
        raise DraftError("step", (("", f"a step is a mapping (found {given!r})"),))
    fields = {str(name): value for name, value in cast("Mapping[object, Any]", given).items() if name != "$schema"}
    place(fields, ("inputs.*.path", *_PATHS), folder)
    for key in ("component", "trial"):
        if key in fields:
            fields[key] = _component(key, fields[key], folder, depth)
    texts_of_versions(fields)
    check_environments(fields)
    return fields


def pipeline_in(fields: Fields, folder: Path) -> Fields:
    """The fields of a pipeline job, its steps read: its own, or a component's; one of the workspace stays a name."""
    if "component" not in fields:
        return {**fields, "jobs": steps_in(fields, folder)}
    if fields.get("jobs"):
        raise DraftError("pipeline", (("component", "a pipeline has either jobs or a component, not both."),))
    found = _component("component", fields["component"], folder, 0)
    if not isinstance(found, Mapping):
        return {**fields, "component": _reference(found)}
    component = component_of(cast("Fields", found))
    if component.type != "pipeline":
        raise DraftError("pipeline", (("component", f"a pipeline component is expected (found {component.type})."),))
    return {**fields, "component": component}


def _reference(given: object) -> str:
    """The name of a component of the workspace. DraftError for what is none; Azure takes it for a file too."""
    if isinstance(given, str) and (given.startswith("azureml:") or given.lower().startswith(_IDS)):
        return given
    hint = f" One of the workspace is azureml:{given}." if isinstance(given, str) else ""
    told = f"a file, or a component of the workspace, azureml:name:version, is expected (found {given!r}).{hint}"
    raise DraftError("pipeline", (("component", told),))


def _component(key: str, given: object, folder: Path, depth: int) -> object:
    """What runs: a name in the workspace as it is, else the component's own fields."""
    if isinstance(given, str):
        path = placed(given.removeprefix("file:"), folder)
        if not _is_file(given, path):
            return given
        fields, folder = _read(key, path)
    elif isinstance(given, Mapping):
        fields = {str(name): value for name, value in cast("Mapping[object, Any]", given).items()}
    else:
        return given
    if "type" not in fields and "command" not in fields and "jobs" in fields:
        fields["type"] = "pipeline"
    return component_in(fields, folder, is_step=True, depth=depth + 1).spec()


def _read(key: str, path: str) -> tuple[Fields, Path]:
    try:
        return read(path, "component", None, None)
    except ValidationException as error:
        raise DraftError("step", ((key, " ".join(filter(None, (error.message, error.resolution)))),)) from None


def _is_file(given: str, path: str) -> bool:
    bare = given.removeprefix("azureml:")
    if bare.lower().startswith(_IDS):
        return False
    return given.startswith("file:") or bare.startswith((".", "/")) or path.endswith((".yml", ".yaml"))


# ── interfaces that nobody wrote ──


def _interfaces(pipeline: Fields) -> None:
    """Literals and data where a component declares types: a pipeline job's YAML used as a component."""
    given = pipeline.get("inputs")
    if isinstance(given, Mapping):
        pipeline["inputs"] = {name: _declared(value) for name, value in cast("Mapping[str, object]", given).items()}
    made_ = pipeline.get("outputs")
    if isinstance(made_, Mapping):
        outputs = cast("Mapping[str, object]", made_).items()
        pipeline["outputs"] = {name: _declared_output(value) for name, value in outputs}


def _declared(value: object) -> object:
    if isinstance(value, bool | int | float | str):
        return {"type": literal_type(value), "default": value}
    if not isinstance(value, Mapping):
        return value
    given = cast("Mapping[str, object]", value)
    return {"type": given.get("type", "uri_folder")} | {name: one for name, one in given.items() if name != "path"}


def _declared_output(value: object) -> object:
    if not isinstance(value, Mapping):
        return {"type": "uri_folder"}
    given = cast("Mapping[str, object]", value)
    return {"type": given.get("type", "uri_folder")} | {
        key: given[key] for key in ("mode", "description") if key in given
    }


def _whole(step: Fields, pipeline: Fields) -> Fields:
    """The step with its component: one that says itself what runs becomes a step that runs such a component."""
    kind = str(step.get("type") or "command").lower()
    step = {"type": kind, **step}
    if kind == "sweep" and isinstance(step.get("trial"), Mapping):
        trial = cast("Fields", step["trial"])
        return {**step, "trial": trial if "inputs" in trial else {**trial, **_interface(step, pipeline)}}
    if kind not in _IN_COMPONENT or "component" in step:
        return step
    inside = _IN_COMPONENT[kind]
    runs = {name: step[name] for name in inside if name in step}
    rest = {name: value for name, value in step.items() if name not in inside}
    return {**rest, "component": {"type": kind, **runs, **_interface(step, pipeline)}}


def _interface(step: Fields, pipeline: Fields) -> Fields:
    """What a step's component declares when only the step says what it is given."""
    inputs = {name: _input_given(value, pipeline) for name, value in _part(step, "inputs").items()}
    space = {name: {"type": _drawn(value)} for name, value in _part(step, "search_space").items()}
    outputs = {name: _output_given(value, pipeline) for name, value in _part(step, "outputs").items()}
    return {"inputs": {**inputs, **space}, "outputs": outputs}


def _input_given(value: object, pipeline: Fields) -> Fields:
    if found := binding(value):
        own: object = _part(pipeline, "inputs").get(found.name) if found.kind == "input" else None
        kind = _type_of(own) if found.kind == "input" else _type_made(found.step, found.name, pipeline)
        mode = _fields(own).get("mode")
        return {"type": kind} | ({"mode": mode} if mode else {})
    if given := _fields(value):
        kept = {key: given[key] for key in ("mode", "optional") if given.get(key) is not None}
        return {"type": given.get("type", "uri_folder"), **kept}
    return {"type": _type_of(value)}


def _output_given(value: object, pipeline: Fields) -> Fields:
    found = binding(value)
    return {"type": _type_of(_part(pipeline, "outputs").get(found.name) if found else value)}


def _type_made(step: str, output: str, pipeline: Fields) -> str:
    """The type of an output of another step; a folder where only the workspace knows."""
    other = _part(_part(pipeline, "jobs"), step)
    declared = _part(_part(other, "component") or _part(other, "trial"), "outputs")
    if output in declared:
        return _type_of(declared[output])
    return str(_output_given(_part(other, "outputs").get(output), pipeline)["type"])


def _type_of(value: object) -> str:
    if isinstance(value, Mapping):
        return str(cast("Mapping[str, object]", value).get("type", "uri_folder"))
    return literal_type(value) if isinstance(value, bool | int | float | str) else "uri_folder"


def _drawn(distribution: object) -> str:
    """The type of the values that a distribution gives."""
    given = _fields(distribution)
    if given.get("type") == "choice":
        kinds = {
            literal_type(value) for value in given.get("values", ()) if isinstance(value, bool | int | float | str)
        }
        return kinds.pop() if len(kinds) == 1 else ("number" if kinds == {"integer", "number"} else "string")
    return "integer" if given.get("type") == "randint" else "number"


def _part(holder: Mapping[str, Any], name: str) -> Fields:
    return _fields(holder.get(name))


def _fields(value: object) -> Fields:
    """A mapping as it is; nothing of anything else."""
    return dict(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else {}
