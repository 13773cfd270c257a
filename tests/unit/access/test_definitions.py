"""Custom roles: Azure's JSON (§2.4), checked by its fields, kept, assigned where it says, forgotten."""

import json
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities.role import BUILT_IN, role_from_json
from jupyter_aml.exceptions import (
    ResourceExistsError,
    ResourceNotFoundError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import roles
from jupyter_aml.operations.workspaces import Workspace

MINE = {
    "Name": "Data Scientist Custom",
    "IsCustom": True,
    "Description": "Can run experiments but can't create or delete compute.",
    "Actions": ["*"],
    "NotActions": [
        "Microsoft.MachineLearningServices/workspaces/*/delete",
        "Microsoft.MachineLearningServices/workspaces/write",
        "Microsoft.MachineLearningServices/workspaces/computes/*/write",
        "Microsoft.Authorization/*/write",
    ],
    "DataActions": [],
    "NotDataActions": [],
    "AssignableScopes": ["/subscriptions/1/resourceGroups/r"],
}


def test_a_role_is_what_its_json_says_and_says_it_again() -> None:
    role = role_from_json(MINE)
    assert {**role.json(), "Id": ""} == {**MINE, "Id": ""}
    assert role_from_json(role.json()) == role_from_json(role_from_json(role.json()).json())
    assert role_from_json({"name": "x", "ACTIONS": ["*/read"], "assignableScopes": ["/subscriptions/1"]}).name == "x"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Name": ""}, "Name: required"),
        ({"Action": []}, r"Action: no field of a role\.\nDid you mean 'Actions'"),
        ({"Actions": "*"}, "Actions: a list of texts is expected"),
        ({"NotActions": [1]}, "NotActions: a list of texts is expected"),
        ({"Actions": ["*", "jobs/write"]}, r"Actions\[1\]: 'jobs/write' is not an action"),
        ({"Actions": [], "NotActions": ["*"]}, "Actions: a role that permits nothing"),
        ({"AssignableScopes": []}, "AssignableScopes: required"),
        ({"AssignableScopes": ["/"]}, r"AssignableScopes\[0\]: '/' is not a scope"),
        ({"AssignableScopes": ["/subscriptions/1", "my-workspace"]}, r"AssignableScopes\[1\]"),
    ],
)
def test_a_bad_definition_is_refused_by_its_field(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationException, match=message):
        role_from_json({**MINE, **change})


def test_a_role_comes_from_a_mapping_or_a_file(ml_client: MLClient, home: Path) -> None:
    path = home.parent / "my role.json"
    path.write_text(json.dumps(MINE), encoding="utf-8-sig")
    made = ml_client.roles.create_definition(path)
    assert [role.name for role in ml_client.roles.list_definitions(custom_role_only=True)] == [made.name]
    assert len(ml_client.roles.list_definitions()) == len(BUILT_IN) + 1
    path.write_text("[]")
    with pytest.raises(ValidationException, match="holds no role"):
        ml_client.roles.create_definition(str(path))
    path.write_text("{")
    with pytest.raises(ValidationException, match="is not JSON"):
        ml_client.roles.create_definition(path)
    with pytest.raises(ValidationException, match="cannot be read"):
        ml_client.roles.create_definition(home / "nowhere.json")


def test_two_roles_have_two_names(workspace: Workspace) -> None:
    roles.create_definition(workspace, MINE)
    with pytest.raises(ResourceExistsError, match="already exists"):
        roles.create_definition(workspace, {**MINE, "Name": "DATA scientist custom"})
    with pytest.raises(ResourceExistsError, match="Built-in roles do not change"):
        roles.create_definition(workspace, {**MINE, "Name": "reader"})


def test_a_built_in_role_neither_changes_nor_leaves(workspace: Workspace) -> None:
    for act in (lambda: roles.update_definition(workspace, {**MINE, "Name": "Reader"}),
                lambda: roles.delete_definition(workspace, "reader")):  # fmt: skip
        with pytest.raises(UserErrorException, match="'Reader' is a built-in role"):
            act()


def test_a_role_is_assigned_at_or_below_its_scopes_only(workspace: Workspace) -> None:
    roles.create_definition(workspace, MINE)
    roles.assign(
        workspace, "Data Scientist Custom", "ann", "/subscriptions/1/resourcegroups/R/providers/P/workspaces/w"
    )
    for scope in ("/subscriptions/1", "/subscriptions/1/resourceGroups/rr"):
        with pytest.raises(ValidationException, match=r"(?s)cannot be assigned at .*AssignableScopes: "):
            roles.assign(workspace, "Data Scientist Custom", "ann", scope)
    with pytest.raises(ValidationException, match="scope: 'here' is not a scope"):
        roles.assign(workspace, "Reader", "ann", "here")


def test_a_role_that_somebody_has_cannot_be_deleted(workspace: Workspace) -> None:
    roles.create_definition(workspace, MINE)
    at = "/subscriptions/1/resourceGroups/r"
    roles.assign(workspace, "Data Scientist Custom", "ann", at)
    with pytest.raises(UserErrorException, match=r"existing role assignments referencing role .*: ann"):
        roles.delete_definition(workspace, "Data Scientist Custom")
    roles.remove(workspace, "Data Scientist Custom", "ann", at)
    roles.delete_definition(workspace, "data scientist custom")
    with pytest.raises(ResourceNotFoundError, match="doesn't exist"):
        roles.delete_definition(workspace, "Data Scientist Custom")


def test_a_role_is_found_by_its_name_or_id(workspace: Workspace) -> None:
    guid = "f6c7c914-8db3-469d-8ca1-694a8f32e121"
    full = f"/subscriptions/1/providers/Microsoft.Authorization/roleDefinitions/{guid}"
    for name in ("azureml data scientist", guid, full):
        assert roles.assign(workspace, name, "ann").role == "AzureML Data Scientist"
    assert len(roles.assignments(workspace)) == 1
    with pytest.raises(ResourceNotFoundError, match="Did you mean 'AzureML Data Scientist'"):
        roles.assign(workspace, "AzureML Data Scientst", "ann")
    with pytest.raises(ValidationException, match="assignee: required"):
        roles.assign(workspace, "Reader", " ")


def test_what_is_listed_reaches_this_workspace(workspace: Workspace) -> None:
    for scope in (
        None,
        f"/subscriptions/{workspace.id.subscription_id}",
        f"{workspace.id.arm}/computes/x",
        "/subscriptions/2",
    ):
        roles.assign(workspace, "Reader", "ann", scope)
    roles.assign(workspace, "Owner", "bob")
    assert len(roles.assignments(workspace)) == 4
    assert len(roles.assignments(workspace, "ANN")) == 3
    assert [given.scope for given in roles.assignments(workspace, scope="/subscriptions/2")] == ["/subscriptions/2"]
