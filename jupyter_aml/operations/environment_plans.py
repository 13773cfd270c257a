"""What an environment's specification becomes: a plan to build it, or the submitting interpreter. Nothing is built."""

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities import conda_file
from jupyter_aml.entities.conda_file import CondaFile
from jupyter_aml.entities.curated import ENOUGH, Enough
from jupyter_aml.entities.environment_build import EnvironmentPlan
from jupyter_aml.entities.requirements_file import inlined
from jupyter_aml.entities.switches import is_on
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException
from jupyter_aml.operations.workspaces import Workspace, home

PLACE: Final = "JUPYTER_AML_ENVIRONMENTS"
"""Names the folder of built environments; else it is `environments` in the home folder."""
ALWAYS_BUILT: Final = "JUPYTER_AML_BUILD_CURATED"
"""Switched on, a curated environment is built even where the submitting interpreter would do."""
_RECIPE: Final = 1
"""Counted up when equal specifications are to be built anew."""
_HASH_LENGTH: Final = 32
_CONDA_TOOLS: Final = ("micromamba", "mamba", "conda")
_ALWAYS_THERE: Final = ("pip", "setuptools<80.9", "wheel", "cloudpickle")
"""What every conda environment has, and what a notebook's cell is read with. Of setuptools the last one whose
pkg_resources, which old packages import, is quiet."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PLAIN: Final = re.compile(r"\d+\.\d+")


def own_interpreter() -> str:
    """This process's interpreter, by one name however it was started (`python`, `python3`, a script's first line)."""
    named = Path(sys.prefix, "bin", "python")
    return str(named) if named.exists() else sys.executable


def of_conda(workspace: Workspace, content: Mapping[str, Any]) -> tuple[EnvironmentPlan, CondaFile]:
    """The plan for a conda file.

    Raises:
        ValidationException: it cannot be understood.
        UnsupportedFieldError: nothing on this machine can install what it lists.
    """
    read = conda_file.read(content)
    plan = _of_conda_tool(content, read) if read.conda_only else _of_uv(read)
    return _placed(workspace, plan), read


def check_for_a_cell(plan: EnvironmentPlan) -> None:
    """A notebook's cell takes its functions along as this Python's bytecode, which no other version reads."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    wanted = list(dict.fromkeys(".".join(request.split(".")[:2]) for request in plan.pythons))
    if plan.target and wanted and own not in wanted and all(_PLAIN.fullmatch(request) for request in wanted):
        raise ValidationException(
            f"environment: it has Python {' or '.join(wanted)}, and the cell and its values are this kernel's {own}.",
            resolution=f"Declare python={own}, or put the code into a script and submit that with --code.",
        )


def satisfied_by_us(name: str) -> str:
    """What of the submitting interpreter's packages stands for that curated environment; '' when they do not."""
    needed = ENOUGH.get(name, ())
    if not needed or is_on(ALWAYS_BUILT, os.environ):
        return ""
    found = [_installed(each) for each in needed]
    return ", ".join(found) if all(found) else ""


def _installed(needed: Enough) -> str:
    try:
        version = importlib.metadata.version(needed.package)
    except importlib.metadata.PackageNotFoundError:
        return ""
    numbers = tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])
    return f"{needed.package} {version}" if needed.since <= numbers < needed.below else ""


def _of_uv(read: CondaFile) -> EnvironmentPlan:
    lines, options = _without_options(inlined(read.lines, Path.cwd()))
    mentioned = {_name_of(line) for line in lines}
    extra = [line for line in _ALWAYS_THERE if _name_of(line) not in mentioned]
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    return EnvironmentPlan(
        tool="uv",
        program=find_uv(),
        pythons=read.pythons or (own,),
        lines=(*lines, *extra),
        options=options,
    )


def _of_conda_tool(content: Mapping[str, Any], read: CondaFile) -> EnvironmentPlan:
    found = (shutil.which(tool) for tool in _CONDA_TOOLS)
    program = next((tool for tool in found if tool), os.environ.get("MAMBA_EXE") or os.environ.get("CONDA_EXE"))
    if program is None:
        raise UnsupportedFieldError(
            f"environment.conda_file: only conda channels have {', '.join(read.conda_only)}, "
            "and neither micromamba, mamba nor conda is on the PATH.",
            resolution="Install micromamba (one file) or conda and submit again, or leave these packages out: all "
            "others are installed from PyPI.",
        )
    kept = {key: content[key] for key in ("channels", "dependencies") if key in content}
    return EnvironmentPlan(tool="conda", program=program, conda_file=json.dumps(kept))


def _placed(workspace: Workspace, plan: EnvironmentPlan) -> EnvironmentPlan:
    """The plan with its folder: equal contents are one environment, for all workspaces."""
    parts = [_RECIPE, platform.system(), platform.machine(), plan.tool, plan.pythons, plan.lines, plan.options]
    text = json.dumps([*parts, plan.conda_file])
    name = hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]
    folder = Path(os.environ.get(PLACE) or home() / "environments").expanduser().absolute()
    return EnvironmentPlan(
        target=str(folder / name),
        tool=plan.tool,
        program=plan.program,
        pythons=plan.pythons,
        lines=plan.lines,
        options=plan.options,
        conda_file=plan.conda_file,
        base=str(Path(sys.base_prefix, "bin")),
        server_interpreter=own_interpreter(),
        workspace=str(workspace.folder.root),
    )


def find_uv() -> str:
    """The program that builds; it comes with this package."""
    from uv import find_uv_bin

    try:
        return find_uv_bin()
    except FileNotFoundError as error:
        raise ValidationException(
            f"environment.conda_file: environments are built with uv, and it is not there: {error}",
            resolution="Install it into the kernel's environment: pip install uv.",
        ) from None


def _without_options(lines: Iterable[str]) -> tuple[list[str], tuple[str, ...]]:
    """The lines that uv takes in a file, and in its own words those that pip takes there and uv does not."""
    kept: list[str] = []
    options: list[str] = []
    for line in lines:
        words = shlex.split(line.replace("=", " ", 1), comments=True) if line.startswith("--") else [line]
        if words[0] == "--pre":
            options.append("--prerelease=allow")
        elif words[0] == "--trusted-host":
            options.append(f"--allow-insecure-host={words[-1]}")
        else:
            kept.append(line)
    return kept, tuple(options)


def _name_of(line: str) -> str:
    found = _NAME.match(line)
    return found.group().lower() if found else ""
