"""A job's command line: its placeholders, checked and filled in (§7.3). Text to text; no shell is started here."""

import re
import shlex
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from jupyter_aml.exceptions import ValidationException, did_you_mean

Kind: TypeAlias = Literal["inputs", "outputs", "search_space"]
Quotes: TypeAlias = Literal["", "'", '"']

_NAME: Final = r"[a-zA-Z_]\w*(?:\.\w+)*"
_OPTION: Final = r"--?[a-zA-Z0-9][\w-]*"  # SDK v1 sweeps over a script's options: --lr
_PLACEHOLDER: Final = re.compile(
    r"\$\{\{\s*(?P<kind>inputs|outputs|search_space)\.(?P<name>" + f"{_NAME}|{_OPTION}" + r")\s*\}\}"
)
_LEGACY: Final = re.compile(r"(?<![{$])\{((?:inputs|outputs|search_space)\." + _NAME + r")\}(?!\})")
_OPTIONAL: Final = re.compile(r"\$\[\[(.*?)\]\]", re.DOTALL)
_AS_INPUT: Final = {"search_space": "inputs"}
_PLAIN: Final = re.compile(r"[\w@%+=:,./-]+", re.ASCII)
_SHELL: Final = frozenset("|&;<>()$`\\*?[]{}~#!\n")
_IN_DOUBLE_QUOTES: Final = frozenset("$`\\")
PYTHON: Final = frozenset({"python", "python3"})


@dataclass(frozen=True, slots=True)
class References:
    """The names that a command mentions, by kind."""

    inputs: frozenset[str]
    outputs: frozenset[str]
    search_space: frozenset[str]


def modernised(command: str) -> str:
    """`command` with the old `{inputs.x}` written `${{inputs.x}}`; the same text when there is none."""
    return _LEGACY.sub(r"${{\1}}", command)


def references(command: str) -> References:
    """What `command` mentions, in optional blocks too."""
    found = [(m["kind"], m["name"]) for m in _PLACEHOLDER.finditer(command)]
    return References(*(frozenset(n for k, n in found if k == kind) for kind in _KINDS))


_KINDS: Final[tuple[Kind, ...]] = ("inputs", "outputs", "search_space")


def check(command: str, inputs: Collection[str], outputs: Collection[str]) -> None:
    """Accept a command whose references are all declared.

    Raises:
        ValidationException: a name is not declared; it says which one is near.
    """
    mentioned = references(command)
    _check_declared("Inputs", mentioned.inputs, inputs)
    _check_declared("Outputs", mentioned.outputs, outputs)


def _check_declared(what: str, mentioned: frozenset[str], declared: Collection[str]) -> None:
    for name in sorted(mentioned.difference(declared)):
        message = f"{what} to job does not contain '{name}' referenced in command"
        unknown = f"Declare it under {what.lower()}, or write its value into the command."
        raise ValidationException(message, resolution=did_you_mean(name, declared) if declared else unknown)


def expand(
    command: str,
    inputs: Mapping[str, str | None],
    outputs: Mapping[str, str],
    *,
    paths: Collection[str] = (),
) -> str:
    """The command that bash runs.

    An optional block `$[[ … ]]` is dropped when an input in it is None, and loses its brackets otherwise.
    Literals go in as they are (Azure's rule, so a string may hold several words). Outputs and the inputs
    named in `paths` are files: where bash would split or change one it is quoted for the place it stands in.

    Raises:
        ValidationException: a name is not declared, or has no value outside an optional block.
    """
    check(command, inputs, outputs)
    kept = _OPTIONAL.sub(lambda block: _kept(block[1], inputs), command)
    return _filled(kept, inputs, outputs, paths)


def swept(command: str) -> str:
    """`command` with `${{search_space.x}}` written `${{inputs.x}}`: a trial's parameters are inputs of its own."""
    return _PLACEHOLDER.sub(
        lambda found: f"${{{{{_AS_INPUT.get(found['kind'], found['kind'])}.{found['name']}}}}}", command
    )


def filled(command: str, texts: Mapping[str, str]) -> str:
    """`command` with these inputs filled in, each quoted for the place it stands in; the others stay open."""
    marks = quote_marks(command)

    def put(found: re.Match[str]) -> str:
        is_named = found["kind"] == "inputs" and found["name"] in texts
        return quoted(texts[found["name"]], marks[found.start()]) if is_named else found[0]

    return _PLACEHOLDER.sub(put, command)


def _kept(block: str, inputs: Mapping[str, str | None]) -> str:
    return block if all(inputs[name] is not None for name in references(block).inputs) else ""


def _filled(
    command: str,
    inputs: Mapping[str, str | None],
    outputs: Mapping[str, str],
    paths: Collection[str],
) -> str:
    marks = quote_marks(command)
    parts: list[str] = []
    end = 0
    for found in _PLACEHOLDER.finditer(command):
        kind, name = found["kind"], found["name"]
        value = _value(kind, name, inputs, outputs)
        is_path = kind == "outputs" or name in paths
        parts += (command[end : found.start()], quoted(value, marks[found.start()]) if is_path else value)
        end = found.end()
    return "".join([*parts, command[end:]])


def _value(kind: str, name: str, inputs: Mapping[str, str | None], outputs: Mapping[str, str]) -> str:
    value = outputs[name] if kind == "outputs" else inputs.get(name)
    if value is not None:
        return value
    message = f"The command uses ${{{{{kind}.{name}}}}} but '{name}' has no value."
    remedy = f"Give '{name}' a value, or put the option in an optional block: $[[--{name} ${{{{{kind}.{name}}}}}]]"
    raise ValidationException(message, resolution=remedy)


def quoted(text: str, mark: Quotes) -> str:
    """`text` so that bash reads it as one literal piece where `mark` says which quotes are open."""
    if _PLAIN.fullmatch(text):
        return text
    match mark:
        case "":
            return "'" + text.replace("'", "'\"'\"'") + "'"
        case "'":
            return text.replace("'", "'\"'\"'")
        case '"':
            return re.sub(r'([$`"\\])', r"\\\1", text)


def quote_marks(command: str) -> list[Quotes]:
    """For every character of `command`, the quotes that are open where it stands."""
    marks: list[Quotes] = []
    mark: Quotes = ""
    escaped = False
    for char in command:
        marks.append(mark)
        if escaped or (char == "\\" and mark != "'"):
            escaped = not escaped
        elif char in ("'", '"') and mark in ("", char):
            mark = "" if mark else ("'" if char == "'" else '"')
    return marks


def plain_words(command: str) -> tuple[str, ...] | None:
    """The words of a command that a shell would run unchanged; None when it would do more than quoting."""
    text = command.strip()
    for char, mark in zip(text, quote_marks(text), strict=True):
        if (mark == "" and char in _SHELL) or (mark == '"' and char in _IN_DOUBLE_QUOTES):
            return None
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        return None
    return words if words and "=" not in words[0] else None
