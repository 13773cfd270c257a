"""The command at the end of jobs: once for each, its words as variables, and nobody's business but its own."""

import os
import shlex
from pathlib import Path

import pytest

from jupyter_aml.engine.hooks import MOST, Hooks
from jupyter_aml.entities.workspace import ON_FINISH
from jupyter_aml.runner.process_tree import GUEST
from tests.conftest import is_alive
from tests.unit.engine.conftest import Bench

HOSTILE = "$(touch gone) `touch gone`; \"x' && touch gone"
TELL = 'printf "%s\\n" "$JUPYTER_AML_JOB|$JUPYTER_AML_STATUS|$JUPYTER_AML_EXPERIMENT|$JUPYTER_AML_DISPLAY_NAME"'


class Told:
    """Where a command leaves its lines."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.path = bench, bench.scratch / "told"

    def by(self, line: str) -> None:
        """Let this line run at the end of jobs; what it prints is kept."""
        self.bench.ml.workspaces.set_on_finish(f"{{ {line}\n}} >> {shlex.quote(str(self.path))}")

    @property
    def lines(self) -> list[str]:
        self.bench.until(lambda: not self.bench.supervisor.hooks.are_set)
        return self.path.read_text().splitlines() if self.path.exists() else []


@pytest.fixture
def told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setenv("HOME", str(bench.scratch))
    return Told(bench)


def test_it_runs_once_for_each_job_and_finds_it_in_its_variables(bench: Bench, told: Told) -> None:
    told.by(TELL)
    good = bench.run("true", experiment_name="demo", display_name=HOSTILE)
    bad = bench.run("exit 3", experiment_name="demo", display_name="bad")
    assert told.lines == [f"{good.name}|Completed|demo|{HOSTILE}", f"{bad.name}|Failed|demo|bad"]
    assert not list(Path(bench.scratch).rglob("gone"))
    bench.begin()  # the next supervisor
    for _ in range(3):
        bench.turn()
    assert len(told.lines) == 2


def test_it_runs_as_the_person_in_their_home_and_knows_the_workspace(
    bench: Bench, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(GUEST, "1")
    told.by(f'pwd; echo "$JUPYTER_AML_WORKSPACE"; echo "guest ${GUEST}"; ps -o sess= -p $$ | tr -d " "; echo $$')
    bench.run("true")
    home, workspace, guest, session, pid = told.lines
    assert (home, workspace, guest) == (str(bench.scratch), bench.workspace.id.arm, "guest ")
    assert (session, os.getsid(0) == int(session)) == (pid, False)


def test_a_part_of_another_job_is_not_told(bench: Bench, told: Told) -> None:
    told.by(TELL)
    part = bench.submit("true")
    bench.sql("UPDATE jobs SET parent = 'whole' WHERE name = ?", part)
    bench.until_finished(part)
    assert told.lines == []


def test_a_canceled_job_that_never_ran_is_told(bench: Bench, told: Told) -> None:
    told.by(TELL)
    name = bench.submit("true", display_name="x", experiment_name="e")
    bench.cancel(name)
    bench.until_finished(name)
    assert told.lines == [f"{name}|Canceled|e|x"]


def test_without_a_command_nothing_runs(bench: Bench, told: Told) -> None:
    told.by(TELL)
    bench.ml.workspaces.set_on_finish("")
    bench.run("true")
    assert (told.lines, bench.ml.workspaces.get_on_finish()) == ([], "")


def test_its_failure_is_only_said(bench: Bench, told: Told, capfd: pytest.CaptureFixture[str]) -> None:
    told.by("echo for the log >&2; exit 7")
    name = bench.run("true").name
    assert told.lines == []
    said = capfd.readouterr().err
    assert "for the log" in said
    assert f"on_finish of '{name}' ended with 7" in said
    assert bench.get(name).status == "Completed"


def test_one_that_takes_too_long_is_ended_with_all_that_it_began(
    bench: Bench, told: Told, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.supervisor.hooks = Hooks(bench.workspace.folder, bench.workspace.database, longest=1.0)
    told.by("sleep 600 & echo $!; wait")
    bench.run("true")
    (child,) = told.lines
    assert "took longer than 1 s" in capfd.readouterr().err
    bench.until(lambda: not is_alive(int(child)))


def test_many_at_once_take_turns(bench: Bench, told: Told) -> None:
    told.by("echo begun; while [ ! -e go ]; do sleep 0.01; done; echo ended")
    names = [bench.submit("true") for _ in range(MOST + 2)]
    for name in names:
        bench.until_finished(name)
    bench.until(lambda: told.path.exists() and told.path.read_text().count("begun") == MOST)
    assert not bench.supervisor.is_idle
    (bench.scratch / "go").touch()
    assert sorted(told.lines) == ["begun"] * len(names) + ["ended"] * len(names)
    assert told.path.read_text().splitlines()[:MOST] == ["begun"] * MOST


def test_the_workspace_shows_no_trace_of_it_and_keeps_it_when_described_anew(bench: Bench, told: Told) -> None:
    told.by(TELL)
    mine = bench.ml.workspaces.get()
    assert ON_FINISH not in mine.spec()
    mine.description = "described anew"
    bench.ml.workspaces.begin_update(mine).result()
    assert "printf" in bench.ml.workspaces.get_on_finish()
