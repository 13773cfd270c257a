"""What is said to a notebook on its command line, as typed values. Parameters in, values out; nothing is run here.

`train.parameters.json` beside `train.ipynb` in a job's code says which parameters there are: the notebook's data, by
which paths are told from other text, lies elsewhere in a job. Without the file the notebook itself is asked.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.exceptions import CaptureError, ValidationException, did_you_mean
from jupyter_aml.notebook.script.script import Parameter

SUFFIX: Final = ".parameters.json"
_TRUE: Final = frozenset({"true", "1", "yes"})
_FALSE: Final = frozenset({"false", "0", "no"})


def parameters_file(notebook: str) -> str:
    """The name of the file with the notebook's parameters."""
    return notebook.removesuffix(".ipynb") + SUFFIX


def to_json(parameters: Iterable[Parameter]) -> str:
    """The content of that file."""
    return json.dumps([asdict(parameter) for parameter in parameters])


def from_json(text: str) -> tuple[Parameter, ...]:
    """What `to_json` wrote."""
    records = cast("list[dict[str, Any]]", json.loads(text))  # Any: the fields of a parameter
    for record in records:
        record["choices"] = tuple(record["choices"])
    return tuple(Parameter(**record) for record in records)


def parameters_of(notebook: Path, said: Sequence[str]) -> tuple[Parameter, ...]:
    """The parameters of a notebook to which `said` is said: of the file beside it, else found in it."""
    beside = notebook.with_name(parameters_file(notebook.name))
    if beside.exists():
        return from_json(beside.read_text(encoding="utf-8"))
    from jupyter_aml.notebook.interface import interface  # a converter: not for a job that has the file

    known = interface(notebook).parameters
    unknown = [word for word in _names(said) if word not in {one.name for one in known}]
    try:
        return interface(notebook, unknown).parameters if unknown else known
    except CaptureError:
        return known  # no cell assigns them: whoever reads what was said has the better words for it


def _names(said: Sequence[str]) -> list[str]:
    named = [word.removeprefix("--").partition("=")[0] for word in said if word.startswith("--")]
    return [name for name in named if name.isidentifier()]


def read_arguments(parameters: Sequence[Parameter], said: Sequence[str]) -> dict[str, object]:
    """The values of `--name VALUE` and `--name=VALUE`, by name, each of its parameter's kind.

    A value may begin with a dash. Of a name that is said twice the last value counts.

    Raises:
        ValidationException: an unknown name, no value, or one of another kind; a choice that is none.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values: dict[str, object] = {}
    words = iter(said)
    for word in words:
        name, mark, text = word.removeprefix("--").partition("=")
        if not word.startswith("--") or name not in known:
            found = f"'{word}' is no parameter of the notebook."
            raise ValidationException(found, resolution=did_you_mean(name, known))
        given = text if mark else next(words, None)
        if given is None:
            raise ValidationException(f"--{name} has no value.", resolution=f"Say --{name} VALUE.")
        values[name] = _value(known[name], given)
    return values


def _value(parameter: Parameter, text: str) -> object:
    try:
        value = _typed(parameter.kind, text)
    except ValueError:
        raise ValidationException(f"--{parameter.name} is a {parameter.kind}, and got {text!r}.") from None
    if parameter.choices and value not in parameter.choices:
        choices = ", ".join(map(repr, parameter.choices))
        raise ValidationException(f"--{parameter.name} is one of {choices}, and got {text!r}.")
    return value


def _typed(kind: str, text: str) -> object:
    match kind:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            word = text.strip().lower()
            if word not in _TRUE | _FALSE:
                raise ValueError(text)
            return word in _TRUE
        case "json":
            return json.loads(text)
        case _:
            return text


def literal(value: object) -> str:
    """A value as Python writes it; it is never the text that somebody gave."""
    match value:
        case float() if not math.isfinite(value):
            return f'float("{value}")'
        case list():
            return f"[{', '.join(map(literal, cast('list[object]', value)))}]"
        case dict():
            pairs = cast("dict[object, object]", value).items()
            return f"{{{', '.join(f'{key!r}: {literal(one)}' for key, one in pairs)}}}"
        case _:
            return repr(value)
