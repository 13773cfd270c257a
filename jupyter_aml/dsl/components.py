"""`@command_component`: a function with typed parameters becomes a component that runs it. It is not called here."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from jupyter_aml.data.linked_folder import linked
from jupyter_aml.dsl.arguments import PRIMITIVES, declared_input
from jupyter_aml.dsl.script import script_of
from jupyter_aml.entities.component import CommandComponent
from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.input_output import Output
from jupyter_aml.entities.yaml import load_environment
from jupyter_aml.exceptions import AssetPathException, UserErrorException

RETURNED: Final = "output"
"""What Azure calls the output that is a function's value."""
Ports = dict[str, dict[str, Any]]


def command_component(
    func: Callable[..., object] | None = None,
    *,
    name: str | None = None,
    version: str | None = None,
    display_name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    is_deterministic: bool = True,
    environment: object = None,
    code: str | Path | None = None,
    **others: object,
) -> Any:  # noqa: ANN401 - a decorator, or the component
    """Make a component of a function: its annotated parameters are inputs, those annotated with an Output are outputs.

    Data arrives as the path of a file or folder; what the function returns, if its annotation says a type, is the
    output 'output'. The function may use modules and plain values from around it, and what it defines itself.
    A function in a file runs in the folder of that file, or in `code`: it may import what stands there. `code`, and
    `environment` where it is the path of an environment's YAML, are taken from that folder too.

    >>> @command_component(environment="azureml:tools@latest")
    ... def scale(data: Input(type="uri_file"), made: Output(type="uri_folder"), rate: float = 0.5):
    ...     pass
    >>> scale(data=Input(type="uri_file", path="a.csv")).outputs.made.mode = "upload"
    """

    def decorate(func: Callable[..., object]) -> CommandComponent:
        inputs, outputs = _ports(func)
        folder, program = _code(func, inputs, outputs, code)
        own = name or func.__name__
        doc = inspect.cleandoc(func.__doc__) if func.__doc__ else None
        fields: dict[str, object] = {
            "name": own, "version": version, "display_name": display_name or own, "description": description or doc,
            "tags": tags or {}, "is_deterministic": is_deterministic, "environment": _environment(func, environment),
            "inputs": inputs, "outputs": outputs, "code": folder, "command": _command(program, inputs, outputs),
            **others,
        }  # fmt: skip
        return CommandComponent.of({key: value for key, value in fields.items() if value is not None})

    return decorate if func is None else decorate(func)


def _environment(func: Callable[..., object], given: object) -> object:
    """The environment; one in a file is read."""
    if not isinstance(given, str) or not given.endswith((".yml", ".yaml")):
        return given
    return load_environment((_home(func) or Path()) / given)


def _home(func: Callable[..., object]) -> Path | None:
    """The folder of the function's file; None for one that was written in a notebook."""
    file = Path(inspect.getfile(func))
    return file.parent if file.is_file() else None


def _ports(func: Callable[..., object]) -> tuple[Ports, Ports]:
    """The inputs and outputs that a function's signature declares. UserErrorException for what cannot be one."""
    inputs: Ports = {}
    outputs: Ports = {}
    signature = inspect.signature(func, eval_str=True)
    for name, one in signature.parameters.items():
        if one.kind not in {one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY}:
            raise UserErrorException(f"{func.__name__}(): a component has no *args or **kwargs.")
        if one.annotation is Output or isinstance(one.annotation, Output):
            outputs[name] = _output(one.annotation)
            continue
        declared = declared_input(name, str if one.annotation is one.empty else one.annotation)
        said = {key: value for key, value in declared.model_dump(exclude_none=True).items() if key != "path"}
        if one.default is None:
            said["optional"] = True
        elif one.default is not one.empty:
            said["default"] = one.default
        inputs[name] = said
    returned: object = signature.return_annotation
    if returned not in (signature.empty, None):
        outputs[RETURNED] = _output(returned)
    return inputs, outputs


def _output(annotation: object) -> dict[str, Any]:
    if isinstance(annotation, Draft):
        return {
            key: value for key, value in annotation.model_dump(exclude_none=True).items() if key in {"type", "mode"}
        }
    if annotation is Output:
        return {"type": "uri_folder"}
    kind = PRIMITIVES.get(annotation) if isinstance(annotation, type | str) else None
    if kind is None:
        raise UserErrorException(f"Unsupported annotation type {annotation!r} for an output.")
    return {"type": kind}


def _command(program: str, inputs: Ports, outputs: Ports) -> str:
    words = [f"python {program}"]
    for name, said in inputs.items():
        word = f'--{name} "${{{{inputs.{name}}}}}"'
        words.append(f"$[[{word}]]" if said.get("optional") else word)
    words += [f'--{name} "${{{{outputs.{name}}}}}"' for name in outputs]
    return " ".join(words)


def _code(func: Callable[..., object], inputs: Ports, outputs: Ports, given: str | Path | None) -> tuple[str, str]:
    """A folder with the function as a program, and the program's name; it is frozen when it is submitted.

    It is there until Python ends, and leads to whatever stands beside the function. AssetPathException for a `code`
    that is not there.
    """
    home = _home(func)
    beside = home if given is None else (home or Path()) / given
    if beside and not beside.is_dir():
        told = f"code: No such file or directory: {given}"
        raise AssetPathException(told, resolution=f"Paths are taken from {home or Path.cwd()}.")
    types = {name: str(said["type"]) for name, said in {**inputs, **outputs}.items()}
    text = script_of(func, types, returns=RETURNED in outputs)
    folder = linked(beside.iterdir() if beside else (), func.__name__)
    program = f"{func.__name__}.py"
    while (folder / program).exists():
        program = f"run_{program}"
    (folder / program).write_text(text, encoding="utf-8")
    return str(folder), program
