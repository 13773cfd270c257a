"""An `az` on this kernel's PATH, and installers on that of a cell of the shell's: small programs that are this
interpreter's. Writes them; what they do is done by `az.py` and `installer.py`.
"""

import hashlib
import os
import shlex
import shutil
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from jupyter_aml.entities.emulation import AZ

_AZ: Final = """#!/bin/sh
exec {python} -P -m jupyter_aml.emulation.az "$@"
"""
_INSTALLER: Final = """#!/bin/sh
exec {python} -P -m jupyter_aml.emulation.installer {real} "$@"
"""
_PYTHON: Final = """#!/bin/sh
case "$1 $2" in
"-m pip" | "-m uv") exec {python} -P -m jupyter_aml.emulation.installer {real} "$@" ;;
esac
exec {real} "$@"
"""
_OWN: Final = ("", "3", f"{sys.version_info.major}.{sys.version_info.minor}")
"""What follows `pip` and `python` where they are this version's."""
_OTHERS: Final = ("conda", "mamba", "micromamba", "uv")
_PATH: Final = "PATH"


def on_path() -> None:
    """Let `az` mean ours in this process and its children; nothing is installed, no other kernel is touched."""
    folder = _folder()
    _write(folder, "az", _AZ.format(python=shlex.quote(sys.executable)))
    os.environ[_PATH] = os.pathsep.join([str(folder), *_without(str(folder))])
    os.environ[AZ] = str(folder)


def off_path() -> None:
    """Let `az` mean what it meant."""
    os.environ[_PATH] = os.pathsep.join(_without(str(_folder())))
    os.environ.pop(AZ, None)


@contextmanager
def installers() -> Generator[None]:
    """Whatever starts in here finds our installers first, which answer for Azure ML's packages and are else the real.

    None is there that was not there before, but for pip, whose lines are answered where there is none as well.
    """
    before = os.environ.get(_PATH, os.defpath)
    programs = _programs()
    name = hashlib.sha256(repr(programs).encode()).hexdigest()[:12]
    folder = _folder() / f"installers-{name}"
    for program, text in programs.items():
        _write(folder, program, text)
    os.environ[_PATH] = os.pathsep.join([str(folder), before])
    try:
        yield
    finally:
        os.environ[_PATH] = before


def out_of_installers() -> None:
    """Let this process and its children find the real ones: it is one of ours."""
    own = os.environ.get(AZ)
    places = os.environ.get(_PATH, os.defpath).split(os.pathsep)
    os.environ[_PATH] = os.pathsep.join(place for place in places if str(Path(place).parent) != own)


def _programs() -> Mapping[str, str]:
    """The text of each, by its name."""
    pips = {f"pip{version}": _INSTALLER for version in _OWN}
    pythons = {f"python{version}": _PYTHON for version in _OWN}
    others = dict.fromkeys(_OTHERS, _INSTALLER)
    found = {name: shutil.which(name) for name in (*pips, *pythons, *others)}
    return {
        name: text.format(
            python=shlex.quote(sys.executable), real=shlex.quote(str(Path(place).absolute()) if place else name)
        )
        for name, text in (pips | pythons | others).items()
        if (place := found[name]) or name in pips
    }


def _without(folder: str) -> list[str]:
    return [place for place in os.environ.get(_PATH, os.defpath).split(os.pathsep) if place != folder]


def _folder() -> Path:
    """Where it lies: one folder for each interpreter, as it names its own."""
    from jupyter_aml.operations.workspaces import home

    return home() / "bin" / hashlib.sha256(sys.executable.encode()).hexdigest()[:12]


def _write(folder: Path, name: str, text: str) -> None:
    """Write a program, whole, unless it is there."""
    program = folder / name
    if not program.is_file() or program.read_text(encoding="utf-8") != text:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"{name}.{os.getpid()}"
        beside.write_text(text, encoding="utf-8")
        beside.chmod(0o755)
        beside.rename(program)
