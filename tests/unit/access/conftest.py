"""A workspace, and the people who come to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE
from jupyter_aml.operations import roles
from jupyter_aml.operations.workspaces import Workspace, open_workspace

Come = Callable[..., Workspace]


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    """The default workspace of a fresh home, as its owner has it open."""
    assert home.is_dir()
    opened = open_workspace(DEFAULT_WORKSPACE)
    yield opened
    _close(opened)


@pytest.fixture
def come(workspace: Workspace) -> Iterator[Come]:
    """The same workspace as somebody else has it open, who was given some roles there."""
    opened: list[Workspace] = []

    def come(principal: str, *given: str) -> Workspace:
        for role in given:
            roles.assign(workspace, role, principal)
        opened.append(open_workspace(workspace.id, principal=principal))
        return opened[-1]

    yield come
    for one in opened:
        _close(one)


def _close(workspace: Workspace) -> None:
    workspace.database.close()
    workspace.runs.close()
    workspace.directory.database.close()
