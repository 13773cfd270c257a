"""What each role may do, done: every act of the table by everyone; a denial comes before any effect."""

from collections.abc import Callable

import pytest

from jupyter_aml import Output, command
from jupyter_aml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    AzureBlobDatastore,
    CommandComponent,
    Data,
    Environment,
)
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.run_changes import Cursor
from jupyter_aml.entities.run_series import Curve
from jupyter_aml.entities.secret import Secret
from jupyter_aml.exceptions import AuthorizationError, UserErrorException
from jupyter_aml.operations import (
    assets,
    command_jobs,
    components,
    computes,
    connections,
    data,
    datastores,
    downloads,
    environments,
    experiments,
    groups,
    history,
    instances,
    jobs,
    models,
    names,
    nodes,
    pipeline_endpoints,
    roles,
    run_changes,
    run_details,
    run_series,
    secrets,
    streams,
    vm_sizes,
    workspace_catalog,
)
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import resources
from jupyter_aml.store.jobs import Filter
from tests.unit.access.conftest import Come
from tests.unit.operations.conftest import stored

CUSTOM = {"Name": "mine", "Actions": ["*/read"], "AssignableScopes": ["/subscriptions/1"]}
ROLES = {
    "O": "Owner",
    "C": "Contributor",
    "R": "Reader",
    "D": "AzureML Data Scientist",
    "P": "AzureML Compute Operator",
}


def a_job(name: str | None = None) -> Command:
    draft = command(command="echo hello", experiment_name="e", outputs={"o": Output(type="uri_folder")})
    draft.name = name
    return draft


PLACE = "azureml://datastores/workspaceblobstore/paths/d.csv"
A_COMPONENT = CommandComponent(name="c", command="echo", environment="azureml:sklearn-1.5@latest")


def a_datastore(name: str) -> AzureBlobDatastore:
    key = AccountKeyConfiguration(account_key="a2V5")
    return AzureBlobDatastore(name=name, account_name="a", container_name="c", credentials=key)


def a_cluster(name: str) -> AmlCompute:
    return AmlCompute(name=name, min_instances=0, max_instances=2)


def an_endpoint(here: Workspace) -> str:
    """The id of one that is there."""
    return resources.select(here.database, "pipeline endpoint")[0].name


ACTS: dict[str, tuple[str, Callable[[Workspace], object]]] = {
    "read the facts": ("O C R D .", history.since),
    "read a story": ("O C R D .", lambda here: history.story(here, "known")),
    "list jobs": ("O C R D .", lambda here: list(jobs.select(here, Filter()))),
    "complete jobs": ("O C R D .", names.jobs),
    "complete experiments": ("O C R D .", names.experiments),
    "list experiments": ("O C R D .", lambda here: experiments.names(here, archived=None)),
    "see an experiment's tags": ("O C R D .", lambda here: experiments.tags(here, "e")),
    "see whether one is archived": ("O C R D .", lambda here: experiments.archived_at(here, "e")),
    "tag an experiment": ("O C . D .", lambda here: experiments.set_tags(here, "e", {"a": "b"})),
    "untag an experiment": ("O C . D .", lambda here: experiments.remove_tags(here, "e", ["a"])),
    "archive an experiment": ("O C . D .", lambda here: experiments.archive(here, "e")),
    "delete an experiment": ("O C . D .", lambda here: experiments.delete(here, "0")),
    "complete computes": ("O C R D P", names.computes),
    "complete datastores": ("O C R D .", names.datastores),
    "complete connections": ("O C R D .", names.connections),
    "complete data": ("O C R D .", lambda here: names.assets(here, "data")),
    "complete versions": ("O C R D .", lambda here: names.versions(here, "data", "known")),
    "see a job": ("O C R D .", lambda here: jobs.get(here, "known")),
    "look for a job": ("O C R D .", lambda here: jobs.exists(here, "nowhere")),
    "see a job's story": ("O C R D .", lambda here: jobs.story(here, "known")),
    "see a job's tabs": ("O C R D .", lambda here: run_details.details(here, "known")),
    "see what is new about a job": ("O C R D .", lambda here: run_changes.changes(here, "known", Cursor())),
    "see whether anything is": ("O C R D .", lambda here: run_changes.version(here, "known")),
    "see a metric's points": ("O C R D .", lambda here: run_series.series(here, "known", [Curve("loss")])),
    "see a metric's table": ("O C R D .", lambda here: run_series.points(here, "known", "loss", 0, 9)),
    "see the metrics of jobs": ("O C R D .", lambda here: run_series.summaries(here, ["known"])),
    "follow a job's log": ("O C R D .", lambda here: next(streams.follow(here, "known"))),
    "find a job's output": ("O C R D .", lambda here: downloads.output_path(here, "known", "o")),
    "check a job": ("O C R D .", lambda here: command_jobs.check(here, a_job())),
    "submit": ("O C . D .", lambda here: jobs.submit(here, a_job())),
    "submit by name": ("O C . D .", lambda here: jobs.submit(here, a_job("new"))),
    "tag a job": ("O C . D .", lambda here: jobs.describe(here, "known", tags={"a": "b"})),
    "archive a job": ("O C . D .", lambda here: jobs.archive(here, "known")),
    "cancel a job": ("O C . D .", lambda here: jobs.cancel(here, "known")),
    "see a compute": ("O C R D P", lambda here: computes.get(here, "local-cluster")),
    "make a compute": ("O C . . P", lambda here: computes.create_or_update(here, a_cluster("wide"))),
    "list computes": ("O C R D P", computes.every),
    "change a compute": ("O C . . P", lambda here: computes.update(here, a_cluster("spare"))),
    "list sizes": ("O C R D P", vm_sizes.sizes),
    "list nodes": ("O C . D P", lambda here: nodes.every(here, "local-cluster")),
    "preempt a node": ("O C . D P", lambda here: nodes.preempt(here, "local-cluster")),
    "start an instance": ("O C . D P", lambda here: instances.start(here, "local-cluster")),
    "stop an instance": ("O C . D P", lambda here: instances.stop(here, "local-cluster")),
    "restart an instance": ("O C . D P", lambda here: instances.restart(here, "local-cluster")),
    "delete a compute": ("O C . . P", lambda here: computes.delete(here, "spare")),
    "register an environment": ("O C . D .", lambda here: environments.create(here, Environment(name="x", image="y"))),
    "list assets": ("O C R D .", lambda here: assets.names(here, "data")),
    "register data": ("O C . D .", lambda here: data.create(here, Data(name="d", path=PLACE, type="uri_file"))),
    "see data": ("O C R D .", lambda here: assets.get(here, "data", "known", "1", None)),
    "find data": ("O C R D .", lambda here: assets.find(here, "data", "azureml:known:1")),
    "list versions": ("O C R D .", lambda here: list(assets.versions(here, "data", "known"))),
    "archive data": ("O C . D .", lambda here: assets.archive(here, "data", "known")),
    "list models": ("O C R D .", lambda here: list(models.select(here, "m", None, archived=False))),
    "register a component": ("O C . D .", lambda here: components.create(here, A_COMPONENT)),
    "list datastores": ("O C R D .", datastores.every),
    "see a datastore": ("O C R D .", lambda here: datastores.get(here, "spare")),
    "register a datastore": ("O C . D .", lambda here: datastores.create(here, a_datastore("new"))),
    "read a datastore's key": ("O C . D .", lambda here: datastores.credentials(here, "spare")),
    "choose the default datastore": ("O C . . .", lambda here: datastores.set_default(here, "workspacefilestore")),
    "forget a datastore": ("O C . D .", lambda here: datastores.delete(here, "spare")),
    "list connections": ("O C R D .", connections.every),
    "list pipeline endpoints": ("O C R D .", pipeline_endpoints.every),
    "see a pipeline endpoint": ("O C R D .", lambda here: pipeline_endpoints.get(here, name="spare")),
    "make a pipeline endpoint": ("O C . D .", lambda here: pipeline_endpoints.create(here, "new", None, "id")),
    "change a pipeline endpoint": ("O C . D .", lambda here: pipeline_endpoints.add(here, an_endpoint(here), "id")),
    "hide a pipeline endpoint": (
        "O C . D .",
        lambda here: pipeline_endpoints.change(here, an_endpoint(here), status="Disabled"),
    ),
    "see the workspace": ("O C R D .", workspace_catalog.get),
    "describe the workspace": (
        "O C . . .",
        lambda here: workspace_catalog.create(here.id, {"description": "ours"}, principal=here.named),
    ),
    "delete the workspace": ("O C . . .", workspace_catalog.check_delete),
    "list secrets": ("O C R D .", secrets.records),
    "read a secret": ("O C . D .", lambda here: secrets.get(here, "known")),
    "keep a secret": ("O C . D .", lambda here: secrets.put(here, "a", Secret("b"))),
    "forget a secret": ("O C . D .", lambda here: secrets.delete(here, "known")),
    "list roles": ("O C R . .", roles.definitions),
    "list who has roles": ("O C R . .", roles.assignments),
    "ask about another": ("O C R . .", lambda here: roles.check(here, "jobs/read", "carl")),
    "ask about oneself": ("O C R D P", lambda here: roles.check(here, "jobs/read")),
    "ask who one is": ("O C R D P", roles.who),
    "give a role": ("O . . . .", lambda here: roles.assign(here, "Reader", "bob")),
    "take a role": ("O . . . .", lambda here: roles.remove(here, "Reader", "carl")),
    "define a role": (". . . . .", lambda here: roles.create_definition(here, CUSTOM)),
    "forget a role": ("O . . . .", lambda here: roles.delete_definition(here, "spare")),
    "see the defaults": ("O C R D P", groups.defaults),
    "list resource groups": (". . . . .", groups.every),
}


@pytest.fixture
def furnished(workspace: Workspace) -> Workspace:
    """Something of each kind is there to be seen, changed or taken."""
    jobs.submit(workspace, a_job("known"))
    secrets.put(workspace, "known", Secret("value"))
    data.create(workspace, Data(name="known", path=PLACE, type="uri_file"))
    datastores.create(workspace, a_datastore("spare"))
    computes.create_or_update(workspace, a_cluster("spare"))
    pipeline_endpoints.create(workspace, "spare", None, "id")
    roles.assign(workspace, "Reader", "carl")
    roles.create_definition(workspace, {**CUSTOM, "Name": "spare", "AssignableScopes": [workspace.id.arm]})
    return workspace


def outcome(here: Workspace, act: Callable[[Workspace], object]) -> bool:
    """Whether the act was permitted; if it was not, it left nothing behind."""
    before = _everything(here)
    try:
        act(here)
    except UserErrorException:  # permitted, and not possible now: no instance, an unfinished job
        return True
    except AuthorizationError:
        assert _everything(here) == before
        return False
    return True


def _everything(here: Workspace) -> tuple[object, ...]:
    return stored(here), here.directory.assignments(), here.directory.custom_roles(), here.vault.records()


@pytest.mark.parametrize("letter", ROLES)
def test_a_role_may_do_what_the_table_says_and_a_denied_act_leaves_nothing(
    furnished: Workspace, come: Come, letter: str
) -> None:
    here = come("ann", ROLES[letter])
    done = {name: outcome(here, act) for name, (_, act) in ACTS.items()}
    assert done == {name: letter in marks for name, (marks, _) in ACTS.items()}


def test_nobody_may_do_anything_but_ask_who_they_are(furnished: Workspace, come: Come) -> None:
    here = come("stranger")
    may = {name for name, (_, act) in ACTS.items() if outcome(here, act)}
    assert may == {"ask about oneself", "ask who one is", "see the defaults"}


def test_the_user_of_this_machine_may_do_everything(furnished: Workspace) -> None:
    assert all(outcome(furnished, act) for _, act in ACTS.values())
