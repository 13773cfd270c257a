"""Every risk of a warm start: the same program, cold and warm, leaves the same log, exit code, error and files."""

import re
from pathlib import Path

import pytest

from jupyter_aml.entities.launch import Outcome, WarmPlan
from jupyter_aml.tracking.runs import Runs
from tests.contracts.executors.yard import COLD, Attempt, Yard
from tests.journeys.warm.scripts import PROGRAMS, RANDOM, Program

RUDE = """
import os, sys, numpy as n
n.mine = 1; n.seterr(all='raise'); os.environ['RUDE'] = '1'; os.chdir('/'); sys.path[:] = []
"""
POLITE = "import os, sys, numpy as n; print(hasattr(n, 'mine'), 'RUDE' in os.environ, len(sys.path) > 2, n.geterr())"


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_runs_warm_as_it_runs_cold(yard: Yard, name: str) -> None:
    cold, cold_outcome = run(yard, PROGRAMS[name], COLD)
    warm, warm_outcome = run(yard, PROGRAMS[name], WarmPlan(PROGRAMS[name].modules))
    assert (cold_outcome.warm, warm_outcome.warm) == (False, True), warm_outcome.cold_because
    assert said(warm, warm.log()) == said(cold, cold.log())
    assert warm_outcome.exit_code == cold_outcome.exit_code
    assert said(warm, warm_outcome.error) == said(cold, cold_outcome.error)
    assert files(warm.folder.code) == files(cold.folder.code)
    assert files(warm.artifacts / "outputs") == files(cold.artifacts / "outputs")


def run(yard: Yard, program: Program, plan: WarmPlan) -> tuple[Attempt, Outcome]:
    attempt = yard.prepare(program.command, program.files, warm=plan, environment_variables=program.environment)
    Runs(yard.root / "mlflow.db").create(
        attempt.launch.job, "Default", display_name="x", artifact_uri=attempt.artifacts.as_uri(), tags={}, start_ms=1
    )
    yard.executor.launch(attempt.folder, attempt.launch)
    return attempt, yard.outcome(attempt)


def said(attempt: Attempt, text: str) -> str:
    """A text without what two attempts cannot share: the job's name, addresses."""
    return re.sub(r"0x[0-9a-f]+", "0x…", text.replace(attempt.launch.job, "JOB"))


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_two_warm_jobs_share_no_randomness(yard: Yard) -> None:
    first, second = (yard.run("python main.py", {"main.py": RANDOM}, warm=WarmPlan(("numpy",)))[0] for _ in range(2))
    same = set(first.log().split()) & set(second.log().split())
    assert not same


def test_a_warm_job_takes_nothing_from_the_one_before(yard: Yard) -> None:
    yard.run("python main.py", {"main.py": RUDE}, warm=WarmPlan(("numpy",)))
    attempt, outcome = yard.run("python main.py", {"main.py": POLITE}, warm=WarmPlan(("numpy",)))
    assert outcome.warm
    assert attempt.log().startswith("False False True {'divide': 'warn'")
