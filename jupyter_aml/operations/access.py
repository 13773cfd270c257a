"""Who may do what: asked first in every operation, before any effect. Nothing is granted here.

The user of this machine is Owner of everything. Another principal has what its role assignments give it.
"""

import os
import pwd
from functools import cache
from typing import TYPE_CHECKING, Final

from jupyter_aml.entities.role import identity, whole, within
from jupyter_aml.exceptions import AuthorizationError

if TYPE_CHECKING:
    from jupyter_aml.operations.workspaces import Workspace

NAMED: Final = "JUPYTER_AML_USER"
"""The environment's word on who acts: `%aml_role as NAME` sets it. Child processes follow."""


def require(workspace: "Workspace", action: str, target: str = "") -> None:
    """Accept the act if the workspace's principal may do it; AuthorizationError in Azure's words otherwise.

    `action` is one below `Microsoft.MachineLearningServices/workspaces/`, or a whole one (`Microsoft.…`);
    `target` is the tail of the ARM id below the workspace: `jobs/NAME`. For the owner this is one look into the
    environment: a submit must not pay for roles that nobody named.
    """
    if (workspace.named or os.environ.get(NAMED)) and not is_owner(workspace.principal):
        arm = workspace.id.arm
        _require(workspace, action, f"{arm}/{target}" if target else arm)


def require_at(workspace: "Workspace", action: str, scope: str) -> None:
    """The same for what lies above a workspace, or beside it: `scope` is its whole ARM id."""
    if not is_owner(workspace.principal):
        _require(workspace, action, scope)


def permits(workspace: "Workspace", principal: str, action: str, scope: str) -> bool:
    """Whether `principal` may do `action` at `scope`: one of its assignments there, or above, gives a role that may."""
    return is_owner(principal) or any(
        within(scope, given.scope) and role.permits(action) for given, role in workspace.directory.granted(principal)
    )


def current() -> str:
    """Who acts when no credential says so."""
    return os.environ.get(NAMED) or owner()


@cache
def owner() -> str:
    """The user of this machine."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that has no name
        return str(os.getuid())


def is_owner(principal: str) -> bool:
    """Whether that is the user of this machine."""
    return principal.lower() == owner().lower()


def object_id(principal: str) -> str:
    """The principal's id, as Azure would print one: the same for the same name."""
    return identity(f"principal/{principal.lower()}")


def _require(workspace: "Workspace", action: str, scope: str) -> None:
    principal, asked = workspace.principal, whole(action)
    if not permits(workspace, principal, asked, scope):
        raise AuthorizationError(
            f"The client '{principal}' with object id '{object_id(principal)}' does not have authorization to perform "
            f"action '{asked}' over scope '{scope}' or the scope is invalid. If access was recently granted, "
            "please refresh your credentials.",
            resolution=_way_out(workspace, principal),
        )


def _way_out(workspace: "Workspace", principal: str) -> str:
    given = workspace.directory.granted(principal)
    has = ", ".join(f"{one.role} at {one.scope}" for one, _ in given) or "no role"
    return f"'{principal}' has {has}. An owner may give one: ml_client.roles.assign(role, '{principal}')."
