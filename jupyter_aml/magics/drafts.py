"""From a magic's options to a draft of a job. Values only; nothing is submitted here."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from jupyter_aml.entities.input_output import Input, LiteralInput, Output
from jupyter_aml.entities.job import Command, command
from jupyter_aml.magics.parser import Line

TypeAt: TypeAlias = Callable[[str], str]
_DATA: Final = re.compile(r"(\.{0,2}/|~|file:|azureml:|https?:|wasbs:|abfss:|\.$)")
COLD: Final = {"JUPYTER_AML_WARM": "0"}


def local_type(path: str) -> str:
    """What lies at a local path; of a URI nothing is known here."""
    return "uri_file" if Path(path).is_file() else "uri_folder"


def draft(line: Line, *, command: str, code: str | None, type_at: TypeAt = local_type) -> Command:
    """The job that the options describe; `type_at` tells the type of an input's data."""
    environment = line.pairs("--env") | (COLD if "--cold" in line.flags else {})
    count = line.number("--instance-count")
    return _command(
        command=command,
        code=code,
        compute=line.one("--compute"),
        environment=line.one("--environment"),
        experiment_name=line.one("--experiment"),
        name=line.one("--name"),
        display_name=line.one("--display-name"),
        description=line.one("--description"),
        inputs={name: value(text, type_at) for name, text in line.pairs("--input").items()},
        outputs={name: Output() for name in line.values.get("--output", ())},
        environment_variables=environment,
        tags=line.pairs("--tag"),
        timeout=line.number("--timeout"),
        instance_count=None if count is None else int(count),
    )


def settings(line: Line) -> dict[str, object]:
    """What the options say of a job besides what it does, by the keywords of `command()`; nothing that was not said."""
    count = line.number("--instance-count")
    said = {
        "compute": line.one("--compute"),
        "environment": line.one("--environment"),
        "experiment_name": line.one("--experiment"),
        "name": line.one("--name"),
        "display_name": line.one("--display-name"),
        "description": line.one("--description"),
        "environment_variables": line.pairs("--env") or None,
        "tags": line.pairs("--tag") or None,
        "timeout": line.number("--timeout"),
        "instance_count": None if count is None else int(count),
    }
    return {name: value for name, value in said.items() if value is not None}


def value(text: str, type_at: TypeAt = local_type) -> LiteralInput | Input:
    """An input as it was typed: data when it looks like a path or URI, else a literal of the nearest type."""
    if _DATA.match(text):
        path = str(Path(text).expanduser()) if text.startswith("~") else text
        return Input.of({"type": type_at(path), "path": path})
    if text in {"True", "False"}:
        return text == "True"
    try:
        number = json.loads(text)
    except json.JSONDecodeError:
        return text
    return number if isinstance(number, bool | int | float) else text


_command = command
