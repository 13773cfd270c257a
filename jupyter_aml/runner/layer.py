"""An environment of one attempt's own, above the built one, for a job that installs something itself.

A built environment is shared by every job that declares the same: what one of them installs must not reach the others
(in Azure ML it would be gone with the container). Nothing is installed here.
"""

import os
import re
from pathlib import Path
from typing import Final

from jupyter_aml.entities.launch import Launch

_INSTALLS: Final = re.compile(r"\bpip3?\b[^;&|\n]*\binstall\b")
_LIBRARY: Final = "lib/python3*/site-packages"
_PIP: Final = '#!/bin/sh\nexec "$(dirname "$0")/python" -m pip "$@"\n'
_BELOW: Final = "jupyter-aml-below.pth"


def interpreter(launch: Launch, place: Path) -> str:
    """The job's interpreter; when its command installs packages, one at `place` with all of the built one's."""
    plan = launch.environment
    if not plan.target or plan.tool != "uv" or not _INSTALLS.search(launch.command):
        return launch.interpreter
    built = Path(plan.target)
    for library in built.glob(_LIBRARY):
        own = place / library.relative_to(built)
        own.mkdir(parents=True)
        # Not a plain path: what stands in the built one's own .pth files counts too.
        own.joinpath(_BELOW).write_text(f"import site; site.addsitedir({str(library)!r})\n")
    place.joinpath("pyvenv.cfg").write_text(built.joinpath("pyvenv.cfg").read_text())
    return _programs(built / "bin", place / "bin")


def _programs(built: Path, own: Path) -> str:
    """Every program of the built one, but Python and pip, which are those of this environment."""
    own.mkdir()
    for program in built.iterdir():
        if not program.name.startswith(("python", "pip")):
            own.joinpath(program.name).symlink_to(program)
    for name in ("python", "python3"):
        own.joinpath(name).symlink_to(os.path.realpath(built / "python"))
    for name in ("pip", "pip3"):
        own.joinpath(name).write_text(_PIP)
        own.joinpath(name).chmod(0o755)
    return str(own / "python")
