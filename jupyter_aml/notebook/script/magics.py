"""What each magic is in a script, as tables. Text to text; no magic is run here."""

import ast
import shlex
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from jupyter_aml.notebook.script import shell
from jupyter_aml.notebook.script.script import Rule


@dataclass(frozen=True, slots=True)
class Translation:
    """The Python for a magic: an expression or a statement, and what it imports; nothing where it is dropped.

    `rest` of a cell's magic: its body is Python too, and stays.
    """

    code: str = ""
    rule: Rule = "translated"
    imports: tuple[str, ...] = ()
    installs: tuple[str, ...] = ()
    writes: str = ""
    keeps_body: bool = False


class NoTranslationError(Exception):
    """A magic has no meaning outside a notebook; `args`: why not, and what to do."""


Line: TypeAlias = Callable[[str, Collection[str]], Translation]

_SUBPROCESS: Final = ("import subprocess",)
_IN_NOTEBOOKS_ONLY: Final = frozenset(
    """
    matplotlib load_ext reload_ext unload_ext autoreload aimport config who whos who_ls lsmagic magic quickref pinfo
    pinfo2 pdoc pdef pfile psource psearch history hist xmode precision colors pdb debug tb autosave autocall automagic
    logstart logstop logon logoff logstate notebook pwd ls ll dirs tensorboard watermark gui page pprint doctest_mode
    pycat bookmark rehashx pastebin connect_info qtconsole killbgscripts less more cat man clear cls blackcellmagic
    nb_black black
    """.split()
)
_OF_A_PAGE: Final = frozenset("html HTML javascript js latex markdown svg SVG".split())
_ALIASES: Final = frozenset("mkdir rmdir rm cp mv ln touch".split())
_TIMERS: Final = frozenset("timeit memit mprun lprun prun snakeviz".split())
_WRAPPERS: Final = frozenset("time capture prun".split())
_WAYS_OUT: Final[Mapping[str, str]] = {
    "store": "Write the value to a file, or make it a parameter.",
    "load": "Run the cell once: %load puts the code into it.",
    "macro": "Write the code into a function.",
    "edit": "Write the code into the cell.",
    "reset": "Remove it: a script begins with nothing.",
    "pylab": "Import numpy and matplotlib.pyplot by name.",
    "sql": "Ask the database from Python: pandas.read_sql(…).",
    "R": "Run the R script as a job of its own: command='Rscript …'.",
}
_ELSE: Final = "Write it in Python, or tag the cell 'exploratory' to leave it out."


def line_magic(name: str, said: str, known: Collection[str], *, is_value: bool) -> Translation:
    """The Python for `%name said`; `known` are the notebook's variables, `is_value`: it is assigned or used.

    Raises:
        NoTranslationError: there is none.
    """
    if name.startswith("aml_"):
        return Translation(rule="ours")
    if name in _VALUES and is_value:
        return _VALUES[name](said, known)
    if name in _LINES:
        return _LINES[name](said, known)
    if name in _ALIASES:
        return system(f"{name} {said}", known)
    if name in _TIMERS and not is_value:
        return Translation(rule="timing")
    if name in _IN_NOTEBOOKS_ONLY and not is_value:
        return Translation(rule="magics")
    raise _none(f"%{name}", name)


def cell_magic(name: str, said: str, body: str, known: Collection[str]) -> Translation:
    """The Python for a cell that begins with `%%name said`. NoTranslationError when there is none."""
    if name.startswith("aml_"):
        return Translation(rule="ours")
    if name in _WRAPPERS:
        return _wrapped(name, said)
    if name in _TIMERS:
        return Translation(rule="timing")
    if name in _OF_A_PAGE:
        return Translation(rule="magics")
    if name in _CELLS:
        return _CELLS[name](said, body, known)
    raise _none(f"%%{name}", name)


def system(command: str, known: Collection[str]) -> Translation:
    """The Python for `!command`."""
    installs = shell.installed(command)
    if installs is not None:
        return Translation(rule="installs", installs=installs)
    return Translation(f"subprocess.run({shell.text(command, known)}, shell=True, check=False)", imports=_SUBPROCESS)


def output_of(command: str, known: Collection[str]) -> Translation:
    """The Python for `x = !command`: the lines of what it prints."""
    return Translation(f"subprocess.getoutput({shell.text(command, known)}).splitlines()", imports=_SUBPROCESS)


def _none(magic: str, name: str) -> NoTranslationError:
    return NoTranslationError(f"the magic {magic} works in a notebook only.", _WAYS_OUT.get(name, _ELSE))


# Line magics


def _time(said: str, _known: Collection[str]) -> Translation:
    return Translation(said.removeprefix("--no-raise-error").strip() or "pass")


def _package(tool: str) -> Line:
    def translate(said: str, known: Collection[str]) -> Translation:
        return system(f"{tool} {said}", known)

    return translate


def _env(said: str, known: Collection[str]) -> Translation:
    name, equals, value = said.partition("=")
    if not equals:
        name, _, value = said.strip().partition(" ")
    if not name.strip() or not value.strip():
        return Translation(rule="magics")
    key, text = ast.unparse(ast.Constant(name.strip())), shell.text(value.strip(), known)
    return Translation(f"os.environ[{key}] = {text}", imports=("import os",))


def _cd(said: str, known: Collection[str]) -> Translation:
    place = said.strip().removeprefix("-q").strip() or "~"
    if place.startswith("-"):
        raise NoTranslationError("%cd to an earlier folder works in a notebook only.", "Name the folder.")
    text = shell.text(place.strip("'\""), known)
    is_home = place.startswith("~")
    return Translation(
        f"os.chdir(os.path.expanduser({text}))" if is_home else f"os.chdir({text})", imports=("import os",)
    )


def _run(said: str, known: Collection[str]) -> Translation:
    words = [word for word in shlex.split(said) if word not in {"-i", "-t", "-e"}]
    if len(words) != 1 or words[0].startswith("-") or words[0].endswith(".ipynb"):
        raise NoTranslationError("%run with arguments or of a notebook works in a notebook only.", "Import it.")
    path = shell.text(words[0] if words[0].endswith(".py") else f"{words[0]}.py", known)
    return Translation(f'globals().update(runpy.run_path({path}, run_name="__main__"))', imports=("import runpy",))


def _value_of_env(said: str, known: Collection[str]) -> Translation:
    if not said.strip():
        return Translation("dict(os.environ)", imports=("import os",))
    return Translation(f"os.environ[{shell.text(said.strip(), known)}]", imports=("import os",))


def _working_directory(_said: str, _known: Collection[str]) -> Translation:
    return Translation("os.getcwd()", imports=("import os",))


_LINES: Final[Mapping[str, Line]] = {
    "time": _time,
    "env": _env,
    "set_env": _env,
    "cd": _cd,
    "run": _run,
    "sx": output_of,
    "system": output_of,
} | {tool: _package(tool) for tool in ("pip", "conda", "mamba", "micromamba", "uv")}
_VALUES: Final[Mapping[str, Line]] = {"env": _value_of_env, "pwd": _working_directory}


# Cell magics


def _wrapped(name: str, said: str) -> Translation:
    if name == "capture" and any(not word.startswith("-") for word in said.split()):
        raise NoTranslationError(
            "%%capture into a variable works in a notebook only.", "Use contextlib.redirect_stdout(io.StringIO())."
        )
    return Translation(rule="magics" if name == "capture" else "timing", keeps_body=True)


def _script(program: str) -> "Callable[[str, str, Collection[str]], Translation]":
    def translate(said: str, body: str, _known: Collection[str]) -> Translation:
        words = said.split()
        checks = "--no-raise-error" not in words
        words = [word for word in words if word != "--no-raise-error"]
        argv = [program, *words] if program else words
        if not argv or any(word.startswith("-") for word in words):
            raise NoTranslationError(f"%%{program or 'script'} {said} works in a notebook only.", _ELSE)
        if installs := _only_installs(body):
            return Translation(rule="installs", installs=installs)
        named = "sys.executable" if program.startswith("python") else None
        items = ", ".join(
            [named or ast.unparse(ast.Constant(argv[0])), *(ast.unparse(ast.Constant(w)) for w in argv[1:])]
        )
        reads = ', "-"' if named else ""
        imports = ("import subprocess", "import sys") if named else _SUBPROCESS
        return Translation(
            f"subprocess.run([{items}{reads}], input={_lines(body)}, text=True, check={checks})", imports=imports
        )

    return translate


def _only_installs(body: str) -> tuple[str, ...]:
    """The requirements of a shell cell that does nothing but install."""
    commands = [line.strip() for line in body.splitlines() if line.strip() and not line.strip().startswith("#")]
    found = [shell.installed(command) for command in commands]
    return tuple(one for installs in found for one in installs or ()) if all(f is not None for f in found) else ()


def _writefile(said: str, body: str, known: Collection[str]) -> Translation:
    words = said.split()
    appends = bool({"-a", "--append"} & set(words))
    paths = [word for word in words if not word.startswith("-")]
    if len(paths) != 1:
        raise NoTranslationError(f"%%writefile takes one file, found '{said}'.", "%%writefile FILE")
    path = shell.text(paths[0].strip("'\""), known)
    if appends:
        file = "file" if "file" not in known else "file_"
        code = f'with open({path}, "a", encoding="utf-8") as {file}: {file}.write({_lines(body)})'
        return Translation(code, writes=paths[0])
    code = f'Path({path}).write_text({_lines(body)}, encoding="utf-8")'
    return Translation(code, imports=("from pathlib import Path",), writes=paths[0])


def _lines(body: str) -> str:
    """A literal of several lines, each where it is in the cell: the one below the magic's."""
    escaped = body.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    escaped = escaped[:-1] + '\\"' if escaped.endswith('"') else escaped
    return f'"""\\\n{escaped}"""'


_Cell: TypeAlias = Callable[[str, str, Collection[str]], Translation]
_CELLS: Final[Mapping[str, _Cell]] = {
    "bash": _script("bash"),
    "sh": _script("sh"),
    "script": _script(""),
    "python": _script("python"),
    "python3": _script("python3"),
    "writefile": _writefile,
    "file": _writefile,
}
