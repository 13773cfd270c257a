"""An environment is built once, by whoever needs it first, and appears whole; everybody else finds it."""

import os
import re
import signal
import subprocess
import sys
import time
import venv
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_aml.engine.executors.base import State
from jupyter_aml.entities.environment_build import BUILD_LOG, READY, EnvironmentPlan
from jupyter_aml.entities.launch import WarmPlan
from jupyter_aml.runner import claim
from tests.contracts.executors.yard import Attempt, Yard, wait_for
from tests.unit.environments.conftest import plan_of, tiny

SHOW = 'python -c "import sys, tiny; print(tiny.VALUE, sys.prefix)"'
NOT_HERE = "2.99"
_MOST_TRIES = 200


def build_log(attempt: Attempt) -> str:
    return (attempt.artifacts / BUILD_LOG).read_text()


def start(yard: Yard, plan: EnvironmentPlan, command: str = SHOW) -> Attempt:
    return yard.start(command, environment=plan, interpreter=plan.interpreter)


def test_a_job_runs_in_what_was_built_for_it_and_finds_nothing_else(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    attempt = start(yard, plan, SHOW + '; python -c "import yaml"')
    outcome = yard.outcome(attempt)
    assert attempt.log().startswith(f"1 {plan.target}\n"), outcome.error
    assert "No module named 'yaml'" in attempt.log()
    assert list(Path(plan.target).glob("lib/python3*/site-packages/__pycache__/tiny*.pyc"))


def test_a_notebooks_cell_runs_where_this_package_was_not_installed(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    attempt = start(yard, plan, 'python -c "import jupyter_aml.runner.cell as cell; print(cell.CELL_FILE)"')
    assert yard.outcome(attempt).exit_code == 0
    assert attempt.log() == "cell.py\n"


def test_the_build_is_told_in_the_jobs_own_log_step_by_step(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    attempt = start(yard, plan)
    assert yard.outcome(attempt).exit_code == 0
    said = build_log(attempt)
    for words in ("Looking for Python 3", "Installing:", "tiny @ file://", "Installed 1 package", "Ready after"):
        assert words in said
    assert re.search(r"building +/.*\n.*built +in [0-9.]+ s", attempt.story)


def test_a_second_use_adds_nothing_but_a_look(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    first = start(yard, plan)
    assert yard.outcome(first).exit_code == 0
    ready = Path(plan.target, READY).stat().st_mtime_ns
    used, unused = (min(_seconds_to_prepare(yard, each) for _ in range(3)) for each in (plan, EnvironmentPlan()))
    assert used - unused < _prepared(first) / 4
    assert Path(plan.target, READY).stat().st_mtime_ns == ready


def _seconds_to_prepare(yard: Yard, plan: EnvironmentPlan) -> float:
    attempt = yard.start("true", environment=plan)
    assert yard.outcome(attempt).exit_code == 0
    assert not (attempt.artifacts / BUILD_LOG).exists()
    return _prepared(attempt)


def _prepared(attempt: Attempt) -> float:
    begun = claim.read_begun(attempt.folder)
    assert begun
    assert begun.started_at
    return begun.started_at - begun.at


def test_of_two_jobs_that_need_it_one_builds_and_one_waits(yard: Yard) -> None:
    gate = yard.root / "gate"
    plan = plan_of(yard.root, tiny(yard.root, gate))
    first = start(yard, plan)
    wait_for(lambda: (yard.turn(), Path(f"{gate}.asked").exists())[1])
    second = start(yard, plan)
    wait_for(lambda: (yard.turn(), _waits(second))[1])
    gate.touch()
    assert [yard.outcome(attempt).exit_code for attempt in (first, second)] == [0, 0]
    assert "Installing" in build_log(first)
    assert "Installing" not in build_log(second)


def _waits(attempt: Attempt) -> bool:
    log = attempt.artifacts / BUILD_LOG
    return log.exists() and "waiting for it" in log.read_text()


def test_a_job_that_is_canceled_while_it_builds_leaves_nothing_and_the_next_builds_anew(yard: Yard) -> None:
    gate = yard.root / "gate"
    plan = plan_of(yard.root, tiny(yard.root, gate))
    attempt = start(yard, plan)
    wait_for(lambda: (yard.turn(), Path(f"{gate}.asked").exists())[1])
    yard.executor.stop(attempt.folder, "enough")
    outcome = yard.outcome(attempt)
    assert (outcome.why, outcome.error) == ("canceled", "Canceled: enough")
    assert _processes_in(yard.root) == []
    gate.touch()
    assert yard.outcome(start(yard, plan)).exit_code == 0


def test_a_build_whose_runner_was_killed_is_made_anew(yard: Yard) -> None:
    gate = yard.root / "gate"
    plan = plan_of(yard.root, tiny(yard.root, gate))
    attempt = start(yard, plan)
    wait_for(lambda: (yard.turn(), Path(f"{gate}.asked").exists())[1])
    begun = claim.read_begun(attempt.folder)
    assert begun
    os.kill(begun.pid, signal.SIGKILL)
    yard.wait_until(attempt, lambda seen: seen.state in {State.ORPHANED, State.LOST})
    yard.executor.end_orphans(attempt.folder)
    gate.touch()
    assert yard.outcome(start(yard, plan)).exit_code == 0


def test_a_package_that_is_not_there_fails_the_job_with_the_tools_own_words(yard: Yard) -> None:
    plan = replace(plan_of(yard.root, "no-such-package-anywhere==1"), options=("--offline", "--no-index"))
    outcome = yard.outcome(start(yard, plan))
    assert outcome.why == "refused"
    for words in (
        "could not be built",
        "pip install' exited with status code 1",
        BUILD_LOG,
        "no-such-package-anywhere",
    ):
        assert words in outcome.error
    assert "Looking for Python" not in outcome.error
    assert not Path(plan.target).exists()


def test_a_python_that_is_not_there_is_one_clear_error(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root), pythons=(f"{NOT_HERE}.1", NOT_HERE))
    outcome = yard.outcome(start(yard, plan))
    assert outcome.why == "refused"
    assert f"needs Python {NOT_HERE}.1 or {NOT_HERE}, and none is on this machine" in outcome.error
    assert f"uv python install {NOT_HERE}" in outcome.error


def test_the_first_python_that_is_there_is_taken(yard: Yard) -> None:
    own = plan_of(yard.root).pythons[0]
    plan = plan_of(yard.root, tiny(yard.root), pythons=(NOT_HERE, own))
    attempt = start(yard, plan, "python --version")
    assert yard.outcome(attempt).exit_code == 0
    assert attempt.log().startswith(f"Python {own}.")


def test_what_a_job_installs_itself_is_its_own_and_gone_with_it(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    mine = tiny(yard.root, name="mine")
    install = f"'{plan.program}' pip install --offline --no-index $MINE"
    show = """python -c 'import mine, tiny, sys; print(mine.VALUE + tiny.VALUE, sys.prefix)'"""
    attempt = yard.start(
        f"{install} && {show}", environment=plan, interpreter=plan.interpreter,
        environment_variables={"MINE": mine.replace(" ", "")},
    )  # fmt: skip
    assert yard.outcome(attempt).exit_code == 0, attempt.log()
    assert attempt.log().endswith(f"2 {attempt.folder.layer}\n")
    assert not attempt.folder.layer.exists()
    assert not list(Path(plan.target).glob("lib/*/site-packages/mine*"))


def test_what_a_job_installs_in_the_submitting_interpreter_is_gone_with_it_too(yard: Yard) -> None:
    home = yard.root / "kernel"
    venv.create(home, with_pip=False, symlinks=True)
    library = next(home.glob("lib/python3*/site-packages"))
    (library / "tiny.py").write_text("VALUE = 2\n")
    (library / "mine.py").write_text("VALUE = 5\n")
    mine = tiny(yard.root, name="mine").replace(" ", "")
    install = f"'{plan_of(yard.root).program}' pip install --offline --no-index $MINE"
    show = """python -c 'import mine, tiny, sys; print(mine.VALUE + tiny.VALUE, sys.prefix)'"""
    attempt = yard.start(f"{install} && {show}", interpreter=f"{home}/bin/python", environment_variables={"MINE": mine})
    assert yard.outcome(attempt).exit_code == 0, attempt.log()
    assert attempt.log().endswith(f"3 {attempt.folder.layer}\n")
    assert not attempt.folder.layer.exists()
    assert sorted(found.name for found in library.glob("mine*")) == ["mine.py"]


def test_an_interpreter_that_is_no_virtual_environment_is_left_alone_too(yard: Yard) -> None:
    own = os.path.realpath(sys.executable)
    said = "pip install --help > /dev/null; python -c 'import sys, json; print(sys.prefix, sys.base_prefix)'"
    attempt = yard.start(said, interpreter=own)
    assert yard.outcome(attempt).exit_code == 0, attempt.log()
    assert attempt.log() == f"{attempt.folder.layer} {sys.base_prefix}\n"


def test_a_marker_that_a_power_cut_spoiled_is_no_environment(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    Path(plan.target).mkdir(parents=True)
    Path(plan.target, READY).write_text("")
    assert yard.outcome(start(yard, plan)).exit_code == 0


def test_an_environment_whose_python_was_removed_is_built_anew(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    assert yard.outcome(start(yard, plan)).exit_code == 0
    for name in ("python", "python3", Path(plan.interpreter).readlink().name):
        program = Path(plan.target, "bin", name)
        if program.is_symlink():
            program.unlink()
            program.symlink_to(yard.root / "gone")
    again = start(yard, plan)
    assert yard.outcome(again).exit_code == 0
    assert "Installing" in build_log(again)


def test_condas_tool_is_given_the_file_as_it_was_written(yard: Yard) -> None:
    tool = yard.root / "micromamba"
    tool.write_text(
        '#!/bin/sh\nmkdir -p "$4/bin" && cp "$6" "$4/file" && ln -s "$(command -v python3)" "$4/bin/python"\n'
    )
    tool.chmod(0o755)
    plan = replace(plan_of(yard.root), tool="conda", program=str(tool), conda_file='{"dependencies": ["r-base"]}')
    attempt = start(yard, plan, "python --version")
    outcome = yard.outcome(attempt)
    assert outcome.exit_code == 0, outcome.error
    assert Path(plan.target, "file").read_text() == plan.conda_file


def test_a_warm_worker_lives_in_what_was_built_and_lends_it_nothing(yard: Yard) -> None:
    plan = plan_of(yard.root, tiny(yard.root))
    files = {"main.py": "import tiny, sys, importlib.util as u; print(tiny.VALUE, u.find_spec('yaml'), sys.prefix)"}
    told: list[str] = []
    while len(told) < _MOST_TRIES and (not told or told[-1]):
        attempt, outcome = yard.run(
            "python main.py", files, environment=plan, interpreter=plan.interpreter, warm=WarmPlan(("tiny",))
        )
        assert (outcome.exit_code, attempt.log()) == (0, f"1 None {plan.target}\n"), outcome.error
        told.append(outcome.cold_because)
    assert told[0] == "its environment is not built yet"
    assert told[1] == "no warm worker yet: starting one"
    assert told[-1] == ""


@pytest.fixture
def old(yard: Yard) -> EnvironmentPlan:
    """An environment of a Python older than ours."""
    plan = plan_of(yard.root, tiny(yard.root), pythons=("3.8", "3.9", "3.10", "3.7"))
    _, outcome = yard.run("true", environment=plan, interpreter=plan.interpreter)
    if "none is on this machine" in outcome.error:
        pytest.skip("no Python older than 3.11 is on this machine")
    assert outcome.exit_code == 0, outcome.error
    return plan


def test_a_python_too_old_for_a_parallel_step_is_told_before_it_is_tried(yard: Yard, old: EnvironmentPlan) -> None:
    _, outcome = yard.run("python -m jupyter_aml.runner.parallel", environment=old, interpreter=old.interpreter)
    assert "parallel steps and executed notebooks need 3.11" in outcome.error


def test_a_python_too_old_for_a_warm_worker_goes_cold_and_says_so(yard: Yard, old: EnvironmentPlan) -> None:
    plan = old
    attempt, outcome = yard.run(
        "python main.py", {"main.py": "import tiny"}, environment=plan, interpreter=plan.interpreter,
        warm=WarmPlan(("tiny",)),
    )  # fmt: skip
    assert (outcome.exit_code, outcome.warm) == (0, False), attempt.log()
    assert "a warm worker needs 3.11" in outcome.cold_because


def _processes_in(root: Path) -> list[str]:
    deadline = time.monotonic() + 60
    while found := _listed(root):
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return found


def _listed(root: Path) -> list[str]:
    said = subprocess.run(["ps", "-A", "-ww", "-o", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in said.splitlines() if str(root) in line]
