"""A store of its own for every test, under an awkward name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aml.store.blobs import Blobs
from jupyter_aml.store.database import Database
from jupyter_aml.store.snapshots import Snapshots
from tests.conftest import AWKWARD


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace's folder."""
    folder = tmp_path / AWKWARD
    folder.mkdir()
    return folder


@pytest.fixture
def database(root: Path) -> Iterator[Database]:
    """A fresh workspace.db."""
    database = Database(root / "workspace.db")
    yield database
    database.close()


@pytest.fixture
def snapshots(database: Database, root: Path) -> Snapshots:
    """The snapshots of that store."""
    return Snapshots(database, Blobs(root / "blobs"), root / "snapshots")


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A small code folder outside the store."""
    folder = tmp_path / "code é 'x'"
    folder.mkdir()
    (folder / "train.py").write_text("print('hello')\n")
    return folder
