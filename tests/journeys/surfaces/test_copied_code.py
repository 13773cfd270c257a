"""What a run view copies, pasted where it belongs: a Python program, a shell. Each makes the same job, which runs."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jupyter_aml import MLClient, command
from jupyter_aml.operations.run_code import code


def test_copied_code_runs_as_it_stands(ml_client: MLClient, home: Path) -> None:
    (src := home.parent / "my src").mkdir()
    (src / "train.py").write_text("import sys\nprint('trained', sys.argv[1:])\n")
    draft = command(
        command='python train.py "${{inputs.x}}"', code=src, inputs={"x": "it's $HOME {x}"}, tags={"a": "b 'c'"},
        experiment_name="copied",
    )  # fmt: skip
    first = ml_client.jobs.create_or_update(draft)
    forms = code(ml_client.workspace, str(first.name))
    printed = _ran([sys.executable, "-c", forms.python], home.parent)
    said = _ran(["sh", "-c", f"{forms.cli.rstrip()} --query name -o tsv"], home.parent)
    for name in (first.name, printed.strip(), said.strip()):
        job = ml_client.jobs.wait(str(name), 120)
        assert job.status == "Completed", ml_client.jobs.story(str(name))
        assert _spec(job) == _spec(first)
        log = ml_client.workspace.folder.artifacts(str(name)) / "user_logs" / "std_log.txt"
        assert log.read_text().startswith("trained ")
    assert len({first.name, printed.strip(), said.strip()}) == 3


def _spec(job: Any) -> dict[str, Any]:
    """What was asked for; the YAML calls this Python `kernel`."""
    found = job.spec()
    return {
        name: value
        for name, value in found.items()
        if name not in {"name", "display_name", "environment", "properties"}
    }


def _ran(words: list[str], folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        words, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
