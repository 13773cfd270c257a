"""A workspace as SDK v1 has it. It makes no claim."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.v1.core.workspace import Workspace


@pytest.fixture
def ws(ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The workspace, seen from the empty folder of a notebook."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Workspace.of(ml_client)
