"""`loguniform(-6, -1)`, `choice(3, 5, 9)`, `bandit(slack_factor=0.1)`: what a magic's line says of a sweep, as YAML.

The text is read, never run: names of distributions and literals, nothing else.
"""

import ast
import re
import shlex
from collections.abc import Mapping, Sequence
from keyword import iskeyword
from typing import Any, Final

from jupyter_aml.exceptions import UserErrorException, ValidationException, did_you_mean

_ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "randint": ("upper",),
    "uniform": ("min_value", "max_value"),
    "quniform": ("min_value", "max_value", "q"),
    "loguniform": ("min_value", "max_value"),
    "qloguniform": ("min_value", "max_value", "q"),
    "normal": ("mu", "sigma"),
    "qnormal": ("mu", "sigma", "q"),
    "lognormal": ("mu", "sigma"),
    "qlognormal": ("mu", "sigma", "q"),
}
_CHOICE: Final = "choice"
KINDS: Final = (_CHOICE, *_ARGUMENTS)
_ANY: Final = "json"
_TYPES: Final[Mapping[type, str]] = {bool: "boolean", int: "integer", float: "number", str: "string"}
POLICIES: Final[Mapping[str, tuple[str, ...]]] = {
    "bandit": ("slack_factor", "evaluation_interval", "delay_evaluation", "slack_amount"),
    "median_stopping": ("evaluation_interval", "delay_evaluation"),
    "truncation_selection": ("truncation_percentage", "evaluation_interval", "delay_evaluation"),
}
_OPENS: Final = re.compile(r"""\"[^\"]*\"|'[^']*'|(?P<call>(?:[\w.]+=)?\w+\()""")
"""A text in quotes, which is one word already, or where a call begins."""
_EXAMPLE: Final = "--space rate=loguniform(-6,-1) or --space depth=choice(3,5,9)"


def forms() -> list[str]:
    """Every expression of a space, in lines for a help."""
    said = ["choice(1, 'a', …)", *(f"{kind}({', '.join(names)})" for kind, names in _ARGUMENTS.items())]
    return [f"  {'  '.join(said[n : n + 4])}" for n in range(0, len(said), 4)]


def kept_whole(line: str) -> str:
    """The line with each `kind(…)` as one word, whatever spaces and quotes are in its brackets."""
    parts: list[str] = []
    while found := _OPENS.search(line):
        end = _closes(line, found.end()) if found["call"] else found.end()
        word = line[found.start() : end]
        parts += [line[: found.start()], shlex.quote(word) if found["call"] else word]
        line = line[end:]
    return "".join([*parts, line])


def _closes(line: str, start: int) -> int:
    """Where the bracket that opened before `start` is closed; the line's end, where it is not."""
    depth = 1
    for place, char in enumerate(line[start:], start):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return place + 1
    return len(line)


def distribution(name: str, text: str) -> dict[str, Any]:
    """What `--space name=text` says. UserErrorException says what was expected."""
    where = f"--space {name}"
    if not name.isidentifier() or iskeyword(name):
        raise UserErrorException(f"{where}: '{name}' is no name of a variable.", resolution=f"E.g. {_EXAMPLE}")
    found = _call(where, text, KINDS, _EXAMPLE)
    if found.kind == _CHOICE:
        return _sound(where, {"type": _CHOICE, "values": _choices(name, found)})
    given = _named(where, found, _ARGUMENTS[found.kind])
    for value in given.values():
        if not _is_number(value):
            form = f"{found.kind}({', '.join(_ARGUMENTS[found.kind])})"
            raise UserErrorException(f"{where}: {found.kind} takes numbers, not '{value}'.", resolution=form)
    return _sound(where, {"type": found.kind, **given})


def _sound(where: str, spec: dict[str, Any]) -> dict[str, Any]:
    """The same, if such a distribution can be; what is said against it names the option."""
    from jupyter_aml.entities import distributions

    try:
        distributions.distribution(spec)
    except ValidationException as error:
        raise UserErrorException(f"{where}: {error.message}", resolution=error.resolution) from None
    return spec


def cell_type(spec: Mapping[str, Any]) -> str:
    """As what a cell finds a parameter: as a value of the one kind that it has, or as whatever was drawn (`json`)."""
    from jupyter_aml.entities import distributions

    drawn = distributions.distribution(spec)
    values: list[object] = spec["values"] if spec["type"] == _CHOICE else [drawn.at(*[0.5] * drawn.width)]
    kinds = {type(value) for value in values}
    return _TYPES.get(kinds.pop(), _ANY) if len(kinds) == 1 else _ANY


def policy(text: str) -> dict[str, Any]:
    """What `--policy text` says: a name, or a name with its settings."""
    example = "--policy bandit(slack_factor=0.1,evaluation_interval=2)"
    found = _call("--policy", text if "(" in text else f"{text}()", tuple(POLICIES), example)
    given = _named("--policy", found, POLICIES[found.kind], complete=False)
    for name, value in given.items():
        if not _is_number(value):
            raise UserErrorException(f"--policy: {name} is a number, not '{value}'.", resolution=f"E.g. {example}")
    return {"type": found.kind, **given}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class _Call:
    """A name with literals in brackets."""

    def __init__(self, kind: str, values: Sequence[object], named: Mapping[str, object]) -> None:
        self.kind, self.values, self.named = kind, values, named


def _call(where: str, text: str, kinds: Sequence[str], example: str) -> _Call:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
            raise UserErrorException(f"{where}: '{text}' is no expression.", resolution=f"E.g. {example}")
        kind = tree.func.id.lower()
        if kind not in kinds:
            raise UserErrorException(f"{where}: '{tree.func.id}' is unknown.", resolution=did_you_mean(kind, kinds))
        values = [_literal(value) for value in tree.args]
        return _Call(kind, values, {str(one.arg): _literal(one.value) for one in tree.keywords})
    except (SyntaxError, ValueError):
        if text.count("(") > text.count(")"):
            raise UserErrorException(f"{where}: in '{text}' a bracket is not closed.") from None
        message = f"{where}: '{text}' cannot be read: numbers, texts in quotes, lists and brackets are expected."
        raise UserErrorException(message, resolution=f"E.g. {example}") from None


def _literal(value: ast.expr) -> object:
    """A literal; a bare word is a text, for a line's quotes are gone by the time that it is split."""
    if isinstance(value, ast.Name):
        return value.id
    if isinstance(value, ast.List | ast.Tuple):
        return [_literal(one) for one in value.elts]
    return ast.literal_eval(value)


def _choices(name: str, found: _Call) -> list[object]:
    """`choice(1, 2)` and `choice([1, 2])` are the same."""
    if found.named:
        raise UserErrorException(f"--space {name}: choice takes values, not {', '.join(found.named)}=.")
    if not found.values:
        raise UserErrorException(f"--space {name}: choice has no values.", resolution=f"E.g. {_EXAMPLE}")
    match list(found.values):
        case [list() | tuple() as listed]:
            return list(listed)
        case values:
            return values


def _named(where: str, found: _Call, arguments: Sequence[str], *, complete: bool = True) -> dict[str, object]:
    """The arguments by their names. UserErrorException for one too many, an unknown or a missing one."""
    form = f"{found.kind}({', '.join(arguments)})"
    if len(found.values) > len(arguments):
        raise UserErrorException(f"{where}: {found.kind} takes {len(arguments)} values.", resolution=form)
    given = {**dict(zip(arguments, found.values, strict=False)), **found.named}
    for name in found.named:
        if name not in arguments:
            message = f"{where}: {found.kind} has no '{name}'."
            raise UserErrorException(message, resolution=f"{did_you_mean(name, arguments)} {form}")
    if complete and len(given) < len(arguments):
        missing = ", ".join(name for name in arguments if name not in given)
        raise UserErrorException(f"{where}: {found.kind} needs {missing} too.", resolution=form)
    return given
