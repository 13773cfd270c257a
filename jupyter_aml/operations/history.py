"""The numbered facts of a workspace, read. None is written here."""

from jupyter_aml.entities.names import Seq
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts
from jupyter_aml.store.facts import Fact


def since(workspace: Workspace, seq: int = 0) -> list[Fact]:
    """The facts after number `seq`, oldest first."""
    access.require(workspace, "read")
    return facts.since(workspace.database, Seq(seq))


def story(workspace: Workspace, subject: str) -> list[Fact]:
    """Everything that happened to one job, compute, asset or resource."""
    access.require(workspace, "read")
    return facts.story(workspace.database, subject)
