"""Mini-batches over real worker processes: what is called, what comes out, what is tried again, when it is too much."""

import csv
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.executors.yard import wait_for
from tests.unit.parallel.conftest import Step

ECHO = "def run(mini_batch):\n    return [name_of(path) for path in mini_batch]\n"
POISON = """
def run(mini_batch):
    for path in mini_batch:
        note(name_of(path))
        if name_of(path) == "f002":
            raise ValueError("poisoned")
    return [name_of(path) for path in mini_batch]
"""


def test_rows_are_in_the_order_of_the_files_however_long_each_takes(step: Step) -> None:
    ended = step.run(
        "def run(mini_batch):\n    time.sleep(0.2 if mini_batch[0].endswith('f000') else 0)\n"
        "    return tuple(name_of(path) + ' ' + open(path).read() for path in mini_batch)\n",
        files=40,
        mini_batch_size="3",
    )
    assert ended.exit_code == 0, ended.printed
    assert ended.rows == [f"f{n:03d} {n}" for n in range(40)]
    assert "14 of 14 mini-batches done, 0 failed" in ended.result
    assert "40 of 40 items succeeded" in ended.printed


def test_each_worker_is_begun_once_and_shut_down_once(step: Step) -> None:
    ended = step.run(ECHO + "def shutdown():\n    note('shutdown')\n", files=50)
    assert ended.exit_code == 0
    assert len(set(ended.pids("init"))) == len(ended.pids("init")) == 2
    assert sorted(ended.pids("shutdown")) == sorted(ended.pids("init"))


def test_there_are_no_more_workers_than_mini_batches(step: Step) -> None:
    ended = step.run(ECHO, files=3, workers_per_node=8)
    assert len(ended.pids("init")) == 3


def test_workers_are_spread_over_the_nodes(step: Step) -> None:
    ended = step.run(
        "import pathlib, time\ndef run(mini_batch):\n"
        "    rank, until = os.environ['AZUREML_CR_NODE_RANK'], time.time() + 120\n"
        "    logs = pathlib.Path(os.environ['AZUREML_LOGDIRECTORY_PATH'])\n    (logs / f'here{rank}').touch()\n"
        "    while time.time() < until and not all((logs / f'here{n}').exists() for n in '01'): time.sleep(0.01)\n"
        "    return [rank]\n",
        files=8, nodes=2, workers_per_node=1,
    )  # fmt: skip
    assert set(ended.rows) == {"0", "1"}
    logs = {path.relative_to(ended.folder / "logs/user/stdout").as_posix() for path in _stdouts(ended.folder)}
    assert logs == {"0/process000.stdout.txt", "1/process001.stdout.txt"}


def _stdouts(folder: Path) -> list[Path]:
    return sorted(folder.joinpath("logs/user/stdout").rglob("*.txt"))


def test_the_entry_script_parses_its_known_arguments(step: Step) -> None:
    ended = step.run(
        "import argparse\ndef run(mini_batch):\n    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--model')\n    args, others = parser.parse_known_args()\n"
        "    return [f'{args.model} {\"--mini_batch_size\" in others} {name_of(sys.argv[0])}']\n",
        "--model", "m 1", "--error_threshold", "3", files=1,
    )  # fmt: skip
    assert ended.rows == ["m 1 True score.py"]


def test_what_it_prints_and_logs_stands_where_azure_puts_it(step: Step) -> None:
    ended = step.run(
        "import logging\nfrom azureml_user.parallel_run import EntryScript\n"
        "def run(mini_batch):\n    print('printed')\n    print('whispered', file=sys.stderr)\n"
        "    logging.info('logged')\n    EntryScript().logger.debug('told')\n    return [1]\n",
        files=1,
        logging_level="DEBUG",
    )
    assert ended.exit_code == 0, ended.printed
    assert "printed" in ended.log("user/stdout/0/process000.stdout.txt")
    assert "logged" in ended.log("user/stdout/0/process000.stdout.txt")
    assert ended.log("user/stderr/0/process000.stderr.txt") == "whispered\n"
    assert "told" in ended.log("user/entry_script_log/0/process000.log.txt")
    assert "1 of 1 mini-batches done" in ended.log("job_progress_overview.0.txt")


def test_a_worker_may_print_more_than_any_pipe_holds(step: Step) -> None:
    ended = step.run("def run(mini_batch):\n    print('x' * 3_000_000)\n    return ['y' * 3_000_000]\n", files=4)
    assert ended.exit_code == 0
    assert sum(path.stat().st_size for path in _stdouts(ended.folder)) > 12_000_000
    assert [len(row) for row in ended.rows] == [3_000_000] * 4


def test_a_second_argument_of_run_is_the_context(step: Step) -> None:
    ended = step.run(
        "def run(mini_batch, context):\n    return [f'{context.minibatch_index} {context.partition_key_value}']\n",
        files=2,
    )
    assert ended.rows == ["0 None", "1 None"]


def test_without_an_output_for_rows_none_are_kept(step: Step) -> None:
    ended = step.run(ECHO, output="")
    assert ended.exit_code == 0
    assert list(ended.folder.joinpath("out").iterdir()) == []


# ── what fails ──


def test_a_poisoned_file_is_tried_again_and_then_counted(step: Step) -> None:
    ended = step.run(POISON, max_retries=2)
    assert ended.exit_code == 0, ended.printed
    assert [len(ended.notes(f"f{n:03d}")) for n in range(4)] == [1, 1, 3, 1]
    assert ended.rows == ["f000", "f001", "f003"]
    assert "1 failed, retries: 2" in ended.result
    assert "mini-batch 2 (" in ended.result
    assert "tried 3 times: ValueError: poisoned (score.py:" in ended.result
    assert "poisoned" in ended.log("user/error.txt")
    traces = [path.read_text() for path in ended.folder.joinpath("logs/user/error").rglob("*.txt")]
    assert sum(text.count("Traceback") for text in traces) == 3


@pytest.mark.parametrize(
    ("plan", "words", "says"),
    [
        (
            {"mini_batch_error_threshold": 0},
            (),
            "1 mini-batch failed, more than the 0 that mini_batch_error_thr",
        ),
        ({"error_threshold": 1}, (), "2 items failed, more than the 1 that error_threshold"),
        ({}, ("--error_threshold", "0"), "2 items failed, more than the 0 that error_threshold"),
        ({}, ("--allowed_failed_percent", "30"), "1 of 3 mini-batches failed, more than the 30 %"),
    ],
)
def test_beyond_a_threshold_the_job_fails_and_says_why(
    step: Step, plan: dict[str, Any], words: tuple[str, ...], says: str
) -> None:
    ended = step.run(POISON, *words, files=6, mini_batch_size="2", max_retries=1, **plan)
    assert ended.exit_code == 1
    assert says in ended.error
    assert "ValueError: poisoned" in ended.error
    assert says in ended.result
    assert says in ended.printed


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"mini_batch_error_threshold": 1}, ()),
        ({"error_threshold": 2}, ()),
        ({}, ("--allowed_failed_percent", "34")),
        ({"mini_batch_error_threshold": -1, "error_threshold": -1}, ()),
    ],
)
def test_up_to_a_threshold_failures_are_ignored(step: Step, plan: dict[str, Any], words: tuple[str, ...]) -> None:
    ended = step.run(POISON, *words, files=6, mini_batch_size="2", max_retries=0, **plan)
    assert ended.exit_code == 0, ended.printed
    assert ended.rows == ["f000", "f001", "f004", "f005"]


def test_what_fails_once_and_then_works_is_no_failure(step: Step) -> None:
    ended = step.run(
        "def run(mini_batch):\n    note(name_of(mini_batch[0]))\n"
        "    if len(noted(name_of(mini_batch[0]))) < 3:\n        raise OSError('not yet')\n    return [1]\n",
        files=2,
        mini_batch_error_threshold=0,
    )
    assert ended.exit_code == 0, ended.printed
    assert "0 failed, retries: 4" in ended.result


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        ("mini_batch[:1]", "run() returned 1 results for 2 items"),
        ("[]", "run() returned 0 results for 2 items"),
        ("None", "TypeError: run() must return a list, a tuple or a DataFrame"),
        ("'text'", "it returned str"),
        ("{1: 2, 3: 4}", "it returned dict"),
        ("sys.exit(3)", "SystemExit: 3"),
    ],
)
def test_results_that_are_too_few_or_none_are_a_failure(step: Step, returned: str, says: str) -> None:
    ended = step.run(f"def run(mini_batch):\n    return {returned}\n", files=2, mini_batch_size="2", max_retries=0)
    assert ended.exit_code == 0
    assert "1 failed" in ended.result
    assert says in ended.result


def test_failed_items_are_those_that_have_no_result(step: Step) -> None:
    ended = step.run(
        "def run(mini_batch):\n    return [name_of(path) for path in mini_batch][1:]\n",
        files=6, mini_batch_size="3", max_retries=0, error_threshold=2,
    )  # fmt: skip
    assert ended.exit_code == 0, ended.printed
    assert "4 of 6 items succeeded, 2 failed" in ended.result
    assert ended.rows == ["f001", "f002", "f004", "f005"]


# ── who dies ──


@pytest.mark.parametrize(
    ("death", "says"),
    [("os.kill(os.getpid(), 9)", "ended by SIGKILL"), ("os._exit(7)", "ended with exit code 7")],
)
def test_a_worker_that_dies_costs_its_mini_batch_one_try_and_no_other_any(step: Step, death: str, says: str) -> None:
    ended = step.run(
        "def run(mini_batch):\n    note(name_of(mini_batch[0]))\n"
        f"    if name_of(mini_batch[0]) == 'f020' and len(noted('f020')) == 1:\n        {death}\n"
        "    return [name_of(mini_batch[0])]\n",
        files=60,
        max_retries=1,
    )
    assert ended.exit_code == 0, ended.printed
    assert {name: len(ended.notes(name)) for name in ended.rows} == {f"f{n:03d}": 1 + (n == 20) for n in range(60)}
    assert "0 failed, retries: 1" in ended.result
    assert says in ended.printed
    assert len(ended.pids("init")) == 3


def test_a_worker_that_hangs_is_ended_with_what_it_started_and_replaced(step: Step) -> None:
    ended = step.run(
        "import subprocess\ndef run(mini_batch):\n    if name_of(mini_batch[0]) == 'f001':\n"
        "        note('child', subprocess.Popen(['sleep', '600']).pid)\n        time.sleep(600)\n"
        "    return [name_of(mini_batch[0])]\n",
        files=3,
        timeout=1.5,
        max_retries=1,
    )
    assert ended.exit_code == 0, ended.printed
    assert ended.rows == ["f000", "f002"]
    assert "tried 2 times: run() took longer than 1.5 s" in ended.result
    assert len(ended.notes("child")) == 2
    assert not any(_runs(int(pid)) for pid in ended.notes("child"))


def _runs(pid: int) -> bool:
    """Whether that process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_fork_that_comes_back_from_run_is_no_second_worker(step: Step) -> None:
    ended = step.run(
        "def run(mini_batch):\n    pid = os.fork()\n    if pid:\n        os.waitpid(pid, 0)\n"
        "    return [name_of(path) for path in mini_batch]\n",
        files=6,
    )
    assert ended.exit_code == 0, ended.printed
    assert ended.rows == [f"f{n:03d}" for n in range(6)]


def test_every_try_of_every_mini_batch_is_in_the_report(step: Step) -> None:
    ended = step.run(POISON, max_retries=1)
    rows = list(csv.DictReader(ended.log("sys/job_report/processed_mini-batches.csv").splitlines()))
    assert sorted((row["mini_batch"], row["try"], bool(row["error"])) for row in rows) == [
        ("0", "1", False), ("1", "1", False), ("2", "1", True), ("2", "2", True), ("3", "1", False),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_driver_that_is_told_to_stop_leaves_no_process(step: Step, number: int) -> None:
    step.prepare(
        "def run(mini_batch):\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    note('up')\n    time.sleep(600)\n"
    )
    process = step.start()
    up = step.folder / "notes" / "up"
    wait_for(lambda: up.exists() and up.read_text().count("\n") == 2)
    process.send_signal(number)
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 128 + number, printed
    assert not any(_runs(int(line.split()[0])) for line in up.read_text().splitlines())


# ── what cannot begin ──


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("def init():\n    raise RuntimeError('no model')\n" + ECHO, "RuntimeError: no model (score.py:"),
        ("import no_such_library\n" + ECHO, "ModuleNotFoundError: No module named 'no_such_library'"),
        ("", "has no function run()"),
        ("def run(:\n", "SyntaxError: "),
        ("def init():\n    os._exit(5)\n" + ECHO, "ended with exit code 5"),
    ],
)
def test_an_entry_script_that_cannot_begin_fails_the_job(step: Step, script: str, says: str) -> None:
    ended = step.run(script, max_retries=1)
    assert ended.exit_code == 1
    assert "No worker process could start, after 2 tries" in ended.error
    assert says in ended.error


def test_an_init_that_hangs_is_ended(step: Step) -> None:
    ended = step.run(
        "def init():\n    time.sleep(600)\n" + ECHO, "--first_task_creation_timeout", "0.3", files=1, max_retries=0
    )
    assert ended.exit_code == 1
    assert "init() took longer than 0.3 s" in ended.error


def test_no_progress_for_too_long_fails_the_job(step: Step) -> None:
    ended = step.run(
        "def run(mini_batch):\n    time.sleep(600)\n", "--progress_update_timeout", "0.5", files=2, max_retries=0
    )
    assert ended.exit_code == 1
    assert "No mini-batch ended for 0.5 s" in ended.error


def test_a_folder_without_files_fails_the_job(step: Step) -> None:
    ended = step.run(ECHO, files=0)
    assert ended.exit_code == 1
    assert "holds no file" in ended.error


def test_a_shutdown_that_fails_or_hangs_does_not_fail_the_job(step: Step) -> None:
    ended = step.run(
        ECHO + "def shutdown():\n    if len(noted('shut')) or note('shut'):\n        time.sleep(600)\n    1 / 0\n",
        files=4,
        timeout=0.6,
    )
    assert ended.exit_code == 0, ended.printed
    assert "shutdown()" in ended.printed
