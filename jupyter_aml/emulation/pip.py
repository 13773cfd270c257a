"""`%pip install azure-ai-ml` in a notebook: answered, not run. The rest of such a line goes to the real installer.

`!pip …`, `!python -m pip …`, `%pip`, `pip show …`, `%conda install …` and `uv pip install …` are read. The shell comes
in from outside: IPython is not imported here.
"""

from __future__ import annotations

import ast
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_aml.emulation.requirements import Asked, answer, clean, line_of, sorted_out

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    Magic = Callable[[str], object]

MAGICS: Final = ("pip", "conda", "mamba", "micromamba", "uv")
"""The installers that IPython has magics of."""
_ANSWERED: Final = {"system": "_aml_installer", "getoutput": "_aml_installer_output"}
"""The hidden magics that `!pip …` and `x = !pip …` become, by what IPython makes of the lines."""
_LOOKS_LIKE_ONE: Final = re.compile(
    r"\b(pip[\d.]*|conda|mamba|micromamba)['\"]?\s.*\b(install|show|uninstall)\b", re.DOTALL
)
_OPERATOR: Final = re.compile(
    r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.)|(?P<operator>&&|\|\||[;|&\n]|(?<=\s)\d?[<>])""", re.DOTALL
)
_WORD: Final = re.compile(r"""(?:[^\s'"\\]|'[^']*'|"(?:\\.|[^"\\])*"|\\.)+""", re.DOTALL)
_PYTHON: Final = re.compile(r"(?:.*/)?(?:python|py)[\d.]*(?:\.exe)?")
_PIP: Final = re.compile(r"(?:.*/)?pip[\d.]*")
_BARE: Final = re.compile(r"pip[ \t]+(?:install|show|uninstall|list|freeze)\b")
_CONDA: Final = re.compile(r"(?:.*/)?(?:conda|mamba|micromamba)")
_UV: Final = re.compile(r"(?:.*/)?uv")
_NOTHING_LEFT: Final = ":"
"""The shell's word for doing nothing: what follows it (`&& …`, `| tail`) goes on."""


@dataclass(slots=True)
class Line:
    """A shell's line, sorted out: what is said in its place, what is left to run, files to be removed then."""

    command: str
    said: list[str] = field(default_factory=list[str])
    temporary: list[Path] = field(default_factory=list[Path])

    @property
    def nothing_left(self) -> bool:
        """Whether there is nothing to run."""
        return self.command.strip() == _NOTHING_LEFT


def register(ip: InteractiveShell) -> None:
    """Answer in this shell."""
    lines = ip.magics_manager.magics["line"]
    if _ANSWERED["system"] in lines:
        return
    for name in MAGICS:
        if original := ip.find_line_magic(name):  # not `lines[name]`: that may only stand for it, by its name
            ip.magics_manager.register_function(_in_place_of(name, original), "line", name)
    for name, run in zip(_ANSWERED.values(), (_shell, _output), strict=True):
        ip.magics_manager.register_function(partial(run, ip), "line", name)
    ip.ast_transformers.append(_Bang())
    ip.input_transformers_cleanup.append(_lines_of_pip)


def unregister(ip: InteractiveShell) -> None:
    """Answer no more: every installer is what it was."""
    lines = ip.magics_manager.magics["line"]
    for name in MAGICS:
        if original := getattr(lines.get(name), "original", None):
            lines[name] = original
    for name in _ANSWERED.values():
        lines.pop(name, None)
    ip.ast_transformers[:] = [found for found in ip.ast_transformers if not isinstance(found, _Bang)]
    ip.input_transformers_cleanup[:] = [found for found in ip.input_transformers_cleanup if found is not _lines_of_pip]


def _lines_of_pip(lines: list[str]) -> list[str]:
    """A cell of nothing but comments and `pip …` lines means `%pip`; IPython itself sees that of a single line only."""
    said = [line for line in lines if line.strip() and not line.startswith("#")]
    if not said or not all(_BARE.match(line) for line in said):
        return lines
    return [f"%{line}" if _BARE.match(line) else line for line in lines]


def names_one(text: str) -> bool:
    """Whether a shell's text may have a line that we answer: everything else is left alone."""
    return bool(_LOOKS_LIKE_ONE.search(text))


class _Bang(ast.NodeTransformer):
    """`!pip install …`, also `x = !pip …`, in the source that IPython made of it: a magic in place of the shell."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Call(func=ast.Name(id="get_ipython")), attr="system" | "getoutput" as asked
                ) as called,
                args=[ast.Constant(value=str(line))],
            ) if names_one(line):
                called.attr = "run_line_magic"
                node.args.insert(0, ast.copy_location(ast.Constant(_ANSWERED[asked]), node.args[0]))
        return node


def _in_place_of(name: str, original: Magic) -> Magic:
    """The magic that answers first; IPython's own gets what is left."""

    def installer(line: str) -> object:
        found = sorted_line(f"{name} {line}")
        _say(found)
        try:
            return None if found.nothing_left else original(found.command.removeprefix(f"{name} "))
        finally:
            clean(found.temporary)

    installer.__name__, installer.__doc__ = name, original.__doc__
    installer.original = original  # pyright: ignore[reportFunctionMemberAccess]
    return installer


def _shell(ip: InteractiveShell, line: str) -> None:
    found = sorted_line(line)
    _say(found)
    try:
        if not found.nothing_left:
            ip.system(found.command)
    finally:
        clean(found.temporary)


def _output(ip: InteractiveShell, line: str) -> object:
    """The lines of it, as IPython gives them: the answers are the shell's to say, before what is left."""
    found = sorted_line(line)
    said = f"printf '%s\\n' {shlex.join(found.said)}; " if found.said else ""
    try:
        return ip.getoutput(f"{said}{found.command}")
    finally:
        clean(found.temporary)


def _say(line: Line) -> None:
    sys.stdout.writelines(f"{text}\n" for text in line.said)
    sys.stdout.flush()


def sorted_line(text: str) -> Line:
    """A shell's line with one or more commands, each installer's sorted out; all others stay as they are."""
    line = Line("")
    line.command = "".join(_left(part, line) for part in _parts(text))
    return line


def _parts(text: str) -> Iterator[str]:
    """The commands of a line, and between them what joins them or where their output goes."""
    place = 0
    for found in _OPERATOR.finditer(text):
        if found["operator"]:
            yield text[place : found.start()]
            yield found[0]
            place = found.end()
    yield text[place:]


def _left(command: str, line: Line) -> str:
    """What is left of one command; what it answers goes to `line`."""
    words = _words(command)
    size, asked = asked_of(words)
    if asked is None or not asked.changed:
        return command
    line.said += answers(asked)
    line.temporary += asked.temporary
    left = line_of(words[:size], asked, _as_typed(command, words)) if asked.left else _NOTHING_LEFT
    return f"{left} " if command[-1:].isspace() else left


def asked_of(words: Sequence[str]) -> tuple[int, Asked | None]:
    """How many of the words name an installer, and what it is asked; None where that is nothing we answer."""
    size = _installer(words)
    if not size or len(words) <= size or words[size] not in {"install", "show", "uninstall"}:
        return size, None
    return size, sorted_out(words[size], words[size + 1 :], Path.cwd())


def answers(asked: Asked) -> list[str]:
    """What is said in place of installing, showing or removing."""
    from jupyter_aml import __version__

    return [answer(name, asked.verb, __version__) for name in dict.fromkeys(asked.answered)]


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:  # an open quote: the shell will say it
        return []


def _as_typed(command: str, words: list[str]) -> dict[str, str]:
    """Each word as it stands on the line: a shell still has to see its `$HOME`, `~` and `*.whl`."""
    typed = [found[0] for found in _WORD.finditer(command)]
    return dict(zip(words, typed, strict=True)) if len(words) == len(typed) else {}


def _installer(words: Sequence[str]) -> int:
    """How many words name the installer; 0 when it is none: `pip`, `python -m pip`, `conda`, `uv pip`."""
    match words:
        case [python, "-m", "uv", "pip", *_] if _PYTHON.fullmatch(python):
            return 4
        case [python, "-m", "pip", *_] if _PYTHON.fullmatch(python):
            return 3
        case [uv, "pip", *_] if _UV.fullmatch(uv):
            return 2
        case [name, *_] if _PIP.fullmatch(name) or _CONDA.fullmatch(name):
            return 1
    return 0
