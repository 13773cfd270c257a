"""A run of 1,000 files against another, and against its folder as it is now, ten files changed; against `diff -rq`."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jupyter_aml import command
from jupyter_aml.entities.run_diff import Against
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE, WorkspaceFolder
from jupyter_aml.operations import jobs
from jupyter_aml.operations.snapshot_diff import diff
from jupyter_aml.operations.workspaces import Workspace
from tests.benchmarks.row import Row

FILES: Final = 1_000
EDITED: Final = 10
REPEATS: Final = 7
BAR: Final = 0.2


def rows() -> list[Row]:
    """Median of seven each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = Workspace(DEFAULT_WORKSPACE, WorkspaceFolder(folder / "workspace"))
        src, before = _written(folder / "src"), _written(folder / "before")
        jobs.submit(workspace, command(command="echo", name="old", code=str(before)))
        _edited(src)
        jobs.submit(workspace, command(command="echo", name="new", code=str(src)))
        _edited(src, "again")
        peer = _seconds(lambda: subprocess.run(["diff", "-rq", src, before], capture_output=True, check=False))
        found = [
            _row("another run", lambda: diff(workspace, "new", Against("job", name="old")), peer),
            _row("its folder", lambda: diff(workspace, "new", Against("folder")), peer),
            _row("a folder never read", lambda: diff(workspace, "new", Against("folder", path=str(before))), peer),
        ]
        workspace.database.close()
        workspace.runs.close()
        return found


def _written(folder: Path) -> Path:
    for number in range(FILES):
        path = folder / f"package{number % 20}" / f"module{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"value_{line} = {number * line}\n" for line in range(200)))
    return folder


def _edited(folder: Path, what: str = "edited") -> None:
    for path in sorted(folder.rglob("*.py"))[:EDITED]:
        path.write_text(path.read_text().replace("value_100 =", f"{what} ="))


def _row(what: str, act: Callable[[], object], peer: float) -> Row:
    took = _seconds(act)
    name = f"a run of {FILES:,} files against {what}, {EDITED} changed; against diff -rq"
    return Row(name, took * 1000, peer * 1000, "ms", took / peer, f"≤ {BAR * 1000:.0f} ms", took <= BAR)


def _seconds(act: Callable[[], object]) -> float:
    taken = list[float]()
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
