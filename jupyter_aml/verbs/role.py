"""`role`: who may do what, with `az role`'s words and shorter ones. Each verb is one call of the client."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException, did_you_mean
from jupyter_aml.verbs.drafts import Cell
from jupyter_aml.verbs.option import YES, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from jupyter_aml import MLClient
    from jupyter_aml.entities.role import Assignment, Role

NOUN: Final = Noun("role", "Who may do what: roles, and who has them.", "roles")
DEFINITION: Final = NOUN.noun("definition", "Roles, as az says it.", "roles")
ASSIGNMENT: Final = NOUN.noun("assignment", "Who has which role, as az says it.", "role assignments")
ROLES: Final = (
    ("Name", "Name"),
    ("Custom", "IsCustom"),
    ("Description", "Description"),
)
GIVEN: Final = (("Principal", "principal"), ("Role", "role"), ("Scope", "scope"))
WHO: Final = (("Principal", "principal"), ("Owner", "is_owner"), ("Roles", "roles"))
NAME: Final = name_of("role", "the role's name")
CUSTOM: Final = Option("--custom-role-only", "", "only those that were made here")
ASSIGNEE: Final = Option("--assignee", "USER", "the user", required=True, known="principal")
SCOPE: Final = Option("--scope", "ARM ID", "where it holds; this workspace when not given")
GROUP: Final = Option("--resource-group", "NAME", "the scope is this resource group", short="-g", known="group")
JSON: Final = Option("--file", "FILE", "the role's JSON", short="-f", known="file", body=True)
DEFINED: Final = Option("--role-definition", "JSON", "the role's JSON, or the file that holds it", required=True)


def definitions(ml: MLClient, *, custom_role_only: bool, name: str | None = None) -> list[Role]:
    """The roles there are: Azure's, then your own."""
    found = ml.roles.list_definitions(custom_role_only=custom_role_only)
    return [role for role in found if name is None or role.name.lower() == name.lower()]


def show(ml: MLClient, name: str) -> object:
    """What a role permits."""
    known = {role.name.lower(): role for role in ml.roles.list_definitions()}
    if name.lower() in known:
        return known[name.lower()]
    names = [role.name for role in known.values()]
    raise ResourceNotFoundError(f"There is no role '{name}'.", resolution=did_you_mean(name, names))


def create(ml: MLClient, file: Path | Cell | None) -> object:
    """Make a role of your own from Azure's JSON."""
    if file is None:
        raise ValidationException("A role is made from its JSON.", resolution="-f role.json, or a cell's body.")
    return ml.roles.create_definition(_fields(file))


def delete(ml: MLClient, name: str) -> None:
    """Forget a role of your own that nobody has."""
    ml.roles.delete_definition(name)


def assign(ml: MLClient, *, role: str, assignee: str, scope: str | None, resource_group: str | None) -> Assignment:
    """Give a user a role; it holds at once."""
    return ml.roles.assign(role, assignee, _scope(ml, scope, resource_group))


def remove(ml: MLClient, *, role: str | None, assignee: str, scope: str | None, resource_group: str | None) -> None:
    """Take a role back from a user."""
    ml.roles.remove(role, assignee, _scope(ml, scope, resource_group))


def assignments(
    ml: MLClient, *, assignee: str | None, scope: str | None, resource_group: str | None, role: str | None = None
) -> list[Assignment]:
    """Who has which role that reaches this workspace, or at one scope."""
    found = ml.roles.list(assignee, scope=_scope(ml, scope, resource_group))
    return [given for given in found if role is None or given.role.lower() == role.lower()]


def check(ml: MLClient, *, name: str, assignee: str | None) -> object:
    """Whether a user may do an action, such as jobs/write."""
    return ml.roles.check(name, assignee)


def who(ml: MLClient) -> object:
    """Who acts here, and as what."""
    return ml.roles.who()


def act_as(ml: MLClient, name: str | None) -> object:
    """Rehearse a role: be somebody else in this notebook; without a name, yourself again."""
    return ml.roles.act_as(name)


def _scope(ml: MLClient, scope: str | None, group: str | None) -> str | None:
    """The scope that was said, or the group's."""
    return f"/subscriptions/{ml.subscription_id}/resourceGroups/{group}" if group and not scope else scope


def _fields(file: Path | Cell) -> Mapping[str, object] | Path:
    """What `create_definition` takes: a path, or what a cell holds."""
    return _parsed(file.read()) if isinstance(file, Cell) else file


def _text(given: str) -> Mapping[str, object] | str:
    """JSON as it was typed, or the path of its file (az takes both, the path with an @ too)."""
    return _parsed(given) if given.lstrip().startswith("{") else given.removeprefix("@")


def _parsed(text: str) -> Mapping[str, object]:
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValidationException(f"This is not JSON: {error}.", resolution="A role is an object: {…}.") from None
    if not isinstance(fields, dict):
        raise ValidationException(f"A role is a JSON object; found {fields!r}.")
    return fields


ROLE: Final = Option("--role", "NAME", "the role", required=True, known="role")
ANY_ROLE: Final = Option("--role", "NAME", "the role; all of them when not given", known="role")
ANYBODY: Final = Option("--assignee", "USER", "only this user's", known="principal")
OF: Final = Option("--scope", "ARM ID", "only at this scope")
EXAMPLE: Final = "aml role assign --role Reader --assignee ann"

NOUN.verb("list", CUSTOM, columns=ROLES)(definitions)
NOUN.verb("show", NAME, columns=ROLES)(show)
NOUN.verb("create", JSON, columns=ROLES, examples=("aml role create -f role.json",))(create)
NOUN.verb("delete", NAME, done="Deleted {name}.")(delete)
NOUN.verb("assign", ROLE, ASSIGNEE, SCOPE, GROUP, columns=GIVEN, examples=(EXAMPLE,))(assign)
NOUN.verb("remove", ANY_ROLE, ASSIGNEE, SCOPE, GROUP, done="Taken back from {assignee}.")(remove)
NOUN.verb("assignments", ANYBODY, OF, GROUP, columns=GIVEN, many=ASSIGNMENT.many)(assignments)
NOUN.verb("check", name_of("", "the action: jobs/write"), ANYBODY)(check)
NOUN.verb("who", columns=WHO)(who)
NOUN.verb("as", name_of("principal", "who to be", required=False), columns=WHO, notebook=True)(act_as)

ONE_NAME: Final = name_of("role", "only this role", required=False)
ALL: Final = Option("--all", hidden=True)
AZ_ROLES: Final = (("Name", "roleName"), ("Type", "roleType"), ("Description", "description"))
AZ_GIVEN: Final = (("Principal", "principalName"), ("Role", "roleDefinitionName"), ("Scope", "scope"))


@DEFINITION.verb("list", CUSTOM, ONE_NAME, columns=AZ_ROLES)
def az_definitions(ml: MLClient, *, custom_role_only: bool, name: str | None) -> Iterable[object]:
    """The roles there are, in az's shape."""
    return [_az_role(role) for role in definitions(ml, custom_role_only=custom_role_only, name=name)]


@DEFINITION.verb("create", DEFINED, columns=AZ_ROLES)
def az_create(ml: MLClient, role_definition: str) -> object:
    """Make a role of your own from Azure's JSON."""
    return _az_role(ml.roles.create_definition(_text(role_definition)))


@DEFINITION.verb("update", DEFINED, columns=AZ_ROLES)
def az_update(ml: MLClient, role_definition: str) -> object:
    """Say anew what a role of your own permits."""
    return _az_role(ml.roles.update_definition(_text(role_definition)))


@ASSIGNMENT.verb("list", ANYBODY, OF, GROUP, ANY_ROLE, ALL, columns=AZ_GIVEN)
def az_assignments(ml: MLClient, *, all: bool, **which: Any) -> Iterable[object]:  # noqa: ANN401 - what was typed
    """Who has which role that reaches this workspace, or at one scope, in az's shape."""
    del all  # az lists those of resources only with it
    return [_az_given(given) for given in assignments(ml, **which)]


@ASSIGNMENT.verb("create", ROLE, ASSIGNEE, SCOPE, GROUP, columns=AZ_GIVEN)
def az_assign(ml: MLClient, **said: Any) -> object:  # noqa: ANN401 - what was typed
    """Give a user a role; it holds at once."""
    return _az_given(assign(ml, **said))


DEFINITION.verb("delete", NAME)(delete)
ASSIGNMENT.verb("delete", ANY_ROLE, ASSIGNEE, SCOPE, GROUP, YES)(remove)


def _az_role(role: Role) -> dict[str, object]:
    """A role as `az role definition list` prints it."""
    said = role.json()
    permitted = {
        key[:1].lower() + key[1:]: said[key] for key in ("Actions", "NotActions", "DataActions", "NotDataActions")
    }
    return {
        "assignableScopes": said["AssignableScopes"],
        "description": role.description,
        "name": role.guid,
        "permissions": [permitted],
        "roleName": role.name,
        "roleType": "CustomRole" if role.is_custom else "BuiltInRole",
        "type": "Microsoft.Authorization/roleDefinitions",
    }


def _az_given(given: Assignment) -> dict[str, object]:
    """An assignment as `az role assignment list` prints it."""
    return {
        "id": f"{given.scope}/providers/Microsoft.Authorization/roleAssignments/{given.id}",
        "name": given.id,
        "principalName": given.principal,
        "roleDefinitionName": given.role,
        "scope": given.scope,
        "type": "Microsoft.Authorization/roleAssignments",
    }
