"""A script as Azure's YAML says it: a command job, a component, their conda file. Plain mappings; nothing is read.

What `az ml job create` and `az ml component create` take: `$[[…]]`, by which an argument may be left out, is a
component's. A job's command leaves such an argument to the script's own default.
"""

import ast
import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath
from typing import Any, Final, TypeAlias

from jupyter_aml.notebook import job_code
from jupyter_aml.notebook.script import Parameter, Script

Fields: TypeAlias = dict[str, Any]  # Any: as YAML knows it
IMAGE: Final = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04:latest"
_SCHEMA: Final = "https://azuremlschemas.azureedge.net/latest/{}.schema.json"
_TRACKS_ON_AZURE: Final = "azureml-mlflow"


def job(script: Script, *, code: str, environment: object, placed: Callable[[str], str]) -> Fields:
    """A command job that runs the script with the notebook's own values.

    `code` is the script's folder and `placed` gives the path of data, both as the YAML's folder sees them.
    """
    said = [replace(one, is_optional=False) for one in script.parameters if not _is_left_to_script(one)]
    runs = {"command": _command(script, said), "code": code, "environment": environment}
    inputs = {one.name: _value(one, placed) for one in said}
    head = {"$schema": _SCHEMA.format("commandJob"), "type": "command"}
    return head | _told(script) | runs | ({"inputs": inputs} if inputs else {})


def component(script: Script, *, code: str, environment: object) -> Fields:
    """A component that runs the script: the notebook's values are its defaults, data is given to it."""
    ports = [replace(one, is_optional=_is_left_to_script(one)) for one in script.parameters]
    runs = {"command": _command(script, ports), "code": code, "environment": environment}
    inputs = {one.name: _port(one) for one in ports}
    head = {"$schema": _SCHEMA.format("commandComponent"), "type": "command", "name": name_of(script)}
    return head | _told(script) | ({"inputs": inputs} if inputs else {}) | runs


def environment(conda_file: str) -> Fields:
    """An environment of no name, for this YAML alone."""
    return {"image": IMAGE, "conda_file": conda_file}


def conda(script: Script) -> Fields:
    """The interpreter and the packages that the notebook has here."""
    pip = list(script.requirements)
    if any(re.match(r"mlflow\b", line) for line in pip) and not any(_TRACKS_ON_AZURE in line for line in pip):
        pip.append(_TRACKS_ON_AZURE)
    python = f"python={sys.version_info.major}.{sys.version_info.minor}"
    return {
        "name": name_of(script),
        "channels": ["conda-forge"],
        "dependencies": [python, "pip", *([{"pip": pip}] if pip else [])],
    }


def name_of(script: Script) -> str:
    """The notebook's name in the letters that Azure takes for a component's."""
    plain = re.sub(r"[^a-z0-9]+", "_", PurePath(script.notebook).stem.lower()).strip("_")
    return plain if plain[:1].isalpha() else f"notebook_{plain}".rstrip("_")


def _told(script: Script) -> Fields:
    about = ast.get_docstring(ast.parse(script.text))
    return {"display_name": PurePath(script.notebook).stem} | ({"description": about} if about else {})


def _command(script: Script, parameters: list[Parameter]) -> str:
    return f"python {shlex.quote(script.name)}{job_code.arguments(parameters)}"


def _is_left_to_script(parameter: Parameter) -> bool:
    return parameter.default is None or job_code.may_be_left_out(replace(parameter, is_optional=False))


def _value(parameter: Parameter, placed: Callable[[str], str]) -> object:
    if parameter.is_path:
        return {"type": parameter.kind, "path": placed(str(parameter.default))}
    return job_code.text_of(parameter.default) if job_code.is_quoted(parameter) else parameter.default


def _port(parameter: Parameter) -> Fields:
    """An input that the component declares."""
    about = parameter.help or (f"{parameter.default} of the notebook" if parameter.is_path else "")
    port: Fields = {"type": "string" if parameter.kind == "json" else parameter.kind}
    port |= {"description": about} if about else {}
    if parameter.is_optional:
        port["optional"] = True
    elif not parameter.is_path:
        port["default"] = _value(parameter, str)
    if parameter.kind == "string" and parameter.choices:
        port["enum"] = list(parameter.choices)
    return port
