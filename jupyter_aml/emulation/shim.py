"""An `az` on this kernel's PATH: a small program that is this interpreter's. Writes it; what it does is `az.py`'s."""

import hashlib
import os
import shlex
import sys
from pathlib import Path
from typing import Final

from jupyter_aml.entities.emulation import AZ

_PROGRAM: Final = """#!/bin/sh
exec {python} -P -m jupyter_aml.emulation.az "$@"
"""
_PATH: Final = "PATH"


def on_path() -> None:
    """Let `az` mean ours in this process and its children; nothing is installed, no other kernel is touched."""
    folder = str(_written())
    os.environ[_PATH] = os.pathsep.join([folder, *_without(folder)])
    os.environ[AZ] = folder


def off_path() -> None:
    """Let `az` mean what it meant."""
    os.environ[_PATH] = os.pathsep.join(_without(str(_folder())))
    os.environ.pop(AZ, None)


def _without(folder: str) -> list[str]:
    return [place for place in os.environ.get(_PATH, os.defpath).split(os.pathsep) if place != folder]


def _folder() -> Path:
    """Where it lies: one folder for each interpreter, as it names its own."""
    from jupyter_aml.operations.workspaces import home

    return home() / "bin" / hashlib.sha256(sys.executable.encode()).hexdigest()[:12]


def _written() -> Path:
    folder = _folder()
    program, text = folder / "az", _PROGRAM.format(python=shlex.quote(sys.executable))
    if not program.is_file() or program.read_text(encoding="utf-8") != text:
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f"az.{os.getpid()}"
        beside.write_text(text, encoding="utf-8")
        beside.chmod(0o755)
        beside.rename(program)
    return folder
