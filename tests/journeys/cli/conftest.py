"""A terminal for the command line's tests: what was typed, its exit code, and what it printed where."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.cli.main import run


@dataclass(frozen=True)
class Said:
    """One command line, carried out."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Aml = Callable[..., Said]


@pytest.fixture
def aml(home: Path, capsys: pytest.CaptureFixture[str]) -> Aml:
    """`aml("job", "show", "-n", name)`: the command line, in this process, in a fresh home."""
    assert home.is_dir()

    def typed(*words: str) -> Said:
        capsys.readouterr()
        code = run(list(words))
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return typed


@pytest.fixture
def job_yml(home: Path) -> Callable[..., str]:
    """Writes a job's YAML below an awkward path: `job_yml(command="exit 3")` is the path."""

    def write(**fields: object) -> str:
        path = home.parent / "job.yml"
        path.write_text(json.dumps({"command": "echo hello", "environment": "azureml:sklearn-1.5@latest", **fields}))
        return str(path)

    return write
