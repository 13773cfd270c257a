"""Built environments against the bare tool: what a job's first build costs more, and what a second use adds."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.environment_build import EnvironmentPlan
from jupyter_aml.runner import claim
from tests.benchmarks.row import Row
from tests.contracts.executors.yard import Yard
from tests.unit.environments.conftest import plan_of

LINES = ("scikit-learn", "humanize")
ROUNDS = 30
MOST_ADDED = 50.0


def rows() -> list[Row]:
    """Both rows, with one environment; the packages come from the tool's cache."""
    with _yard() as yard:
        plan = plan_of(yard.root, *LINES)
        _bare(plan)  # fills the cache
        bare = _bare(plan)
        ours = _seconds(yard, plan)
        added = 1e3 * (median(_prepared(yard, plan) for _ in range(ROUNDS)) - _plain(yard))
    name = "First job in scikit-learn + humanize, against uv alone"
    return [
        Row(name, ours, bare, "s", ours / bare, "≤ 1.2", ours / bare <= 1.2),
        Row(
            "Second use of a built environment: added to a job's preparation", added, 1e3 * bare, "ms",
            added / (1e3 * bare), "≤ 50 ms", added <= MOST_ADDED,
        ),
    ]  # fmt: skip


def _bare(plan: EnvironmentPlan) -> float:
    began = time.perf_counter()
    _run(plan.program, "venv", "--no-project", "--python", plan.pythons[0], plan.target)
    _run(plan.program, "pip", "install", "--python", plan.interpreter, "--compile-bytecode", *LINES)
    seconds = time.perf_counter() - began
    shutil.rmtree(plan.target)
    return seconds


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def _seconds(yard: Yard, plan: EnvironmentPlan) -> float:
    began = time.perf_counter()
    _, outcome = yard.run("true", environment=plan)
    if outcome.exit_code:
        raise RuntimeError(outcome.error)
    return time.perf_counter() - began


def _plain(yard: Yard) -> float:
    return median(_prepared(yard, EnvironmentPlan()) for _ in range(ROUNDS))


def _prepared(yard: Yard, plan: EnvironmentPlan) -> float:
    attempt, _ = yard.run("true", environment=plan)
    begun = claim.read_begun(attempt.folder)
    if begun is None or begun.started_at is None:
        raise RuntimeError(attempt.story)
    return begun.started_at - begun.at


@contextmanager
def _yard() -> Iterator[Yard]:
    with tempfile.TemporaryDirectory() as folder:
        yard = Yard(Path(folder), SubprocessExecutor())
        yield yard
        yard.close()
