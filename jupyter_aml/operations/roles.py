"""Roles: defined, given, taken back, asked about (§2). Whether an act is permitted is decided in `access`."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, cast
from uuid import uuid4

from jupyter_aml.entities.role import BUILT_IN, Assignment, Role, Who, check_scope, role_from_json, whole, within
from jupyter_aml.exceptions import (
    ResourceExistsError,
    ResourceNotFoundError,
    UserErrorException,
    ValidationException,
    did_you_mean,
)
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import directory, facts
from jupyter_aml.store.facts import FactValue

_DEFINITIONS: Final = "Microsoft.Authorization/roleDefinitions"
_ASSIGNMENTS: Final = "Microsoft.Authorization/roleAssignments"


def definitions(workspace: Workspace, *, custom_only: bool = False) -> list[Role]:
    """The built-in roles, then the custom ones by name."""
    access.require(workspace, f"{_DEFINITIONS}/read")
    return _every(workspace, custom_only=custom_only)


def read_definition(source: Mapping[str, object] | str | Path) -> Mapping[str, object]:
    """A role's JSON: a mapping as it is, else read from the file of that path."""
    if isinstance(source, Mapping):
        return source
    path = Path(source)
    try:
        found: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ValidationException(f"The role's file cannot be read: {error}.") from None
    except ValueError as error:
        raise ValidationException(f"{path} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise ValidationException(f"{path} holds no role: an object is expected, found {found!r}.")
    return cast("dict[str, object]", found)


def create_definition(workspace: Workspace, fields: Mapping[str, object]) -> Role:
    """A custom role from its JSON (§2.4). ResourceExistsError when there is one of that name."""
    role = role_from_json(fields)
    _require_each(workspace, "write", role)
    if found := _find(workspace, role.name):
        raise ResourceExistsError(
            f"A role with the same name already exists in this directory: '{found.name}'.",
            resolution="Use a different name, or update it." if found.is_custom else "Built-in roles do not change.",
        )
    return _define(workspace, role)


def update_definition(workspace: Workspace, fields: Mapping[str, object]) -> Role:
    """Say anew what a custom role permits; whoever has it, has what it says now."""
    role = role_from_json(fields)
    _require_each(workspace, "write", role)
    found = _custom(workspace, role.name)
    _require_each(workspace, "write", found)  # it changes what people may do there
    return _define(workspace, replace(role, name=found.name, id=found.id))


def delete_definition(workspace: Workspace, name: str) -> None:
    """Forget a custom role. UserErrorException while somebody has it."""
    access.require(workspace, f"{_DEFINITIONS}/read")
    role = _custom(workspace, name)
    _require_each(workspace, "delete", role)
    with workspace.directory.transaction() as connection:
        if has := [given.principal for given in workspace.directory.assignments() if _same(given.role, role.name)]:
            raise UserErrorException(
                f"There are existing role assignments referencing role '{role.name}': {', '.join(sorted(set(has)))}.",
                resolution=f"Take it back first: ml_client.roles.remove('{role.name}', '{has[0]}').",
            )
        directory.delete_role(connection, role.name)
    _tell(workspace, "role.deleted", role.name)


def assignments(workspace: Workspace, assignee: str | None = None, scope: str | None = None) -> list[Assignment]:
    """What was given, oldest first: whatever reaches this workspace, of one assignee or at one scope if asked."""
    access.require_at(workspace, f"{_ASSIGNMENTS}/read", scope or _here(workspace))
    return [
        given
        for given in workspace.directory.assignments()
        if (assignee is None or _same(given.principal, assignee))
        and (_same(given.scope, scope) if scope else _meet(given.scope, _here(workspace)))
    ]


def assign(workspace: Workspace, role: str, assignee: str, scope: str | None = None) -> Assignment:
    """Give a role, here or at a scope above or below. Giving it again changes nothing.

    Raises AuthorizationError at the scope it is for, ResourceNotFoundError for a role that there is not,
    ValidationException for a scope that is none, or at which the role may not be assigned.
    """
    where = check_scope("scope", scope or _here(workspace))
    guid = str(uuid4())
    access.require_at(workspace, f"{_ASSIGNMENTS}/write", f"{where}/providers/{_ASSIGNMENTS}/{guid}")
    found = _named(workspace, role)
    if not assignee.strip():
        raise ValidationException("assignee: required, and empty.", resolution="Name who gets the role.")
    if not found.assignable_at(where):
        raise ValidationException(
            f"scope: role '{found.name}' cannot be assigned at {where}.",
            resolution=f"Its AssignableScopes: {', '.join(found.assignable_scopes)}.",
        )
    wanted = Assignment(guid, assignee.strip(), found.name, where)
    with workspace.directory.transaction() as connection:
        _named(workspace, found.name)  # nobody has forgotten it meanwhile
        directory.put_assignment(connection, wanted, time.time())
    given = next(one for one in workspace.directory.assignments() if _equal(one, wanted))
    if given.id == guid:
        _tell(workspace, "role.assigned", given.principal, role=given.role, scope=given.scope)
    return given


def remove(workspace: Workspace, role: str | None, assignee: str, scope: str | None = None) -> list[Assignment]:
    """Take a role back (every one when `role` is None), here or at another scope; what was taken."""
    where = check_scope("scope", scope or _here(workspace))
    access.require_at(workspace, f"{_ASSIGNMENTS}/delete", f"{where}/providers/{_ASSIGNMENTS}")
    name = _named(workspace, role).name if role else None
    held = [given for given in workspace.directory.assignments() if _same(given.principal, assignee)]
    taken = [given for given in held if _same(given.scope, where) and (name is None or _same(given.role, name))]
    if not taken:
        has = "; ".join(f"{given.role} at {given.scope}" for given in held)
        asked = f"role '{name}'" if name else "role"
        message = f"'{assignee}' has no {asked} assigned at {where}."
        raise ResourceNotFoundError(message, resolution=f"There is: {has}." if has else "It has no role anywhere.")
    with workspace.directory.transaction() as connection:
        for given in taken:
            directory.delete_assignment(connection, given)
    for given in taken:
        _tell(workspace, "role.removed", given.principal, role=given.role, scope=given.scope)
    return taken


def check(workspace: Workspace, action: str, assignee: str | None = None, target: str = "") -> bool:
    """Whether somebody may do `action` here; of oneself everyone may ask."""
    who_asks, arm = workspace.principal, workspace.id.arm
    if assignee is not None and not _same(assignee, who_asks):
        access.require(workspace, f"{_ASSIGNMENTS}/read")
    scope = f"{arm}/{target}" if target else arm
    return access.permits(workspace, assignee or who_asks, whole(action), scope)


def who(workspace: Workspace) -> Who:
    """Who acts here, and as what. Everyone may ask."""
    principal = workspace.principal
    is_owner = access.is_owner(principal)
    reaching = (
        given.role
        for given in workspace.directory.assignments()
        if _same(given.principal, principal) and within(workspace.id.arm, given.scope)
    )
    roles = ("Owner",) if is_owner else tuple(dict.fromkeys(reaching))
    return Who(principal, access.object_id(principal), is_owner, roles)


def act_as(workspace: Workspace, principal: str | None) -> Who:
    """Be somebody else from here on, in this process and what it starts; None is the user of this machine again."""
    if workspace.named:
        raise UserErrorException(
            f"This client's credential says '{workspace.named}'.", resolution="Make another: MLClient.default()."
        )
    os.environ.pop(access.NAMED, None)
    if principal and not access.is_owner(principal.strip()):
        os.environ[access.NAMED] = principal.strip()
    return who(workspace)


def _define(workspace: Workspace, role: Role) -> Role:
    with workspace.directory.transaction() as connection:
        directory.put_role(connection, role)
    _tell(workspace, "role.defined", role.name)
    return role


def _tell(workspace: Workspace, kind: str, subject: str, **body: FactValue) -> None:
    """A fact in the workspace where it was done, after the directory was written: never both files at once."""
    if not workspace.id.name:  # a client of a resource group: there is nowhere to tell it
        return
    with workspace.database.transaction() as connection:
        facts.append(connection, at=time.time(), kind=kind, subject=subject, **body)


def _here(workspace: Workspace) -> str:
    """Where a role holds when no scope is said: the workspace; of a client without one, its resource group."""
    group, _, _ = workspace.id.arm.partition("/providers/")
    return workspace.id.arm if workspace.id.name else group


def _require_each(workspace: Workspace, verb: str, role: Role) -> None:
    for scope in role.assignable_scopes:
        access.require_at(workspace, f"{_DEFINITIONS}/{verb}", scope)


def _every(workspace: Workspace, *, custom_only: bool = False) -> list[Role]:
    return [*(() if custom_only else BUILT_IN), *workspace.directory.custom_roles()]


def _find(workspace: Workspace, name: str) -> Role | None:
    """By name (any case), by guid, or by an id that ends in the guid."""
    tail = name.strip().rpartition("/")[2]
    return next((role for role in _every(workspace) if _same(role.name, name.strip()) or _same(role.guid, tail)), None)


def _named(workspace: Workspace, name: str) -> Role:
    if found := _find(workspace, name):
        return found
    known = [role.name for role in _every(workspace)]
    raise ResourceNotFoundError(f"Role '{name}' doesn't exist.", resolution=did_you_mean(name, known))


def _custom(workspace: Workspace, name: str) -> Role:
    found = _named(workspace, name)
    if not found.is_custom:
        raise UserErrorException(f"'{found.name}' is a built-in role; those do not change.")
    return found


def _same(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()


def _equal(one: Assignment, other: Assignment) -> bool:
    return all(
        _same(*pair) for pair in ((one.principal, other.principal), (one.role, other.role), (one.scope, other.scope))
    )


def _meet(scope: str, arm: str) -> bool:
    """Whether a scope is above, at or inside of the workspace."""
    return within(arm, scope) or within(scope, arm)
