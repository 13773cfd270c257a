"""`notebook_job`: a notebook as a command job. Its code is written beside the workspaces; nothing is submitted."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

from jupyter_aml.entities.input_output import Input
from jupyter_aml.entities.job import Command, command
from jupyter_aml.entities.search_space import SweepDistribution
from jupyter_aml.exceptions import ValidationException, did_you_mean
from jupyter_aml.notebook import job_code
from jupyter_aml.notebook.arguments import read_arguments
from jupyter_aml.notebook.script import Parameter, Script, convert
from jupyter_aml.operations.workspaces import home

RunAs: TypeAlias = Literal["script", "notebook"]

_EXECUTE: Final = "python -m jupyter_aml.notebook.execute"
_FOLDER: Final = "notebooks"
_WAYS: Final = ("script", "notebook")


def notebook_job(
    notebook: str | Path,
    *,
    inputs: Mapping[str, Any] | None = None,
    run_as: RunAs = "script",
    parameters: Collection[str] = (),
    keep: Collection[str] = (),
    **settings: Any,  # noqa: ANN401 - as of command()
) -> Command:
    """A command job that does what a notebook does, with its parameters as inputs.

    Args:
        notebook: its .ipynb file, as it is saved.
        inputs: values for its parameters by name; the notebook's own where none is given. Data is a path.
        run_as: 'script': the notebook converted; 'notebook': executed cell by cell, the executed notebook and its
            HTML are in the job's `outputs`.
        parameters: names whose first assignment becomes a parameter, besides those of the parameters cell.
        keep: as of `convert`: rules or cells by which no code is left out.
        settings: as of `command()`: compute, environment, experiment_name, display_name, tags …

    Raises:
        CaptureError: the notebook cannot become a script; by cell and line.
        ValidationException: an input that is no parameter, or is of another kind.

    >>> job = notebook_job("train.ipynb", inputs={"reg_rate": 0.1})  # doctest: +SKIP
    >>> job(reg_rate=Uniform(0, 1)).sweep(primary_metric="auc", goal="maximize")  # doctest: +SKIP
    """
    if run_as not in _WAYS:
        message = f"run_as: a notebook runs as 'script' or as 'notebook', found '{run_as}'."
        raise ValidationException(message, resolution=did_you_mean(str(run_as), _WAYS))
    path = Path(notebook).expanduser().absolute()
    script = convert(path, parameters=parameters, keep=keep)
    values = _checked(script, inputs or {})
    code, program = _code(script, path, run_as)
    settings.setdefault("display_name", path.stem)
    return command(
        command=program + job_code.arguments(script.parameters),
        code=code,
        inputs={one.name: _input(one, values, path.parent) for one in script.parameters},
        **settings,
    )


def _code(script: Script, path: Path, run_as: RunAs) -> tuple[Path, str]:
    below = home() / _FOLDER
    if run_as == "notebook":
        files = job_code.as_notebook(script, path.read_bytes())
        return job_code.keep(files, below), f"{_EXECUTE} {job_code.quoted(path.name)}"
    return job_code.keep(job_code.as_script(script), below), f"python {job_code.quoted(script.name)}"


def _checked(script: Script, given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values, if the notebook has such parameters, of such kinds."""
    known = {one.name: one for one in script.parameters}
    for name, value in given.items():
        if name not in known:
            message = f"{script.notebook} has no parameter '{name}'."
            raise ValidationException(message, resolution=did_you_mean(name, known))
        if not known[name].is_path and isinstance(value, str | int | float | list | tuple | dict):
            text = _text(known[name], cast("object", value))
            read_arguments([known[name]], [f"--{name}={text}"])
    return dict(given)


def _text(parameter: Parameter, value: object) -> str:
    """A value as the command line says it; it stands there in single quotes."""
    text = value if isinstance(value, str) else json.dumps(value)
    if "'" in text and parameter.kind in {"string", "json"}:
        message = f"{parameter.name}: a value with a ' in it cannot stand on a command line, found {text}"
        raise ValidationException(message, resolution="Write it into the notebook's parameters cell.")
    return text


def _input(parameter: Parameter, values: Mapping[str, Any], folder: Path) -> Any:  # noqa: ANN401 - as of command()
    """The job's input for a parameter."""
    value = values.get(parameter.name, parameter.default)
    if parameter.is_path:
        if isinstance(value, Input):
            return value
        path = str(value)
        is_local = ":" not in path.split("/", 1)[0] and not Path(path).expanduser().is_absolute()
        base = folder if parameter.name not in values else Path.cwd()
        return Input.of({"type": parameter.kind, "path": str(base / path) if is_local else path})
    if value is None:
        return Input.of({"type": "string" if parameter.kind == "json" else parameter.kind, "optional": True})
    if isinstance(value, Input | SweepDistribution):
        return value
    return _text(parameter, value) if parameter.kind in {"string", "json"} else value
