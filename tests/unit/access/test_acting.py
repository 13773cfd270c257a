"""Who acts, and what a denial says: Azure's words, before any effect; roles reach down, add up, and hold at once."""

import threading

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.entities import Workspace as WorkspaceDraft
from jupyter_aml.entities.role import LocalCredential
from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import AuthorizationError, MlException, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import access, groups, jobs, roles, secrets
from jupyter_aml.operations.workspaces import Workspace, open_workspace
from tests.unit.access.conftest import Come
from tests.unit.operations.conftest import stored

SCIENTIST = "AzureML Data Scientist"


def submit(here: Workspace) -> None:
    jobs.submit(here, command(command="echo hello", experiment_name="e"))


def denied(here: Workspace, action: str = "jobs/write") -> bool:
    try:
        access.require(here, action)
    except AuthorizationError:
        return True
    return False


def test_a_readers_submit_is_refused_before_a_row_exists(come: Come) -> None:
    here = come("ann", "Reader")
    before = stored(here)
    with pytest.raises(AuthorizationError, match="jobs/write"):
        submit(here)
    assert stored(here) == before


def test_a_denial_is_azures_own_text_and_all_of_it(come: Come) -> None:
    here = come("ann@contoso.com", "Reader")
    with pytest.raises(AuthorizationError) as caught:
        jobs.cancel(here, "happy_frog_x3kq7bdw1m")
    error, oid = caught.value, access.object_id("ann@contoso.com")
    message = (
        f"The client 'ann@contoso.com' with object id '{oid}' does not have authorization to perform action "
        "'Microsoft.MachineLearningServices/workspaces/jobs/cancel/action' over scope "
        "'/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/"
        "Microsoft.MachineLearningServices/workspaces/default/jobs/happy_frog_x3kq7bdw1m' or the scope is invalid. "
        "If access was recently granted, please refresh your credentials."
    )
    assert str(error) == f"(AuthorizationFailed) {message}\nCode: AuthorizationFailed\nMessage: {message}"
    assert (error.status_code, error.reason) == (403, "Forbidden")
    assert (error.error.code, error.error.message) == ("AuthorizationFailed", message)
    assert isinstance(error, MlException)


def test_below_the_traceback_a_denial_says_what_one_has_and_what_to_do(come: Come) -> None:
    with pytest.raises(AuthorizationError) as caught:
        submit(come("ann", "Reader"))
    [note] = caught.value.__notes__
    assert "'ann' has Reader at /subscriptions/" in note
    assert "ml_client.roles.assign(role, 'ann')" in note


def test_a_denied_list_is_an_error_and_no_empty_list(come: Come) -> None:
    ann = come("ann")
    client = MLClient.of(ann.id, LocalCredential("ann"))
    with pytest.raises(AuthorizationError):
        client.jobs.list()
    with pytest.raises(AuthorizationError):
        client.secrets.list()


def test_roles_add_up(workspace: Workspace, come: Come) -> None:
    here = come("ann", "Reader", "AzureML Compute Operator")
    assert not denied(here, "computes/write")
    assert not denied(here, "jobs/read")
    assert denied(here, "jobs/write")


def test_what_one_role_excepts_another_may_grant(workspace: Workspace, come: Come) -> None:
    here = come("ann", SCIENTIST)
    assert denied(here, "computes/write")
    roles.assign(workspace, "AzureML Compute Operator", "ann")
    assert not denied(here, "computes/write")


def test_a_role_holds_at_once_for_those_who_are_here_already_and_is_taken_back_at_once(
    workspace: Workspace, come: Come
) -> None:
    here = come("ann")
    assert denied(here)
    roles.assign(workspace, SCIENTIST, "ann")
    assert not denied(here)
    roles.remove(workspace, SCIENTIST, "ann")
    assert denied(here)


def test_a_custom_role_that_is_changed_changes_for_whoever_has_it(workspace: Workspace, come: Come) -> None:
    fields = {"Name": "Trainer", "Actions": ["*"], "AssignableScopes": [workspace.id.arm]}
    roles.create_definition(workspace, fields)
    here = come("ann", "trainer")
    assert not denied(here)
    roles.update_definition(
        workspace, {**fields, "NotActions": ["Microsoft.MachineLearningServices/workspaces/jobs/*"]}
    )
    assert denied(here)


@pytest.mark.parametrize("scope", ["/subscriptions/S", "/subscriptions/s/resourcegroups/r", None])
def test_a_role_reaches_whatever_lies_below_its_scope(home: object, scope: str | None) -> None:
    client = MLClient("mine", "S", "R", "first")
    client.roles.assign("Reader", "ann", scope)
    seen = [
        MLClient(LocalCredential("ann"), subscription, group, name).roles.check("jobs/read")
        for subscription, group, name in [
            ("S", "R", "first"),
            ("S", "R", "second"),
            ("S", "Q", "third"),
            ("T", "R", "x"),
        ]
    ]
    assert (
        seen
        == {
            "/subscriptions/S": [True, True, True, False],
            "/subscriptions/s/resourcegroups/r": [True, True, False, False],
            None: [True, False, False, False],
        }[scope]
    )


def test_a_role_at_one_resource_reaches_that_one(workspace: Workspace, come: Come) -> None:
    roles.assign(workspace, "Contributor", "ann", f"{workspace.id.arm}/computes/gpu")
    here = come("ann")
    access.require(here, "computes/start/action", "computes/gpu")
    with pytest.raises(AuthorizationError):
        access.require(here, "computes/start/action", "computes/cpu")


def test_who_may_give_roles_at_a_group_may_not_give_them_above_it(workspace: Workspace, come: Come) -> None:
    group = f"/subscriptions/{workspace.id.subscription_id}/resourceGroups/local"
    roles.assign(workspace, "Owner", "ann", group)
    here = come("ann")
    assert roles.assign(here, "Reader", "bob", group).scope == group
    with pytest.raises(AuthorizationError, match="roleAssignments/write"):
        roles.assign(here, "Reader", "bob", f"/subscriptions/{workspace.id.subscription_id}")


def test_the_environment_says_who_acts_until_a_credential_does(workspace: Workspace, come: Come) -> None:
    assert workspace.principal == access.owner()
    client = MLClient.of(workspace.id)
    assert client.roles.act_as("ann").roles == ()
    assert (workspace.principal, come("bob").principal) == ("ann", "bob")
    with pytest.raises(AuthorizationError, match="The client 'ann'"):
        submit(workspace)
    assert client.roles.act_as(None).is_owner
    submit(workspace)
    with pytest.raises(UserErrorException, match="This client's credential says 'bob'"):
        roles.act_as(come("bob"), "ann")


def test_the_user_of_this_machine_is_owner_under_the_own_name_too(workspace: Workspace, come: Come) -> None:
    here = come(access.owner().upper())
    assert roles.who(here).is_owner
    submit(here)


def test_names_of_people_are_told_apart_without_their_case(workspace: Workspace, come: Come) -> None:
    assert not denied(come("ANN@contoso.com", SCIENTIST))
    assert not denied(come("ann@Contoso.com"))
    assert denied(come("ann"))


def test_everyone_may_ask_who_they_are_and_what_they_may_do(come: Come) -> None:
    here = come("ann", "Reader")
    assert roles.who(here) == roles.Who("ann", access.object_id("ann"), is_owner=False, roles=("Reader",))
    assert roles.check(here, "jobs/read")
    assert not roles.check(here, "Microsoft.MachineLearningServices/workspaces/jobs/write")


def test_each_thread_sees_what_another_gave(workspace: Workspace, come: Come) -> None:
    here, seen = come("ann"), list[bool]()
    assert denied(here)

    def give_and_look() -> None:
        roles.assign(workspace, SCIENTIST, "ann")
        seen.append(denied(here))
        for one in (workspace, here):
            one.directory.database.close()
            one.database.close()

    thread = threading.Thread(target=give_and_look)
    thread.start()
    thread.join()
    assert seen == [False]
    assert not denied(here)


def test_who_gave_and_took_what_is_told(workspace: Workspace) -> None:
    roles.assign(workspace, "Reader", "ann")
    roles.assign(workspace, "reader", "ANN")  # again: nothing changes, nothing is told
    roles.remove(workspace, None, "ann")
    told = jobs.story(workspace, "ann")
    assert [(fact.kind, fact.body["role"]) for fact in told] == [
        ("role.assigned", "Reader"),
        ("role.removed", "Reader"),
    ]


def test_a_role_that_one_does_not_have_cannot_be_taken(workspace: Workspace) -> None:
    roles.assign(workspace, "Reader", "ann", "/subscriptions/1")
    with pytest.raises(
        ResourceNotFoundError, match=r"(?s)'ann' has no role 'Reader' assigned at .*Reader at /subscriptions/1"
    ):
        roles.remove(workspace, "Reader", "ann")


def test_a_job_of_somebody_acts_for_them(come: Come) -> None:
    from jupyter_aml.entities.launch import launch_from_json
    from jupyter_aml.store.jobs import launch_text

    here = come("ann", SCIENTIST)
    name = jobs.submit(here, command(command="echo hello", experiment_name="e")).name
    assert launch_from_json(launch_text(here.database, name)).workspace["principal"] == "ann"


def test_groups_and_defaults_are_kept(workspace: Workspace, come: Come) -> None:
    made = groups.create(workspace, "rg-dp100-labs", "eastus")
    assert made.json() == {
        "id": f"/subscriptions/{workspace.id.subscription_id}/resourceGroups/rg-dp100-labs", "location": "eastus",
        "managedBy": None, "name": "rg-dp100-labs", "properties": {"provisioningState": "Succeeded"}, "tags": None,
        "type": "Microsoft.Resources/resourceGroups",
    }  # fmt: skip
    assert groups.get(workspace, "RG-dp100-labs") == made == groups.create(workspace, "rg-dp100-labs", "eastus")
    with pytest.raises(ResourceNotFoundError, match="Did you mean 'rg-dp100-labs'"):
        groups.get(workspace, "rg-dp10-labs")
    roles.assign(workspace, "Reader", "ann", made.arm)
    with pytest.raises(AuthorizationError, match="resourceGroups/delete"):
        groups.delete(come("ann"), "rg-dp100-labs")
    groups.delete(workspace, "rg-dp100-labs")
    assert groups.every(workspace) == []
    assert groups.set_defaults(workspace, {"group": "G", "workspace": "W"}) == {"group": "G", "workspace": "W"}
    assert groups.set_defaults(workspace, {"group": ""}) == {"workspace": "W"}


def test_what_is_asked_costs_the_owner_nothing(workspace: Workspace) -> None:
    """No file is opened: the directory is not even made."""
    submit(workspace)
    secrets.records(workspace)
    assert "directory" not in vars(workspace)
    assert not (workspace.folder.root.parents[3] / "directory.db").exists()
    assert open_workspace(workspace.id).principal == access.owner()


def test_a_credential_acts_in_other_workspaces_too(workspace: Workspace, come: Come) -> None:
    """Whoever opens another workspace through a client stays who they are."""
    ann = MLClient.of(come("ann", "Owner").id, LocalCredential("ann"))
    with pytest.raises(AuthorizationError, match=r"The client 'ann' .*workspaces/write'.*workspaces/other'"):
        ann.workspaces.begin_create(WorkspaceDraft(name="other"))
    MLClient.of(workspace.id).workspaces.begin_create(WorkspaceDraft(name="other"))
    with pytest.raises(AuthorizationError, match=r"workspaces/read'.*workspaces/other'"):
        ann.workspaces.get("other")


def test_a_workspace_takes_the_roles_in_it_along_when_it_goes(workspace: Workspace) -> None:
    client = MLClient.of(workspace.id)
    client.workspaces.begin_create(WorkspaceDraft(name="other"))
    other = MLClient.of(WorkspaceId(workspace.id.subscription_id, workspace.id.resource_group, "other"))
    other.roles.assign("Owner", "ann")
    other.roles.assign("Reader", "ann", f"{other.workspace.id.arm}/computes/x")
    client.roles.assign("Reader", "ann")
    client.workspaces.begin_delete("other", delete_dependent_resources=True).wait()
    assert [given.scope for given in workspace.directory.assignments()] == [workspace.id.arm]


def test_a_role_that_holds_elsewhere_is_not_changed_from_here(workspace: Workspace, come: Come) -> None:
    """Who may define roles in one workspace does not say what a role of another permits."""
    there = f"{workspace.id.arm.rpartition('/')[0]}/other"
    fields = {"Name": "Reads there", "Actions": ["*/read"], "AssignableScopes": [workspace.id.arm, there]}
    roles.create_definition(workspace, fields)
    ann = come("ann", "Owner")
    with pytest.raises(AuthorizationError, match=r"roleDefinitions/write.*workspaces/other"):
        roles.update_definition(ann, {**fields, "Actions": ["*"], "AssignableScopes": [workspace.id.arm]})
    with pytest.raises(AuthorizationError, match=r"roleDefinitions/delete.*workspaces/other"):
        roles.delete_definition(ann, "Reads there")
    assert roles.definitions(workspace, custom_only=True)[0].actions == ("*/read",)


def test_a_client_without_a_workspace_gives_roles_at_its_resource_group(home: object) -> None:
    client = MLClient("mine", "S", "R")
    assert client.roles.assign("Reader", "ann").scope == "/subscriptions/S/resourceGroups/R"
    assert len(client.roles.list("ann")) == 1
    assert MLClient("mine", "S", "R", "any").roles.check("jobs/read", "ann")
    client.roles.remove("Reader", "ann")
    assert client.roles.list() == []
