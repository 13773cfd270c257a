"""An environment of one attempt's own, above its interpreter's, for a job that installs something itself.

A built environment is shared by every job that declares the same, and the submitting interpreter by everything that a
person does: what a job installs must not reach them (in Azure ML it would be gone with the container). Nothing is
installed here.
"""

import os
import re
from pathlib import Path
from typing import Final

from jupyter_aml.entities.launch import Launch

_INSTALLS: Final = re.compile(r"\bpip3?\b[^;&|\n]*\binstall\b")
_INSTALLS_MLFLOW: Final = re.compile(_INSTALLS.pattern + r"[^;&|\n]*\bmlflow\b")
_LIBRARY: Final = "lib/python3*/site-packages"
_PIP: Final = '#!/bin/sh\nexec "$(dirname "$0")/python" -m pip "$@"\n'
_BELOW: Final = "jupyter-aml-below.pth"
_MARK: Final = "pyvenv.cfg"


def interpreter(launch: Launch, place: Path) -> str:
    """The job's interpreter; when its command installs packages, one at `place` with all of the other's."""
    if launch.environment.tool != "uv" or not _INSTALLS.search(launch.command):
        return launch.interpreter
    below = Path(launch.interpreter).parents[1]
    for library in below.glob(_LIBRARY):
        own = place / library.relative_to(below)
        own.mkdir(parents=True)
        # Not a plain path: what stands in the other's own .pth files counts too.
        own.joinpath(_BELOW).write_text(f"import site; site.addsitedir({str(library)!r})\n")
    place.mkdir(parents=True, exist_ok=True)
    place.joinpath(_MARK).write_text(_mark(below))
    return _programs(below / "bin", Path(launch.interpreter).name, place / "bin")


def brings_mlflow(launch: Launch) -> bool:
    """Whether its command installs an MLflow of its own, which need not know our store."""
    return bool(_INSTALLS_MLFLOW.search(launch.command))


def _mark(below: Path) -> str:
    """What makes it a virtual environment: above one, the same; above any other Python, one that sees its packages."""
    there = below / _MARK
    if there.exists():
        return there.read_text()
    return f"home = {os.path.realpath(below / 'bin')}\ninclude-system-site-packages = true\n"


def _programs(below: Path, python: str, own: Path) -> str:
    """Every program beside that Python, but Python and pip, which are those of this environment."""
    own.mkdir()
    for program in below.iterdir():
        if not program.name.startswith(("python", "pip")):
            own.joinpath(program.name).symlink_to(program)
    for name in ("python", "python3"):
        own.joinpath(name).symlink_to(os.path.realpath(below / python))
    for name in ("pip", "pip3"):
        own.joinpath(name).write_text(_PIP)
        own.joinpath(name).chmod(0o755)
    return str(own / "python")
