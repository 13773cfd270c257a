"""IPython's `!` and the like as Python: commands with the notebook's variables in them. No command is run here."""

import ast
import re
import shlex
from collections.abc import Collection, Iterator
from string import Formatter
from typing import Final

_DOLLAR: Final = re.compile(r"(.*?)\$(\$?[\w.]+)(?=([^']*'[^']*')*[^']*$)", re.DOTALL)
_PIP: Final = re.compile(
    r"^(?:\S*python[\d.]*\s+-m\s+|\{sys\.executable\}\s+-m\s+|uv\s+)?pip[\d.]*\s+(?P<rest>.*)$", re.DOTALL
)
_CONDA: Final = re.compile(r"^(?:conda|mamba|micromamba)\s+(?P<rest>.*)$", re.DOTALL)
_VALUED: Final = frozenset({"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-c", "--constraint"})
_OF_CONDA: Final = frozenset({"-c", "--channel", "-n", "--name", "-p", "--prefix"})
_FILES: Final = frozenset({"-r", "--requirement"})


def text(said: str, known: Collection[str]) -> str:
    """The Python expression for what IPython makes of a line: `{x}` and `$x` are the notebook's variables.

    As in IPython a line with something in it that is no variable stays as it is, all of it: `{ … }` of awk, `$HOME`.
    """
    try:
        pieces = list(_pieces(said))
        asked = [ast.parse(field, mode="eval").body for _, field in pieces if field is not None]
    except (ValueError, SyntaxError):
        return ast.unparse(ast.Constant(said))
    if not asked:
        return ast.unparse(ast.Constant("".join(literal for literal, _ in pieces)))
    if not _names(asked) <= set(known):
        return ast.unparse(ast.Constant(said))
    values: list[ast.expr] = []
    fields = iter(asked)
    for literal, field in pieces:
        values += [ast.Constant(literal)] if literal else []
        values += [ast.FormattedValue(next(fields), -1)] if field is not None else []
    if len(values) == 1 and isinstance(values[0], ast.FormattedValue):
        return f"str({ast.unparse(values[0].value)})"
    return ast.unparse(ast.JoinedStr(values))


def _pieces(said: str) -> Iterator[tuple[str, str | None]]:
    """Literal text, and the expression after it: as IPython's DollarFormatter splits it."""
    for literal, field, spec, conversion in Formatter().parse(said):
        if spec or conversion:
            raise ValueError(field)
        done, kept = 0, ""
        for found in _DOLLAR.finditer(literal):
            before, name = found.group(1, 2)
            if name.startswith("$"):
                kept += before + name
            else:
                yield kept + before, name
                kept = ""
            done = found.end()
        yield kept + literal[done:], field


def _names(expressions: list[ast.expr]) -> set[str]:
    return {node.id for one in expressions for node in ast.walk(one) if isinstance(node, ast.Name)}


def installed(command: str) -> tuple[str, ...] | None:
    """What a pip or conda command installs, as lines of a requirements file; None for every other command.

    Of pip's other verbs (`pip list`) nothing is installed: an empty tuple.
    """
    command = command.strip()
    for pattern, valued in ((_PIP, _VALUED), (_CONDA, _OF_CONDA)):
        if found := pattern.match(command):
            return _requirements(found["rest"], valued, is_pip=pattern is _PIP)
    return None


def _requirements(rest: str, valued: Collection[str], *, is_pip: bool) -> tuple[str, ...] | None:
    try:
        words = shlex.split(rest, comments=True)
    except ValueError:
        return None
    if any(word in {"|", "&&", ";", "||", "&"} for word in words[:-1]):
        return None
    if not words or words[0] != "install":
        return ()
    found: list[str] = []
    waiting = iter(words[1:])
    for word in waiting:
        if word in valued:
            value = next(waiting, "")
            found += [f"{word} {value}"] if is_pip and word.startswith("--") else []
        elif word in _FILES:
            found.append(f"-r {next(waiting, '')}")
        elif not word.startswith("-") and not word.startswith(">"):
            found.append(word if is_pip else re.sub(r"^([\w.-]+)=([\w.*]+)$", r"\1==\2", word))
    return tuple(found)
