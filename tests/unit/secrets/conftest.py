"""A workspace with a vault."""

from collections.abc import Iterator
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
