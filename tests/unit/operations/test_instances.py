"""Compute instances: whose they are, what may be wished of them in which state; nobody reads the wishes here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import command
from jupyter_aml.entities.compute import AmlCompute
from jupyter_aml.entities.compute_instance import ComputeInstance
from jupyter_aml.entities.compute_record import ComputeRecord, Operation
from jupyter_aml.entities.workspace import DEFAULT_WORKSPACE
from jupyter_aml.exceptions import AuthorizationError, UserErrorException, ValidationException
from jupyter_aml.operations import access, computes, instances, jobs, roles
from jupyter_aml.operations.workspaces import Workspace, open_workspace
from jupyter_aml.store import computes as rows
from jupyter_aml.store import facts
from tests.unit.operations.conftest import stored

Power = Callable[[Workspace, str], ComputeRecord]
CI = "my-ci"
DAILY = {"type": "cron", "expression": "0 18 * * *"}
LATE = {"type": "cron", "expression": "0 25 * * *"}


def _made(workspace: Workspace, state: str = "Running", **fields: object) -> ComputeRecord:
    computes.create_or_update(workspace, ComputeInstance.of({"name": CI, **fields}))
    with workspace.database.transaction() as connection:
        rows.set_instance(connection, CI, state, Operation("Create", "Succeeded", "User", 1.0))
    return computes.get(workspace, CI)


def _other(name: str = "someone") -> Workspace:
    return open_workspace(DEFAULT_WORKSPACE, principal=name)


def _submit(workspace: Workspace, **fields: Any) -> None:
    jobs.submit(workspace, command(command="echo", compute=CI, **fields))


# ── whose it is ──


def test_it_is_its_creators_and_has_one_node(workspace: Workspace) -> None:
    found = _made(workspace)
    assert (found.owner, found.min_nodes, found.max_nodes) == (workspace.principal, 1, 1)
    assert facts.story(workspace.database, CI)[0].body == {"type": "computeinstance", "owner": workspace.principal}


def test_jobs_of_another_principal_are_refused_before_a_row_exists(workspace: Workspace) -> None:
    _made(workspace)
    roles.assign(workspace, "AzureML Data Scientist", "someone")
    before = stored(workspace)
    with pytest.raises(UserErrorException, match="jobs of 'someone' do not run on it"):
        _submit(_other())
    assert stored(workspace) == before
    _submit(workspace)


def test_it_can_be_created_for_somebody_else_by_name_or_by_object_id(workspace: Workspace) -> None:
    roles.assign(workspace, "AzureML Data Scientist", "someone")
    for owner in ("someone", access.object_id("someone")):
        workspace.database.connection.execute("DELETE FROM computes WHERE name = ?", (CI,))
        _made(workspace, create_on_behalf_of={"user_tenant_id": "t", "user_object_id": owner})
        with pytest.raises(UserErrorException, match="is assigned to"):
            _submit(workspace)
        _submit(_other())


def test_it_stays_whose_it_is(workspace: Workspace) -> None:
    _made(workspace, create_on_behalf_of={"user_tenant_id": "t", "user_object_id": "someone"})
    computes.create_or_update(workspace, ComputeInstance(name=CI, description="changed"))
    assert computes.get(workspace, CI).owner == "someone"
    with pytest.raises(UserErrorException, match="create_on_behalf_of: compute 'my-ci' is"):
        _made(workspace, create_on_behalf_of={"user_tenant_id": "t", "user_object_id": "me"})


def test_who_may_not_write_computes_may_change_the_idle_time_and_start_it(workspace: Workspace) -> None:
    _made(workspace, "Stopped")
    roles.assign(workspace, "AzureML Data Scientist", "someone")
    computes.update(_other(), ComputeInstance(name=CI, idle_time_before_shutdown="PT30M"))
    assert computes.get(workspace, CI).idle_seconds == 1800
    instances.start(_other(), CI)
    for refused in (ComputeInstance(name=CI, description="mine"), ComputeInstance(name="new-ci")):
        with pytest.raises(AuthorizationError, match="computes/write"):
            computes.create_or_update(_other(), refused)


def test_a_change_of_the_idle_time_alone_leaves_the_rest_as_it_is(workspace: Workspace) -> None:
    _made(workspace, description="mine", schedules={"compute_start_stop": [{"action": "stop", "trigger": DAILY}]})
    before = computes.get(workspace, CI)
    changed = computes.update(workspace, ComputeInstance(name=CI, idle_time_before_shutdown_minutes=20))
    assert changed.spec == {**before.spec, "idle_time_before_shutdown_minutes": 20}
    assert changed.idle_seconds == 1200
    fetched = ComputeInstance.of({**changed.spec, "name": CI, "state": "Running"})
    fetched.idle_time_before_shutdown_minutes = None
    assert computes.update(workspace, fetched).spec == before.spec


# ── what it takes ──


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "ci"}, "3 to 24 letters"),
        ({"name": "1st-ci"}, "a letter first"),
        ({"name": "x" * 25}, "3 to 24 letters"),
        ({"idle_time_before_shutdown": "PT5M"}, "idle_time_before_shutdown: PT5M is outside of 15 minutes to 3 days"),
        ({"schedules": {"compute_start_stop": [{"action": "stop", "trigger": LATE}]}},
         "schedules.compute_start_stop.0.trigger.expression: '25' is out of range"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_instance_is_refused_and_nothing_is_stored(
    workspace: Workspace, fields: dict[str, object], words: str
) -> None:
    before = stored(workspace)
    with pytest.raises(ValidationException, match=words):
        computes.create_or_update(workspace, ComputeInstance.of({"name": CI, **fields}))
    assert stored(workspace) == before


def test_a_job_of_two_nodes_does_not_fit(workspace: Workspace) -> None:
    _made(workspace)
    with pytest.raises(ValidationException, match="'my-ci' has at most 1") as caught:
        _submit(workspace, instance_count=2)
    assert "one node" in str(caught.value)


def test_a_job_for_a_stopped_instance_is_taken_and_waits(workspace: Workspace) -> None:
    _made(workspace, "Stopped")
    _submit(workspace, name="waits")
    assert jobs.get(workspace, "waits").status == "NotStarted"


def test_single_sign_on_is_kept(workspace: Workspace) -> None:
    _made(workspace)
    instances.enable_sso(workspace, CI, enable_sso=False)
    assert computes.get(workspace, CI).spec["enable_sso"] is False


# ── starting and stopping ──


@pytest.mark.parametrize(
    ("power", "state"),
    [
        (instances.start, "Stopped"),
        (instances.stop, "Running"),
        (instances.stop, "JobRunning"),
        (instances.stop, "Creating"),
        (instances.stop, "Restarting"),
        (instances.restart, "Running"),
    ],
)
def test_a_wish_is_a_fact_and_changes_no_state(workspace: Workspace, power: Power, state: str) -> None:
    before = _made(workspace, state)
    power(workspace, CI)
    assert computes.get(workspace, CI) == before
    assert not computes.has_settled(workspace, CI)
    assert facts.story(workspace.database, CI)[-1].kind == f"compute.{power.__name__}.wished"


@pytest.mark.parametrize(
    ("power", "state", "words"),
    [
        (instances.start, "Running", "is Running, and cannot be started now"),
        (instances.start, "JobRunning", "is JobRunning, and cannot be started now"),
        (instances.start, "Stopping", "Wait until it is stopped"),
        (instances.stop, "Stopped", "is Stopped, and cannot be stopped now"),
        (instances.stop, "Deleting", "cannot be stopped now"),
        (instances.restart, "Stopped", "Start it: ml_client.compute.begin_start"),
        (instances.restart, "Stopping", "Wait until it is running"),
    ],
)
def test_a_wish_that_the_state_does_not_allow_is_refused(
    workspace: Workspace, power: Power, state: str, words: str
) -> None:
    _made(workspace, state)
    before = stored(workspace)
    with pytest.raises(UserErrorException, match=words):
        power(workspace, CI)
    assert stored(workspace) == before


@pytest.mark.parametrize("power", [instances.start, instances.stop, instances.restart])
def test_a_cluster_is_neither_started_nor_stopped(workspace: Workspace, power: Power, here: Path) -> None:
    assert here
    computes.create_or_update(workspace, AmlCompute(name="cpu"))
    with pytest.raises(UserErrorException, match="is of type amlcompute; only a compute instance can be"):
        power(workspace, "cpu")
