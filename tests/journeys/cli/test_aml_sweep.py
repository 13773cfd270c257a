"""`aml job …` over sweeps, as a person at a terminal meets them: real trials, exit codes, what is printed where."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from tests.journeys.cli.conftest import Aml

Write = Callable[..., str]
LOGS = """\
import os, sqlite3, sys, time
db = sqlite3.connect(os.environ["TRACKING"], timeout=60, isolation_level=None)
for table in ("metrics", "latest_metrics"):
    db.execute(f"INSERT OR REPLACE INTO {table} (key, value, timestamp, run_uuid, step, is_nan) "
               "VALUES (?, ?, ?, ?, 0, 0)",
               ("score", float(sys.argv[1]), time.time_ns(), os.environ["AZUREML_RUN_ID"]))
db.close()
"""


@pytest.fixture
def sweep_yml(home: Path) -> Write:
    """Writes a sweep's YAML below an awkward path."""
    folder = home.parent
    (folder / "src").mkdir()
    (folder / "src" / "train.py").write_text(LOGS)

    def write(command: str = "python train.py ${{search_space.x}}", **fields: object) -> str:
        around = {"TRACKING": str(MLClient.default().workspace.folder.tracking_database)}
        trial = {
            "code": "src", "command": command, "environment": "azureml:sklearn-1.5@latest",
            "environment_variables": around,
        }  # fmt: skip
        sweep = {
            "type": "sweep", "trial": trial, "sampling_algorithm": "grid",
            "search_space": {"x": {"type": "choice", "values": [1, 3, 2]}},
            "objective": {"goal": "maximize", "primary_metric": "score"}, "limits": {"max_total_trials": 9}, **fields,
        }  # fmt: skip
        (folder / "sweep.yml").write_text(json.dumps(sweep))
        return str(folder / "sweep.yml")

    return write


def test_create_stream_prints_the_sweeps_log_and_then_the_sweep(aml: Aml, sweep_yml: Write) -> None:
    said = aml("job", "create", "-f", sweep_yml(name="s", experiment_name="e"), "--stream")
    assert (said.code, said.err) == (0, ""), said
    log, _, shown = said.out.partition("Execution Summary")
    assert log.startswith("RunId: s\n")
    assert "Streaming azureml-logs/hyperdrive.txt" in log
    assert "3 trials are over; the best is s_1 with score 3." in log
    sweep = json.loads(shown[shown.index("\n{") :])
    assert (sweep["status"], sweep["type"], sweep["experiment_name"]) == ("Completed", "sweep", "e")
    assert sweep["properties"]["best_child_run_id"] == "s_1"
    assert sweep["search_space"] == {"x": {"type": "choice", "values": [1, 3, 2]}}


def test_list_hides_the_trials_and_shows_them_under_their_parent(aml: Aml, sweep_yml: Write) -> None:
    aml("job", "create", "-f", sweep_yml(name="s"), "-s")
    assert [job["name"] for job in aml("job", "list").json] == ["s"]
    assert [job["name"] for job in aml("job", "list", "--parent-job-name", "s").json] == ["s_2", "s_1", "s_0"]
    assert json.loads(aml("job", "show", "-n", "s_1").json["tags"]["hyperparameters"]) == {"x": 3}
    named = aml("job", "list", "-p", "s", "--query", "[?status=='Completed'].name", "-o", "tsv").out.split()
    assert named == ["s_2", "s_1", "s_0"]


def test_download_of_a_sweep_is_the_best_trials(aml: Aml, sweep_yml: Write, tmp_path: Path) -> None:
    command = "python train.py ${{search_space.x}}; echo ${{search_space.x}} > outputs/x.txt"
    aml("job", "create", "-f", sweep_yml(command, name="s"), "-s")
    assert aml("job", "download", "-n", "s", "-p", str(tmp_path / "got"), "--all").code == 0
    assert [path.read_text() for path in (tmp_path / "got").rglob("x.txt")] == ["3\n"]


def test_set_changes_what_varies_and_how(aml: Aml, sweep_yml: Write) -> None:
    changes = ("limits.max_total_trials=1", "search_space.x.values=[7]", "objective.goal=minimize", "tags.who=me")
    said = aml("job", "create", "-f", sweep_yml(), "--set", *changes, "-n", "changed", "-s")
    assert (said.code, said.err) == (0, "")
    shown = aml("job", "show", "-n", "changed").json
    assert json.loads(shown["tags"]["changed_0"]) == {"x": 7}
    assert shown["tags"]["who"] == "me"
    assert shown["objective"]["goal"] == "minimize"


def test_cancel_ends_the_sweep_and_its_trials(aml: Aml, sweep_yml: Write) -> None:
    aml("job", "create", "-f", sweep_yml("sleep ${{search_space.x}}00", name="long"))
    assert aml("job", "cancel", "-n", "long").code == 0
    assert aml("job", "show", "-n", "long").json["status"] == "Canceled"
    assert {job["status"] for job in aml("job", "list", "-p", "long").json} <= {"Canceled"}


def test_validate_names_the_bad_field_and_stores_nothing(aml: Aml, sweep_yml: Write) -> None:
    uniform = {"x": {"type": "uniform", "min_value": 0, "max_value": 1}}
    bad = [
        ({"search_space": uniform}, "search_space.x"),
        ({"search_space": {"y": {"type": "choice", "values": [1]}}}, "x"),
        ({"search_space": {"x": {"type": "chioce", "values": [1]}}}, "Did you mean 'choice'?"),
        ({"objective": {"goal": "maximise", "primary_metric": "m"}}, "Did you mean 'maximize'?"),
        ({"limits": {}}, "limits"),
        ({"early_termination": {"type": "bandid"}}, "early_termination"),
        ({"sampling_algorithm": "bayesian", "early_termination": {"type": "median_stopping"}}, "early_termination"),
    ]
    for fields, named in bad:
        for verb in ("validate", "create"):
            said = aml("job", verb, "-f", sweep_yml(**fields))
            assert said.code == 1, (fields, said)
            assert said.err.startswith("ERROR: "), said.err
            assert named in said.err
            assert "Traceback" not in said.err
    assert aml("job", "validate", "-f", sweep_yml()).json["result"] == "Succeeded"
    assert aml("job", "list").json == []


def test_a_sweep_whose_metric_is_never_logged_fails_and_exits_1(aml: Aml, sweep_yml: Write) -> None:
    path = sweep_yml(name="s", objective={"goal": "maximize", "primary_metric": "scroe"})
    said = aml("job", "create", "-f", path, "--stream")
    assert said.code == 1
    assert "'scroe' was not logged by" in said.err
    assert "Did you mean 'score'?" in said.err


class Terminal:
    """A terminal of its own, in which `aml` runs."""

    def __init__(self, *words: str) -> None:
        self.screen, inside = pty.openpty()
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("aml")), *words],
            stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"},
        )  # fmt: skip
        os.close(inside)
        self.seen = ""

    def until(self, wanted: str, limit: float = 120.0) -> None:
        """Read until something was shown; all of it when nothing is wanted."""
        while not (wanted and re.search(wanted, self.seen)):
            assert select.select([self.screen], [], [], limit)[0], self.seen
            try:
                self.seen += os.read(self.screen, 1 << 16).decode("utf-8", "replace")
            except OSError:  # its program has ended
                assert not wanted, self.seen
                return

    def close(self) -> int:
        """The exit code."""
        os.close(self.screen)
        return self.process.wait(120)


@pytest.fixture
def terminal(aml: Aml) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def run(*words: str) -> Terminal:
        opened.append(Terminal(*words))
        return opened[-1]

    yield run
    for one in opened:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


def test_a_terminal_shows_the_progress_below_the_log(terminal: Callable[..., Terminal], sweep_yml: Write) -> None:
    seen = terminal("job", "create", "-f", sweep_yml(name="s"), "--stream", "-o", "none")
    seen.until("")
    assert seen.close() == 0
    assert re.search(r"█+░+ [12]/3  ", seen.seen) or "3/3" in seen.seen
    assert re.search(r"█{20} 3/3  3 completed  best score 3\r?\n", seen.seen), seen.seen
    assert "s_1 is Completed." in seen.seen


def test_ctrl_c_leaves_the_sweep_running_and_says_how_to_go_on(
    aml: Aml, terminal: Callable[..., Terminal], sweep_yml: Write
) -> None:
    seen = terminal("job", "create", "-f", sweep_yml("sleep ${{search_space.x}}00", name="long"), "--stream")
    seen.until(r"2 running")
    seen.process.send_signal(signal.SIGINT)
    seen.until("")
    assert seen.close() == 1
    assert "long goes on. Follow it: aml job stream -n long   End it: aml job cancel -n long" in seen.seen
    assert "Traceback" not in seen.seen
    assert aml("job", "show", "-n", "long").json["status"] == "Running"
    assert aml("job", "cancel", "-n", "long").code == 0
