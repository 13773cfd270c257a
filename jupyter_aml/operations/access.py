"""Who may do what: asked first in every operation, before any effect. Nothing is granted here."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_aml.operations.workspaces import Workspace


def require(workspace: "Workspace", action: str, target: str = "") -> None:
    """Accept the act if the workspace's principal may do it."""
    del workspace, action, target
