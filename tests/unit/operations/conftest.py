"""A workspace to act in, with nothing running: wishes are written, nobody reads them."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE
from jupyter_aml.operations.workspaces import Workspace, open_workspace


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    """The default workspace of a fresh home."""
    assert home.is_dir()
    opened = open_workspace(DEFAULT_WORKSPACE)
    yield opened
    opened.database.close()
    opened.runs.close()


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, beside the home, with a little code and data in it."""
    folder = home.parent / "project one"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "train.py").write_text("print('hello')\n")
    (folder / "data").mkdir()
    (folder / "data" / "d.csv").write_text("a,b\n1,2\n")
    (folder / "empty").mkdir()
    monkeypatch.chdir(folder)
    return folder


@dataclass(frozen=True)
class Stored:
    """Everything that a submit could leave behind."""

    rows: dict[str, int]
    files: frozenset[str]


def stored(workspace: Workspace) -> Stored:
    """What the workspace holds now."""
    tables = ("jobs", "facts", "computes", "assets", "asset_names", "resources", "secrets", "folder_index")
    count = workspace.database.connection.execute
    rows = {table: count(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    rows |= {f"mlflow {table}": _tracked(workspace, table) for table in ("runs", "experiments", "tags")}
    root = workspace.folder.root
    files = {str(path.relative_to(root)) for path in root.rglob("*") if "db" not in path.name}
    return Stored(rows, frozenset(files))


def _tracked(workspace: Workspace, table: str) -> int:
    assert workspace.runs
    connection = sqlite3.connect(workspace.folder.tracking_database)
    try:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    finally:
        connection.close()
