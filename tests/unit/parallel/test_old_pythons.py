"""The driver where the step's environment has an old Python, and none of what this package needs."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "jupyter_aml"
ROOMS = [
    PACKAGE / "__init__.py",
    PACKAGE / "entities" / "__init__.py",
    PACKAGE / "entities" / "parallel_plan.py",
    PACKAGE / "runner" / "__init__.py",
    *sorted((PACKAGE / "runner" / "parallel").glob("*.py")),
]
_TOO_NEW = {"removeprefix", "removesuffix", "waitstatus_to_exitcode", "is_relative_to", "hardlink_to", "pairwise"}


@pytest.mark.parametrize("path", ROOMS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_room_that_the_driver_loads_is_python_3_8(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 8))
    annotated = any(isinstance(node, ast.FunctionDef | ast.AnnAssign) for node in ast.walk(tree))
    assert not annotated or "from __future__ import annotations" in path.read_text()
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert used.isdisjoint(_TOO_NEW)
    assert not any(isinstance(node, ast.Match) for node in ast.walk(tree))
    assert not any(_has_slots(node) for node in ast.walk(tree) if isinstance(node, ast.Call))


def _has_slots(call: ast.Call) -> bool:
    """`dataclass(slots=True)` and `zip(strict=True)` are 3.10's."""
    return any(word.arg in {"slots", "strict", "kw_only"} for word in call.keywords)


def test_the_driver_loads_those_rooms_and_the_standard_library_only() -> None:
    code = (
        "import sys, jupyter_aml.runner.parallel.driver\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('jupyter_aml')), sep='\\n')\n"
    )
    command = [sys.executable, "-S", "-E", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": os.defpath}).stdout
    assert {Path(line) for line in told.splitlines()} <= set(ROOMS)
