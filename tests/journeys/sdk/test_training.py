"""One real training job, from a process like a notebook's: data in, mlflow without set-up, outputs out."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.fixture
def seen(home: Path) -> dict[str, Any]:
    """What the notebook saw, and where it put the download."""
    data = home.parent / "my data" / "é d.csv"
    data.parent.mkdir()
    data.write_text("a\nb\nc\n")
    (data.parent / "more.csv").write_text("x")
    argv = [sys.executable, str(SCRIPTS / "notebook.py"), str(data), str(home.parent / "got")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=500, check=False, cwd=home.parent)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]) | {"got": home.parent / "got"}


def test_a_training_job_is_whole_in_the_notebook(seen: dict[str, Any]) -> None:
    assert seen["status"] == "Completed", seen["error"]
    assert seen["run"] == {"id": seen["name"], "name": "Train é", "status": "FINISHED"}
    assert seen["experiment"] == "journey"
    _assert_tracked(seen)
    _assert_downloaded(seen["got"])


def _assert_tracked(seen: dict[str, Any]) -> None:
    expected = {"rows": "3.0", "files": "2.0", "loss": str(1 / 3)}
    assert {key: seen["metrics"][key] for key in expected} == expected
    assert "training_accuracy_score" in seen["metrics"]
    assert seen["loss"] == [1, 1 / 2, 1 / 3]
    assert {key: seen["params"][key] for key in ("rate", "seed", "max_iter")} == {
        "rate": "0.25", "seed": "7", "max_iter": "200",
    }  # fmt: skip
    assert (seen["tags"]["mine"], seen["tags"]["who"]) == ("yes", "me")
    assert {"curve.png", "notes", "own.txt", "outputs", "user_logs"} <= set(seen["artifacts"])
    assert seen["children"] == [["child", {"inner": 2.0}, "FINISHED"]]


def _assert_downloaded(got: Path) -> None:
    assert (got / "named-outputs" / "model" / "weights.txt").read_text() == "w"
    assert (got / "artifacts" / "outputs" / "report.txt").read_text() == "done"
    assert (got / "artifacts" / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert (got / "artifacts" / "notes" / "é.txt").read_text() == "é"
    assert "trained é" in (got / "artifacts" / "user_logs" / "std_log.txt").read_text()
