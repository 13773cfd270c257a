"""A folder with an awkward name, as the current one."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder; it holds a.csv, three rows of a and b."""
    path = tmp_path / "a b 'c\" ;é"
    path.mkdir()
    (path / "a.csv").write_text("a,b\n5,x\n6,y\n7,z\n")
    monkeypatch.chdir(path)
    return path
