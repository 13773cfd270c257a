"""The acts that every surface must do alike: in Python, on the command line, in a cell. No claim is made here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jupyter_aml import (
    MLClient,
    load_component,
    load_connection,
    load_data,
    load_datastore,
    load_environment,
    load_schedule,
)
from jupyter_aml.entities import (
    AmlCompute,
    ComputeInstance,
    Data,
    Environment,
    LocalDatastore,
    Model,
    Workspace,
)

KEY = "a2V5IG9mIHRoZSBsYWtl"
FILES = {
    "files/a.csv": "x,y\n1,2\n",
    "files/MLTable": "type: mltable\npaths:\n  - file: ./a.csv\ntransformations:\n  - read_delimited\n",
    "value.txt": "sesame\n",
    "data.yml": "name: iris\nversion: '5'\ntype: mltable\npath: ./files\ntags: {from: yaml}\n",
    "store.yml": (
        f"name: lake\ntype: azure_blob\naccount_name: acct\ncontainer_name: raw\ncredentials:\n  account_key: {KEY}\n"
    ),
    "conda.yml": "name: c\nchannels: [conda-forge]\ndependencies: [python=3.11, pip]\n",
    "environment.yml": "name: tools\nimage: library/python:3.11\nconda_file: conda.yml\n",
    "step.yml": (
        "name: step\ndisplay_name: A step\ntype: command\ncommand: echo ${{inputs.x}}\n"
        "inputs: {x: {type: integer, default: 1}}\nenvironment: azureml:sklearn-1.5@latest\n"
    ),
    "git.yml": (
        "name: code\ntype: git\ntarget: https://example.org/x.git\ncredentials: {type: pat, pat: token-of-git}\n"
    ),
    "pipeline.yml": (
        "type: pipeline\nsettings: {default_compute: azureml:local-cluster}\njobs:\n  only:\n    type: command\n"
        "    command: echo\n    environment: azureml:sklearn-1.5@latest\n"
    ),
    "schedule.yml": (
        "name: nightly\ntrigger: {type: cron, expression: 0 3 * * *, start_time: '2099-01-01T00:00:00'}\n"
        "create_job: ./pipeline.yml\n"
    ),
    "role.json": (
        '{"Name": "Viewer", "IsCustom": true, "Description": "Looks.", "Actions": ["*/read"], "NotActions": [],'
        ' "AssignableScopes": ["/subscriptions/00000000-0000-0000-0000-000000000000"]}'
    ),
}


@dataclass(frozen=True)
class Act:
    """One act, said three times."""

    sdk: Callable[[MLClient], object]
    cli: str
    cell: str


def body(magic: str, file: str) -> str:
    """A cell whose body is that file."""
    return f"%%{magic}\n{FILES[file]}"


def update_data(ml: MLClient) -> object:
    found = ml.data.get("iris", version="5")
    found.tags["seen"] = "yes"
    found.description = "reviewed"
    return ml.data.create_or_update(found)


def update_datastore(ml: MLClient) -> object:
    found = ml.datastores.get("lake", include_secrets=True)
    found.description = "all of it"
    return ml.datastores.create_or_update(found)


def update_compute(ml: MLClient) -> object:
    found = ml.compute.get("spot")
    assert isinstance(found, AmlCompute)
    found.max_instances = 3
    return ml.compute.begin_update(found).result()


def update_schedule(ml: MLClient) -> object:
    found = ml.schedules.get("nightly")
    found.description = "while all sleep"
    return ml.schedules.begin_create_or_update(found).result()


def update_workspace(ml: MLClient) -> object:
    found = ml.workspaces.get()
    found.description = "for teaching"
    return ml.workspaces.begin_update(found).result()


ACTS = (
    Act(
        lambda ml: ml.data.create_or_update(
            Data(name="iris", path="./files", type="uri_folder", description="flowers", tags={"a": "b", "c": "d"})
        ),
        "data create --name iris --path ./files --type uri_folder --description flowers --tags a=b c=d",
        "%aml_data create iris --path ./files --type uri_folder --description flowers --tags a=b c=d",
    ),
    Act(
        lambda ml: ml.data.create_or_update(load_data("data.yml")),
        "data create -f data.yml",
        body("aml_data", "data.yml"),
    ),
    Act(
        update_data,
        "data update -n iris -v 5 --set tags.seen=yes description=reviewed",
        "%aml_data update iris:5 --set tags.seen=yes description=reviewed",
    ),
    Act(lambda ml: ml.data.archive("iris", version="1"), "data archive -n iris -v 1", "%aml_data archive iris:1"),
    Act(lambda ml: ml.data.archive("iris"), "data archive -n iris", "%aml_data archive iris"),
    Act(lambda ml: ml.data.restore("iris"), "data restore -n iris", "%aml_data restore iris"),
    Act(
        lambda ml: ml.datastores.create_or_update(load_datastore("store.yml")),
        "datastore create --file store.yml",
        body("aml_datastore create", "store.yml"),
    ),
    Act(
        update_datastore,
        "datastore update -n lake --description 'all of it'",
        "%aml_datastore update lake --description 'all of it'",
    ),
    Act(
        lambda ml: ml.datastores.create_or_update(LocalDatastore(name="here", path=str(Path("files").absolute()))),
        "datastore create -n here --type local --path files",
        "%aml_datastore create here --type local --path files",
    ),
    Act(lambda ml: ml.datastores.delete("here"), "datastore delete -n here", "%aml_datastore delete here"),
    Act(
        lambda ml: ml.environments.create_or_update(
            Environment.of({"name": "tools", "image": "library/python:3.11", "conda_file": "conda.yml"})
        ),
        "environment create -n tools --image library/python:3.11 --conda-file conda.yml",
        "%aml_environment create tools --image library/python:3.11 --conda-file conda.yml",
    ),
    Act(
        lambda ml: ml.environments.create_or_update(load_environment("environment.yml")),
        "environment create -f environment.yml",
        body("aml_environment", "environment.yml"),
    ),
    Act(
        lambda ml: ml.models.create_or_update(Model(name="net", path="files", type="custom_model", tags={"k": "v"})),
        "model create -n net -p files -t custom_model --tags k=v",
        "%aml_model create net --path files --type custom_model --tags k=v",
    ),
    Act(
        lambda ml: ml.models.archive("net", version="1"),
        "model archive --name net --version 1",
        "%aml_model archive net:1",
    ),
    Act(
        lambda ml: ml.components.create_or_update(load_component("step.yml")),
        "component create -f step.yml",
        body("aml_component", "step.yml"),
    ),
    Act(
        lambda ml: ml.connections.create_or_update(load_connection("git.yml")),
        "connection create -f git.yml",
        body("aml_connection", "git.yml"),
    ),
    Act(
        lambda ml: ml.compute.begin_create_or_update(
            AmlCompute(name="spot", size="STANDARD_DS3_V2", min_instances=0, max_instances=2, tier="low_priority")
        ).result(),
        "compute create --name spot --type AmlCompute --size STANDARD_DS3_V2 --min_instances 0 --max-instances 2"
        " --tier low_priority",
        "%aml_compute create spot --type AmlCompute --size STANDARD_DS3_V2 --min_instances 0 --max-instances 2"
        " --tier low_priority",
    ),
    Act(
        update_compute,
        "compute update -n spot --set max_instances=3",
        "%aml_compute update spot --set max_instances=3",
    ),
    Act(
        lambda ml: ml.compute.begin_create_or_update(
            ComputeInstance(name="mine", idle_time_before_shutdown_minutes=30)
        ).result(),
        "compute create -n mine -t ComputeInstance --idle-time-before-shutdown-minutes 30",
        "%aml_compute create mine -t ComputeInstance --idle-time-before-shutdown-minutes 30",
    ),
    Act(lambda ml: ml.compute.begin_stop("mine").result(), "compute stop -n mine", "%aml_compute stop mine"),
    Act(
        lambda ml: ml.compute.begin_delete("spot").result(),
        "compute delete -n spot --yes",
        "%aml_compute delete spot --yes",
    ),
    Act(
        lambda ml: ml.secrets.set("api-key", "sesame", "a password"),
        "secret set -n api-key --file value.txt --content-type 'a password'",
        "%aml_secret set api-key --file value.txt --content-type 'a password'",
    ),
    Act(lambda ml: ml.roles.create_definition("role.json"), "role create -f role.json", body("aml_role", "role.json")),
    Act(
        lambda ml: ml.roles.assign("Viewer", "ann"),
        "role assignment create --role Viewer --assignee ann",
        "%aml_role assign --role Viewer --assignee ann",
    ),
    Act(
        lambda ml: ml.roles.remove("Viewer", "ann"),
        "role assignment delete --role Viewer --assignee ann",
        "%aml_role remove --role Viewer --assignee ann",
    ),
    Act(
        lambda ml: ml.roles.assign("Reader", "bob"),
        "role assign --role Reader --assignee bob",
        "%aml_role assignment create --role Reader --assignee bob",
    ),
    Act(
        lambda ml: ml.schedules.begin_create_or_update(load_schedule("schedule.yml")).result(),
        "schedule create -f schedule.yml",
        body("aml_schedule", "schedule.yml"),
    ),
    Act(
        lambda ml: ml.schedules.begin_create_or_update(
            load_schedule("schedule.yml", params_override=[{"name": "gone"}, {"trigger.expression": "5 * * * *"}])
        ).result(),
        "schedule create -f schedule.yml -n gone --set 'trigger.expression=5 * * * *'",
        "%aml_schedule create gone --file schedule.yml --set 'trigger.expression=5 * * * *'",
    ),
    Act(
        update_schedule,
        "schedule update -n nightly --description 'while all sleep'",
        "%aml_schedule update nightly --description 'while all sleep'",
    ),
    Act(
        lambda ml: ml.schedules.begin_disable("gone").result(), "schedule disable -n gone", "%aml_schedule disable gone"
    ),
    Act(
        lambda ml: ml.schedules.begin_delete("gone").result(),
        "schedule delete -n gone -y",
        "%aml_schedule delete gone --yes",
    ),
    Act(
        lambda ml: ml.schedules.begin_disable("nightly").result(),
        "schedule disable -n nightly",
        "%aml_schedule disable nightly",
    ),
    Act(
        lambda ml: ml.schedules.begin_enable("nightly").result(),
        "schedule enable -n nightly",
        "%aml_schedule enable nightly",
    ),
    Act(
        update_workspace,
        "workspace update --description 'for teaching'",
        "%aml_workspace update --description 'for teaching'",
    ),
    Act(
        lambda ml: ml.workspaces.begin_create(Workspace(name="lab", description="a second one")).result(),
        "workspace create -n lab --description 'a second one'",
        "%aml_workspace create lab --description 'a second one'",
    ),
)
