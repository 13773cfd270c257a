"""Roles: what they permit, by Azure's own matching (§2). Pure: nobody is asked, nothing is refused here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias, cast
from uuid import NAMESPACE_URL, uuid5

from jupyter_aml.exceptions import ValidationException, did_you_mean

PROVIDER: Final = "Microsoft.MachineLearningServices"
WORKSPACE_ACTIONS: Final = f"{PROVIDER}/workspaces/"
ROLE_JSON: Final = {
    "Id": "", "Name": "", "Description": "", "IsCustom": True,
    "Actions": (), "NotActions": (), "DataActions": (), "NotDataActions": (), "AssignableScopes": (),
}  # fmt: skip
"""The fields of a custom role's JSON (§2.4), and what they are when left out."""
_LISTS: Final = ("Actions", "NotActions", "DataActions", "NotDataActions", "AssignableScopes")
_NAMES_MEANT: Final = {"rolename": "Name", "type": "IsCustom", "roletype": "IsCustom"}
"""What `az role definition list` prints instead."""

RoleJson: TypeAlias = dict[str, str | bool | list[str]]


@dataclass(frozen=True)
class Role:
    """A role definition. `permits` is Actions less NotActions: the latter deny nothing that another role grants."""

    name: str
    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()
    description: str = ""
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    assignable_scopes: tuple[str, ...] = ("/",)
    is_custom: bool = False
    id: str = field(default="")

    @property
    def guid(self) -> str:
        """The definition's id: Azure's for a built-in role that has one here, else made from the name."""
        return self.id or identity(f"role/{self.name.lower()}")

    def permits(self, action: str) -> bool:
        """Whether this role alone lets anyone do `action` (whole: `Microsoft.…/workspaces/jobs/write`)."""
        return bool(self._granted.fullmatch(action)) and not self._excepted.fullmatch(action)

    def assignable_at(self, scope: str) -> bool:
        """Whether it may be assigned at `scope`: at or below one of its AssignableScopes."""
        return any(within(scope, above) for above in self.assignable_scopes)

    def json(self) -> RoleJson:
        """The role as its JSON says it."""
        return {
            "Name": self.name, "Id": self.guid, "IsCustom": self.is_custom, "Description": self.description,
            "Actions": list(self.actions), "NotActions": list(self.not_actions),
            "DataActions": list(self.data_actions), "NotDataActions": list(self.not_data_actions),
            "AssignableScopes": list(self.assignable_scopes),
        }  # fmt: skip

    @cached_property
    def _granted(self) -> re.Pattern[str]:
        return _pattern(self.actions)

    @cached_property
    def _excepted(self) -> re.Pattern[str]:
        return _pattern(self.not_actions)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A role given to a principal at a scope: a subscription, a resource group, a workspace, or something in one."""

    id: str
    principal: str
    role: str
    scope: str


@dataclass(frozen=True, slots=True)
class LocalCredential:
    """A credential of ours that names who acts: `MLClient(LocalCredential("ann"), …)`. It proves nothing."""

    principal: str


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and as what. `roles` are those that reach the workspace."""

    principal: str
    object_id: str
    is_owner: bool
    roles: tuple[str, ...]


def identity(name: str) -> str:
    """A fixed guid for a name: of a principal, of a role."""
    return str(uuid5(NAMESPACE_URL, f"jupyter_aml/{name}"))


def whole(action: str) -> str:
    """The action with its provider: `jobs/write` is one of a workspace."""
    return action if action == "*" or action.lower().startswith("microsoft.") else f"{WORKSPACE_ACTIONS}{action}"


def within(scope: str, above: str) -> bool:
    """Whether `scope` is `above`, or lies below it; case does not matter in ARM ids."""
    lower, upper = scope.rstrip("/").lower(), above.rstrip("/").lower()
    return lower == upper or lower.startswith(f"{upper}/")


def role_from_json(fields: Mapping[str, object]) -> Role:
    """A custom role from its JSON (§2.4). ValidationException that names the field."""
    given = _given(fields)
    name = str(given["Name"]).strip()
    if not name:
        raise ValidationException("Name: required, and not given.")
    lists = {key: _strings(key, given[key]) for key in _LISTS}
    for key in _LISTS[:-1]:
        _check_actions(key, lists[key])
    _check_scopes(lists["AssignableScopes"])
    if not lists["Actions"] and not lists["DataActions"]:
        raise ValidationException("Actions: a role that permits nothing is none.", resolution="Name at least one.")
    return Role(
        name, lists["Actions"], lists["NotActions"], str(given["Description"]), lists["DataActions"],
        lists["NotDataActions"], lists["AssignableScopes"], is_custom=True, id=str(given["Id"]),
    )  # fmt: skip


def _given(fields: Mapping[str, object]) -> dict[str, object]:
    known = {key.lower(): key for key in ROLE_JSON} | _NAMES_MEANT
    given: dict[str, object] = dict(ROLE_JSON)
    for key, value in fields.items():
        if key.lower() not in known:
            raise ValidationException(f"{key}: no field of a role.", resolution=did_you_mean(key, ROLE_JSON))
        given[known[key.lower()]] = value
    return given


def _strings(key: str, value: object) -> tuple[str, ...]:
    values = cast("Iterable[object]", value) if isinstance(value, list | tuple) else None
    if values is None or not all(isinstance(one, str) for one in values):
        raise ValidationException(f"{key}: a list of texts is expected (found {value!r}).")
    return tuple(str(one) for one in values)


def _check_actions(key: str, actions: Iterable[str]) -> None:
    for place, action in enumerate(actions):
        if not re.fullmatch(r"\*|(\*|Microsoft\.\w+)(/[\w.$*-]+)+", action, re.IGNORECASE):
            raise ValidationException(
                f"{key}[{place}]: '{action}' is not an action.", resolution=f"Like '{WORKSPACE_ACTIONS}jobs/write'."
            )


def _check_scopes(scopes: tuple[str, ...]) -> None:
    if not scopes:
        raise ValidationException("AssignableScopes: required, and not given.", resolution="/subscriptions/<id>")
    for place, scope in enumerate(scopes):
        check_scope(f"AssignableScopes[{place}]", scope)


def check_scope(field: str, scope: str) -> str:
    """`scope` when it is at or below a subscription; ValidationException otherwise."""
    if not re.fullmatch(r"/subscriptions/[^/]+(/[^/]+/[^/]+)*/?", scope, re.IGNORECASE):
        raise ValidationException(
            f"{field}: '{scope}' is not a scope.",
            resolution="/subscriptions/<id>[/resourceGroups/<group>[/providers/…/workspaces/<workspace>]]",
        )
    return scope.rstrip("/")


def _pattern(actions: Iterable[str]) -> re.Pattern[str]:
    """One expression for all of them: any case; `*` is any run of characters, and takes `/` in.

    Between two slashes it may be nothing, slash included: `computes/*/write` means `computes/write` too. Azure's
    documents intend it so (a Data Scientist may create no compute, but may read the workspace), and list
    `workspaces/delete` as an exception to `workspaces/*/delete`.
    """
    return re.compile("|".join(map(_expression, actions)) or "(?!)", re.IGNORECASE)


def _expression(action: str) -> str:
    return re.sub(r"/(?:\\\*/)+", "/(?:.*/)?", re.escape(action)).replace(r"\*", ".*")


_P: Final = WORKSPACE_ACTIONS
BUILT_IN: Final = (
    Role("Owner", ("*",), description="Everything, granting included.", id="8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
    Role(
        "Contributor", ("*",),
        (
            "Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action", "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete", "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write", "Microsoft.Purview/consents/delete",
        ),
        "Everything except granting roles.", id="b24988ac-6180-42a0-ab88-20f7382dd24c",
    ),
    Role("Reader", ("*/read",), description="View only.", id="acdd72a7-3385-48ef-bd42-f606fba81ae7"),
    Role(
        "AzureML Data Scientist", (f"{_P}*/read", f"{_P}*/action", f"{_P}*/delete", f"{_P}*/write"),
        (
            f"{_P}delete", f"{_P}write", f"{_P}computes/*/write", f"{_P}computes/*/delete",
            f"{_P}computes/listKeys/action", f"{_P}listKeys/action", f"{_P}hubs/write", f"{_P}hubs/delete",
            f"{_P}featurestores/write", f"{_P}featurestores/delete",
        ),
        "Everything in a workspace, except creating or deleting computes and changing the workspace itself.",
        id="f6c7c914-8db3-469d-8ca1-694a8f32e121",
    ),
    Role(
        "AzureML Compute Operator", (f"{_P}computes/*", f"{_P}notebooks/vm/*"),
        description="Computes only: create, change, delete, start, stop.", id="e503ece1-11d0-4e8e-8e2c-7a6c3bf38815",
    ),
    Role(
        "Azure Machine Learning Workspace Connection Secrets Reader",
        (f"{_P}connections/listsecrets/action", f"{_P}metadata/secrets/read"),
        description="Lists and reads secrets.",
    ),
    Role(
        "AzureML Registry User", (f"{PROVIDER}/registries/*",),
        description="Everything in registries; nothing in a workspace.",
    ),
    Role(
        "User Access Administrator", ("*/read", "Microsoft.Authorization/*"),
        description="Grants roles, and reads.", id="18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    ),
)  # fmt: skip
