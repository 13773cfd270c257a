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


AGAIN = "rm outputs && mkdir -p outputs/deep/none && echo new > outputs/a.txt && ln -s a.txt outputs/l && echo d > "
AGAIN += "outputs/deep/b.txt && rm logs && echo l > logs"


@pytest.mark.parametrize("end", ["true", "exit 3"])
def test_a_recreated_outputs_folder_is_collected_at_the_end(yard: Yard, end: str) -> None:
    attempt, _ = yard.run(f"echo old > outputs/a.txt; echo kept > outputs/k.txt; sleep 0.02; {AGAIN}; {end}")
    outputs = attempt.artifacts / "outputs"
    texts = {name: (outputs / name).read_text() for name in ("a.txt", "deep/b.txt", "k.txt", "l")}
    assert texts == {"a.txt": "new\n", "deep/b.txt": "d\n", "k.txt": "kept\n", "l": "new\n"}
    assert (outputs / "deep" / "none").is_dir()
    assert (attempt.artifacts / "logs" / "logs").read_text() == "l\n"
    assert "collected  outputs was no longer the job's own folder: 3 files were moved" in attempt.story


def test_a_newer_artifact_is_not_overwritten_by_a_recreated_one(yard: Yard) -> None:
    lines = "rm outputs && mkdir outputs && echo old > outputs/a.txt && touch -d 2001-01-01 outputs/a.txt && "
    attempt = yard.prepare(f'{lines} echo new > "$ARTIFACTS/outputs/a.txt"')
    attempt.launch.environment_variables["ARTIFACTS"] = attempt.launch.artifacts
    yard.executor.launch(attempt.folder, attempt.launch)
    yard.outcome(attempt)
    assert (attempt.artifacts / "outputs" / "a.txt").read_text() == "new\n"
    assert "1 stayed" in attempt.story


def test_a_folder_where_an_artifact_is_a_file_stays_and_is_told(yard: Yard) -> None:
    attempt, outcome = yard.run("echo f > outputs/x && rm outputs && mkdir -p outputs/x && echo g > outputs/x/y")
    assert outcome.exit_code == 0
    assert (attempt.artifacts / "outputs" / "x").read_text() == "f\n"
    assert (attempt.folder.code / "outputs" / "x" / "y").read_text() == "g\n"
    assert "1 stayed" in attempt.story
