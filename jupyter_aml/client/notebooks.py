"""`notebook_job`: a notebook as a command job. Its code is written beside the workspaces; nothing is submitted."""

import json
import shlex
import warnings
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypedDict, Unpack

from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.entities.job import Command, command
from jupyter_aml.entities.job_draft import GivenInput
from jupyter_aml.entities.search_space import SweepDistribution
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.notebook import job_code
from jupyter_aml.notebook.arguments import read_arguments
from jupyter_aml.notebook.interface import interface
from jupyter_aml.notebook.script import Parameter, Script, convert
from jupyter_aml.operations.workspaces import home

RunAs: TypeAlias = Literal["script", "notebook"]
Value: TypeAlias = GivenInput | list[object] | tuple[object, ...] | dict[str, object] | None

_EXECUTE: Final = "python -m jupyter_aml.notebook.execute"
_FOLDER: Final = "notebooks"
_WAYS: Final = ("script", "notebook")


class Settings(TypedDict, total=False):
    """What else may be said of the job: as of `command()`."""

    name: str
    display_name: str
    description: str
    experiment_name: str
    compute: str
    environment: str | Environment
    environment_variables: Mapping[str, str]
    outputs: Mapping[str, Output]
    tags: Mapping[str, str]
    properties: Mapping[str, str]
    timeout: float
    instance_count: int
    instance_type: str


def notebook_job(
    notebook: str | Path,
    *,
    inputs: Mapping[str, Value] | None = None,
    run_as: RunAs = "script",
    parameters: Collection[str] = (),
    keep: Collection[str] = (),
    content: Mapping[str, object] | None = None,
    **settings: Unpack[Settings],
) -> Command:
    """A command job that does what a notebook does, with its parameters as inputs.

    Args:
        notebook: its .ipynb file, as it is saved.
        inputs: values for its parameters by name; the notebook's own where none is given. Data is a path. A text is
            read as the parameter's kind: '0.1' is a number where one is wanted.
        run_as: 'script': the notebook converted; 'notebook': executed cell by cell, the executed notebook and its
            HTML are in the job's `outputs`.
        parameters: names whose first assignment becomes a parameter, besides those of the parameters cell.
        keep: as of `convert`: rules or cells by which no code is left out of a script.
        content: what the notebook says, as its file's JSON, where that is not what is saved.
        settings: as of `command()`: compute, environment, experiment_name, display_name, tags …

    Warns of data that the code reads and that a job will not have.

    Raises:
        CaptureError: the notebook cannot become a script; by cell and line.
        ValidationException: an input that is no parameter, or is of another kind.

    >>> job = notebook_job("train.ipynb", inputs={"reg_rate": 0.1})  # doctest: +SKIP
    >>> job(reg_rate=Uniform(0, 1)).sweep(primary_metric="auc", goal="maximize")  # doctest: +SKIP
    """
    draft, remarks = drafted(
        notebook, inputs=inputs, run_as=run_as, parameters=parameters, keep=keep, content=content, **settings
    )
    for remark in remarks:
        warnings.warn(remark, UserWarning, stacklevel=2)
    return draft


def drafted(
    notebook: str | Path,
    *,
    inputs: Mapping[str, Value] | None = None,
    run_as: RunAs = "script",
    parameters: Collection[str] = (),
    keep: Collection[str] = (),
    content: Mapping[str, object] | None = None,
    **settings: Unpack[Settings],
) -> tuple[Command, tuple[str, ...]]:
    """`notebook_job`, and its warnings as text: for surfaces that have their own way to say them."""
    if run_as not in _WAYS:
        message = f"run_as: a notebook runs as 'script' or as 'notebook', found '{run_as}'."
        raise ValidationException(message, resolution=did_you_mean(str(run_as), _WAYS))
    path = Path(notebook).expanduser().absolute()
    is_script = run_as == "script"
    script = _read(path, content, parameters, keep if is_script else None)
    values = _checked(script, inputs or {})
    files = job_code.as_script(script) if is_script else job_code.as_notebook(script, _bytes(path, content))
    program = f"python {shlex.quote(script.name)}" if is_script else f"{_EXECUTE} {shlex.quote(path.name)}"
    named: Settings = {"display_name": path.stem, **settings}
    draft = command(
        command=program + job_code.arguments(script.parameters),
        code=job_code.keep(files, home() / _FOLDER),
        inputs={one.name: _input(one, values, path.parent) for one in script.parameters},
        **named,
    )
    return draft, tuple(f"{script.notebook}, {remark}" for remark in script.remarks)


def _read(
    path: Path, content: Mapping[str, object] | None, parameters: Collection[str], keep: Collection[str] | None
) -> Script:
    """The notebook as a script; without `keep`, which only a script needs, what it takes."""
    if keep is None:
        return interface(path, parameters, content)
    if content is None:
        return convert(path, parameters=parameters, keep=keep)
    return convert(content, name=path.name, folder=path.parent, parameters=parameters, keep=keep)


def _bytes(path: Path, content: Mapping[str, object] | None) -> bytes:
    return path.read_bytes() if content is None else json.dumps(content, ensure_ascii=False, indent=1).encode()


def _checked(script: Script, given: Mapping[str, Value]) -> Mapping[str, Value]:
    """The given values, if the notebook has such parameters, of such kinds."""
    known = {one.name: one for one in script.parameters}
    for name in given:
        if name not in known:
            message = f"{script.notebook} has no parameter '{name}'."
            raise ValidationException(message, resolution=did_you_mean(name, known))
    return {name: _typed(known[name], value) for name, value in given.items()}


def _typed(parameter: Parameter, value: Value) -> Value:
    """A value of the parameter's kind, also when it was typed as text."""
    if parameter.is_path or value is None or isinstance(value, Input | SweepDistribution):
        return value
    text = job_code.text_of(value)
    read = _check(parameter, text)
    return read if isinstance(value, str) and isinstance(read, bool | int | float) else value


def _check(parameter: Parameter, text: str) -> object:
    """The value that a command line would read."""
    if job_code.is_quoted(parameter) and job_code.QUOTE in text:
        message = (
            f"{parameter.name}: a value with a {job_code.QUOTE} in it cannot stand on a command line, found {text}"
        )
        raise ValidationException(message, resolution="Write it into the notebook's parameters cell.")
    return read_arguments([parameter], [f"--{parameter.name}={text}"])[parameter.name]


def _input(parameter: Parameter, values: Mapping[str, Value], folder: Path) -> GivenInput:
    """The job's input for a parameter."""
    is_given = values.get(parameter.name) is not None
    value = values[parameter.name] if is_given else parameter.default
    if isinstance(value, Input | SweepDistribution):
        return value
    if parameter.is_path:
        return _data(parameter, str(value), Path.cwd() if is_given else folder)
    if value is None or (not is_given and job_code.may_be_left_out(parameter)):
        return Input.of({"type": _TYPES.get(parameter.kind, parameter.kind), "optional": True})
    if isinstance(value, bool | int | float) and not job_code.is_quoted(parameter):
        return value
    return job_code.text_of(value)


_TYPES: Final = {"json": "string"}


def _data(parameter: Parameter, path: str, base: Path) -> Input:
    is_local = ":" not in path.split("/", 1)[0]
    return Input.of({"type": parameter.kind, "path": str(base / Path(path).expanduser()) if is_local else path})
