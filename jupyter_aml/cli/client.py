"""Which workspace a command line is about: what it says, else where it is typed, else the defaults. Nothing is made."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_aml.entities.workspace import WorkspaceId

if TYPE_CHECKING:
    from jupyter_aml import MLClient


def client(workspace: str | None, group: str | None, subscription: str | None) -> "MLClient":
    """The client. Each of its three names is the one on the command line, else that of where it is typed.

    That is the notebook's workspace for `!aml`, else the nearest config.json's, else `aml configure --defaults`.
    """
    from jupyter_aml import MLClient

    found = MLClient.default()
    here = found.workspace.id if _is_said_here() else _with_defaults(found)
    wanted = WorkspaceId(subscription or here.subscription_id, group or here.resource_group, workspace or here.name)
    return found if wanted == found.workspace.id else MLClient.of(wanted)


def _is_said_here() -> bool:
    """Whether a notebook or a config.json says which workspace it is."""
    from jupyter_aml.operations import workspaces

    return bool(os.environ.get(workspaces.CHOSEN)) or workspaces.workspace_config(Path.cwd()) is not None


def _with_defaults(found: "MLClient") -> WorkspaceId:
    """The default workspace, with what `aml configure --defaults` and `aml account set` said in its place."""
    from jupyter_aml.operations import groups

    default, said = found.workspace.id, groups.defaults(found.workspace)
    return WorkspaceId(
        said.get("subscription", default.subscription_id),
        said.get("group", default.resource_group),
        said.get("workspace", default.name),
    )
