"""What a job finds in its working directory, and what it leaves in its artifacts."""

import os
from pathlib import Path

import pytest

from tests.contracts.executors.yard import Yard

MAIN = (
    "import os\nopen('outputs/model.txt', 'w').write('m')\nopen('logs/own.log', 'w').write('l')\nprint(os.getcwd())\n"
)


def test_a_job_runs_in_a_writable_copy_of_its_code(yard: Yard) -> None:
    attempt, outcome = yard.run("python main.py && echo more >> main.py", {"main.py": MAIN, "sub dir/é.txt": "deep"})
    assert outcome.exit_code == 0, outcome.error
    assert attempt.log() == f"{attempt.folder.code}\n"
    assert (attempt.folder.code / "sub dir" / "é.txt").read_text() == "deep"
    assert sorted(blob.read_text() for blob in (yard.root / "blobs").rglob("*") if blob.is_file()) == ["deep", MAIN]


def test_outputs_and_logs_are_the_artifacts_themselves(yard: Yard) -> None:
    code = {"main.py": MAIN, "outputs/given.txt": "g", "logs/deep/given.txt": "h"}
    attempt, _ = yard.run("python main.py", code)
    found = {str(path.relative_to(attempt.artifacts)) for path in attempt.artifacts.rglob("*") if path.is_file()}
    assert found == {
        "outputs/model.txt", "outputs/given.txt", "logs/own.log", "logs/deep/given.txt",
        "user_logs/std_log.txt", "system_logs/lifecycler.log",
    }  # fmt: skip


def test_no_file_of_the_copy_shares_its_content_with_the_snapshot(yard: Yard) -> None:
    attempt, _ = yard.run("true", {"main.py": MAIN})
    assert (attempt.folder.code / "main.py").stat().st_nlink == 1


def test_mode_bits_are_kept_and_every_file_is_writable(yard: Yard) -> None:
    attempt = yard.prepare("./run.sh", {"run.sh": "#!/bin/bash\necho ran\n"})
    manifest = Path(attempt.launch.snapshot)
    manifest.write_text(manifest.read_text().replace(str(0o644), str(0o555)))
    yard.executor.launch(attempt.folder, attempt.launch)
    assert yard.outcome(attempt).exit_code == 0
    assert (attempt.folder.code / "run.sh").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    "path", ["../escaped.txt", "/tmp/escaped.txt", "a/../../escaped.txt", "outputs/../../escaped.txt", ""]
)
def test_a_snapshot_that_leads_out_is_refused(yard: Yard, path: str) -> None:
    attempt, outcome = yard.run("echo ran", {path: "x"})
    assert outcome.why == "refused"
    assert "leads out of the job's working directory" in outcome.error
    assert not list(yard.root.rglob("escaped.txt"))
    assert not (attempt.artifacts / "user_logs" / "std_log.txt").exists()


def test_a_file_where_outputs_must_be_is_refused(yard: Yard) -> None:
    assert "a file named 'outputs'" in yard.run("echo ran", {"outputs": "x"})[1].error


def test_a_missing_snapshot_is_refused_not_silent(yard: Yard) -> None:
    _, outcome = yard.run("echo ran", snapshot=str(yard.root / "no such.json"), blobs=str(yard.root))
    assert outcome.why == "refused"
    assert "no such.json" in outcome.error


def test_a_launch_file_that_is_no_launch_is_refused_not_silent(yard: Yard) -> None:
    import subprocess
    import sys

    folder = yard.prepare("true").folder
    folder.root.mkdir(parents=True)
    folder.launch.write_text("{}")
    root = Path(__file__).parents[3]
    command = [sys.executable, "-I", "-S", str(root / "jupyter_aml/runner/__main__.py"), str(folder.root)]
    assert subprocess.run(command, check=False, cwd="/").returncode == 0
    outcome = yard.executor.look(folder).outcome
    assert outcome
    assert (outcome.why, "The runner failed" in outcome.error) == ("refused", True)


def test_the_portable_runner_does_all_of_it_by_itself(yard: Yard) -> None:
    import subprocess
    import sys

    attempt = yard.prepare("python main.py", {"main.py": MAIN})
    attempt.folder.root.mkdir(parents=True)
    attempt.folder.launch.write_text(attempt.launch.to_json())
    root = Path(__file__).parents[3]
    for command in (["-I", "-S", str(root / "jupyter_aml/runner/__main__.py")], ["-m", "jupyter_aml.runner"]):
        subprocess.run([sys.executable, *command, str(attempt.folder.root)], check=True, env={**os.environ, "X": "1"})
    assert yard.outcome(attempt).exit_code == 0
    assert attempt.log() == f"{attempt.folder.code}\n"


def test_the_lifecycle_log_tells_the_phases_in_order(yard: Yard) -> None:
    attempt, _ = yard.run("exit 2")
    assert [line.split()[1] for line in attempt.story.splitlines()] == [
        "begun",
        "prepared",
        "started",
        "ended",
        "exited",
    ]
    assert "cold: the test wants it cold" in attempt.story
