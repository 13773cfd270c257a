"""A command job as a cell, `%%aml_job`, where the magic can say all of it. Text out; nothing is submitted here."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias, cast

from jupyter_aml.entities.job_record import Spec

TypeAt: TypeAlias = Callable[[str], str]
"""The type of what lies at a path, which the magic's line does not say."""
_OF_LINE: Final = {
    "code": "--code", "compute": "--compute", "environment": "--environment", "experiment_name": "--experiment",
    "display_name": "--display-name", "description": "--description",
}  # fmt: skip
_SAID: Final = frozenset(
    {*_OF_LINE, "type", "command", "inputs", "outputs", "environment_variables", "tags", "limits", "resources"}
)
_PLAIN: Final = re.compile(r"[\w@%+=:,./~-]+", re.ASCII)
_TEXT: Final = re.compile(
    r"(?!(?:file|azureml|https?|wasbs|abfss):)(?!(?:[Tt]rue|[Ff]alse|null|NaN|Infinity)\Z)[^\W\d]"
)
"""A text that the magic reads as one: neither a number nor a path."""
_DATA: Final = re.compile(r"\.{0,2}/|azureml:|https?:|wasbs:|abfss:")
_EXPANDED: Final = re.compile(r"\$+(?=[\w.])")
_BETWEEN: Final = re.compile(r".*?(?:\{\{|\}\})|.+")


class _CannotSayError(Exception):
    """The magic has no words for a part of the job."""


def cell(spec: Spec, type_at: TypeAt, source: str = "") -> str:
    """The cell that submits the job: a shell command, or (with `source`) the Python that ran; '' when it cannot be."""
    try:
        line = " ".join(_options(spec, type_at, is_python=bool(source)))
        return f"%%aml_job {_unexpanded(line)}".rstrip() + f"\n{_body(source or spec['command'])}\n"
    except _CannotSayError:
        return ""


def _options(spec: Spec, type_at: TypeAt, *, is_python: bool) -> Iterator[str]:
    _only(spec, _SAID)
    if ("code" not in spec) is not is_python:
        raise _CannotSayError
    for field, option in _OF_LINE.items():
        if field in spec:
            yield _said(option, spec[field])
    for name, given in _part(spec, "inputs").items():
        yield _said("--input", f"{_name(name)}={_input(given, type_at)}")
    for name, given in _part(spec, "outputs").items():
        if given != {"type": "uri_folder"}:
            raise _CannotSayError
        yield _said("--output", name)
    for field, option in (("environment_variables", "--env"), ("tags", "--tag")):
        yield from (_said(option, f"{_name(name)}={text}") for name, text in _part(spec, field).items())
    for field, key, option in (
        ("limits", "timeout", "--timeout"),
        ("resources", "instance_count", "--instance-count"),
    ):
        _only(_part(spec, field), {key})
        yield from (_said(option, str(number)) for number in _part(spec, field).values())


def _only(given: Spec, known: frozenset[str] | set[str]) -> None:
    if set(given) - known:
        raise _CannotSayError


def _name(name: str) -> str:
    """Of a `k=v`: the first `=` ends it."""
    if not name or "=" in name:
        raise _CannotSayError
    return name


def _input(given: object, type_at: TypeAt) -> str:
    if isinstance(given, Mapping):
        fields = cast("Mapping[str, object]", given)
        path = str(fields.get("path", ""))
        if set(fields) != {"type", "path"} or not _DATA.match(path) or type_at(path) != fields["type"]:
            raise _CannotSayError
        return path
    if isinstance(given, str):
        if not _TEXT.match(given):
            raise _CannotSayError
        return given
    return {float("inf"): "Infinity", float("-inf"): "-Infinity"}.get(cast("float", given)) or (
        "NaN" if given != given else repr(given)  # noqa: PLR0124 - NaN alone is not itself
    )


def _said(option: str, value: object) -> str:
    """An option and its value, quoted for the magic's line; a line cannot hold another."""
    if not isinstance(value, str) or not value or not value.isprintable():
        raise _CannotSayError
    word = f"{option}={value}" if value.startswith("--") else value
    quoted = word if _PLAIN.fullmatch(word) else '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return quoted if word is not value else f"{option} {quoted}"


def _unexpanded(line: str) -> str:
    """The line so that IPython, which puts variables for `{x}` and `$x`, leaves it as it is.

    It looks at what lies between two doubled braces by itself, and there not at a `$` before an odd number of quotes.
    """
    pieces = _BETWEEN.findall(line.replace("{", "{{").replace("}", "}}"))
    return "".join(_EXPANDED.sub(_doubled, piece) for piece in pieces)


def _doubled(found: re.Match[str]) -> str:
    is_looked_at = found.string.count("'", found.end()) % 2 == 0
    return f"{found[0]}$" if is_looked_at else found[0]


def _body(text: str) -> str:
    """What the magic strips, and what a cell cannot hold, would be lost."""
    if text != text.strip() or re.search(r"[\r\0\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text):
        raise _CannotSayError
    return text


def _part(spec: Spec, name: str) -> Spec:
    return cast("Spec", spec.get(name) or {})
