"""`ml_client.roles` (ours; in Azure: `az role`): who may do what. Translates; decides nothing."""

import builtins
from collections.abc import Mapping
from pathlib import Path

from jupyter_aml.entities.role import Assignment, Role, Who
from jupyter_aml.operations import roles
from jupyter_aml.operations.workspaces import Workspace


class RoleOperations:
    """Roles at this workspace, and above it.

    >>> from jupyter_aml import MLClient
    >>> roles = MLClient.default().roles
    >>> given = roles.assign("Reader", "ann")
    >>> roles.check("jobs/read", "ann"), roles.check("jobs/write", "ann")
    (True, False)
    >>> roles.remove("Reader", "ann")
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def list_definitions(self, *, custom_role_only: bool = False) -> builtins.list[Role]:
        """The roles there are: Azure's, then the custom ones."""
        return roles.definitions(self._workspace, custom_only=custom_role_only)

    def create_definition(self, role_definition: Mapping[str, object] | str | Path) -> Role:
        """A custom role from Azure's JSON, given as a mapping or by its file's path."""
        return roles.create_definition(self._workspace, roles.read_definition(role_definition))

    def update_definition(self, role_definition: Mapping[str, object] | str | Path) -> Role:
        """Say anew what a custom role permits."""
        return roles.update_definition(self._workspace, roles.read_definition(role_definition))

    def delete_definition(self, name: str) -> None:
        """Forget a custom role that nobody has."""
        roles.delete_definition(self._workspace, name)

    def list(self, assignee: str | None = None, *, scope: str | None = None) -> builtins.list[Assignment]:
        """What was given: all that reaches this workspace, of one assignee or at one scope if asked."""
        return roles.assignments(self._workspace, assignee, scope)

    def assign(self, role: str, assignee: str, scope: str | None = None) -> Assignment:
        """Give a role; `scope` is an ARM id, else this workspace. It holds at once."""
        return roles.assign(self._workspace, role, assignee, scope)

    def remove(self, role: str | None, assignee: str, scope: str | None = None) -> None:
        """Take a role back (all of them when `role` is None)."""
        roles.remove(self._workspace, role, assignee, scope)

    def check(self, action: str, assignee: str | None = None, *, target: str = "") -> bool:
        """Whether somebody (else you) may do `action`, e.g. `jobs/write` or `Microsoft.…/workspaces/jobs/write`."""
        return roles.check(self._workspace, action, assignee, target)

    def who(self) -> Who:
        """Who acts here, and as what."""
        return roles.who(self._workspace)

    def act_as(self, principal: str | None) -> Who:
        """Be somebody else from here on, to rehearse a role; None is yourself again."""
        return roles.act_as(self._workspace, principal)
