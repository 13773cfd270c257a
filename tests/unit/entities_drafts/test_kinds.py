"""Drafts of every kind: what they show, keep, hide and refuse. Never a secret in any of it."""

import copy
import io
import pickle
from pathlib import Path
from typing import Any

import pytest
import yaml

import jupyter_aml
from jupyter_aml import command, entities
from jupyter_aml.entities import (
    AccountKeyConfiguration,
    AmlCompute,
    AmlComputeSshSettings,
    AzureBlobDatastore,
    AzureOpenAIConnection,
    CommandComponent,
    ComputeInstance,
    ComputeSchedules,
    ComputeStartStopSchedule,
    CronTrigger,
    Data,
    Environment,
    IdentityConfiguration,
    LocalDatastore,
    ManagedIdentityConfiguration,
    Model,
    PatTokenConfiguration,
    PrivateEndpointDestination,
    RecurrencePattern,
    RecurrenceTrigger,
    ServicePrincipalConfiguration,
    UserIdentityConfiguration,
    Workspace,
    WorkspaceConnection,
)
from jupyter_aml.entities import yaml as loaders
from jupyter_aml.entities.attached_compute import compute_of
from jupyter_aml.entities.component import component_of
from jupyter_aml.entities.connection import connection_of
from jupyter_aml.entities.datastore import datastore_of
from jupyter_aml.entities.draft import Draft, with_secrets
from jupyter_aml.exceptions import UnsupportedFieldError, ValidationException

WORD = "sesame-open-1234"


def _blob() -> AzureBlobDatastore:
    key = AccountKeyConfiguration(account_key=WORD)
    return AzureBlobDatastore(name="blobs", account_name="account", container_name="c", credentials=key)


KEEPERS: list[Draft] = [
    _blob(),
    AzureOpenAIConnection(name="a", azure_endpoint="https://a", api_key=WORD),
    WorkspaceConnection(name="g", type="git", target="https://g", credentials=PatTokenConfiguration(pat=WORD)),
    AmlCompute(name="c", ssh_settings=AmlComputeSshSettings(admin_username="u", admin_password=WORD)),
    ServicePrincipalConfiguration(tenant_id="t", client_id="c", client_secret=WORD),
]


@pytest.mark.parametrize("draft", KEEPERS, ids=lambda draft: type(draft).__name__)
def test_a_secret_is_in_nothing_that_is_shown_or_stored(draft: Draft) -> None:
    stream = io.StringIO()
    draft.dump(stream)
    shown = (repr(draft), str(draft), stream.getvalue(), draft.spec(), draft.model_dump(), draft.model_dump_json())
    assert WORD not in str(shown)
    assert WORD not in str(list(draft.__repr_args__()))
    assert WORD in draft.secrets().values()


@pytest.mark.parametrize("draft", KEEPERS, ids=lambda draft: type(draft).__name__)
def test_a_spec_and_its_secrets_make_the_draft_again(draft: Draft) -> None:
    assert type(draft).of(with_secrets(draft.spec(), draft.secrets())) == draft
    assert copy.deepcopy(draft) == draft
    assert pickle.loads(pickle.dumps(draft)) == draft  # noqa: S301 - our own


@pytest.mark.parametrize(
    "credentials",
    [WORD, [WORD], {"acount_key": WORD}, {"account_key": [WORD]}, {"account_key": WORD, "x": WORD},
     {"type": "pat", "pat": WORD}],
)  # fmt: skip
def test_a_secret_is_not_in_the_error_about_it(credentials: Any) -> None:
    fields = {"name": "b", "account_name": "a", "container_name": "c", "credentials": credentials}
    with pytest.raises(ValidationException) as caught:
        datastore_of(fields)
    assert WORD not in str(caught.value)
    assert "credentials" in str(caught.value)
    assert WORD not in repr(caught.value)


def test_a_secret_is_dumped_when_it_is_asked_for_and_loads_again(tmp_path: Path) -> None:
    path = tmp_path / "a b 'c\" ;é.yml"
    _blob().dump(path, include_secrets=True)
    assert yaml.safe_load(path.read_text())["credentials"] == {"account_key": WORD}
    assert jupyter_aml.load_datastore(path) == _blob()
    with pytest.raises(ValidationException, match="No such parent folder path or not a file path"):
        _blob().dump(tmp_path / "no" / "x.yml")


def test_a_repr_has_azures_shape() -> None:
    assert repr(_blob()).startswith("AzureBlobDatastore({'type': 'azure_blob', 'name': 'blobs', 'description': None")
    assert "'credentials': {'type': 'account_key'}, " in repr(_blob())
    data = Data(name="d", path="azureml://datastores/x/paths/y")
    assert repr(data).startswith("Data({'name': 'd', 'version': None, 'description': None, 'tags': {}")


def test_what_the_workspace_adds_is_printed_and_not_in_the_spec() -> None:
    data = Data.of({"name": "d", "version": "1", "path": "x", "id": "/subscriptions/1", "latest_version": "1"})
    assert data.spec() == {"name": "d", "version": "1", "type": "uri_folder", "path": "x"}
    for shown in (str(data), repr(data)):
        assert shown.startswith("Data({'name': 'd', 'version': '1'")
        assert "'id': '/subscriptions/1'" in shown


def test_a_component_prints_the_yaml_that_makes_it_again() -> None:
    component = CommandComponent(name="p", command="echo", environment="azureml:e:1")
    assert loaders.load_component(io.StringIO(str(component))) == component


def test_a_spec_says_what_differs_from_the_defaults_and_what_is_none_in_spite_of_one() -> None:
    assert AmlCompute(name="c", min_instances=0, max_instances=4).spec() == {"name": "c", "type": "amlcompute"}
    idle = AmlCompute(name="c", idle_time_before_scale_down=None)
    assert idle.spec() == {"name": "c", "type": "amlcompute", "idle_time_before_scale_down": None}
    assert compute_of(idle.spec()) == idle


def test_schedules_are_written_with_azures_own_classes() -> None:
    pattern = RecurrencePattern.of({"hours": 8, "minutes": [0], "week_days": "Monday"})
    instance = ComputeInstance(
        name="mine",
        schedules=ComputeSchedules(
            compute_start_stop=[
                ComputeStartStopSchedule(action="Stop", trigger=CronTrigger(expression="0 18 * * *")),
                ComputeStartStopSchedule(
                    action="start", trigger=RecurrenceTrigger(frequency="Week", interval=1, schedule=pattern)
                ),
            ]
        ),
    )
    assert instance.spec()["schedules"]["compute_start_stop"] == [
        {"trigger": {"type": "cron", "expression": "0 18 * * *"}, "action": "stop"},
        {
            "trigger": {
                "type": "recurrence", "frequency": "week", "interval": 1,
                "schedule": {"hours": [8], "minutes": [0], "week_days": ["monday"]},
            },
            "action": "start",
        },
    ]  # fmt: skip
    assert compute_of(instance.spec()) == instance


def test_a_connection_opened_by_a_key_has_one_target_and_one_key_under_all_their_names() -> None:
    connection = AzureOpenAIConnection(name="a", azure_endpoint="https://a", api_key=WORD)
    assert (connection.target, connection.credentials.type) == ("https://a", "api_key")
    connection.api_key = None
    connection.azure_endpoint = "https://b"
    assert (connection.target, connection.credentials.type) == ("https://b", "aad")
    plain = connection_of({"name": "b", "type": "s3", "url": "bucket", "tags": {"a": "b"}})
    assert (plain.target, plain.metadata, plain.tags) == ("bucket", {"a": "b"}, {"a": "b"})
    with pytest.raises(ValidationException, match="target: required"):
        connection_of({"name": "b", "type": "git"})


def test_an_identity_is_a_list_in_a_compute_and_a_mapping_in_a_workspace() -> None:
    given = IdentityConfiguration(
        type="UserAssigned", user_assigned_identities=[ManagedIdentityConfiguration(resource_id="/r", client_id="c")]
    )
    cluster, workspace = AmlCompute(name="c", identity=given), Workspace(name="w-1", identity=given)
    assert cluster.spec()["identity"]["user_assigned_identities"] == [{"client_id": "c", "resource_id": "/r"}]
    assert workspace.spec()["identity"]["user_assigned_identities"] == {"/r": {"client_id": "c"}}
    assert Workspace.of(workspace.spec()) == workspace


def test_a_rule_of_a_network_takes_its_fields_plain_and_writes_them_under_its_destination() -> None:
    rule = PrivateEndpointDestination.of({"name": "r", "service_resource_id": "/s", "subresource_target": "blob"})
    workspace = Workspace.of({"name": "w-1", "managed_network": {"outbound_rules": [rule]}})
    [written] = workspace.spec()["managed_network"]["outbound_rules"]
    assert written["destination"] == {"service_resource_id": "/s", "subresource_target": "blob", "spark_enabled": False}
    with pytest.raises(
        ValidationException, match=r"managed_network\.outbound_rules\.0\.destination\.protocol: required"
    ):
        Workspace.of({
            "name": "w", "managed_network": {
                "outbound_rules": [{"name": "r", "type": "service_tag", "destination": {"port_ranges": "80"}}]
            },
        })  # fmt: skip


def test_a_component_reads_each_literal_as_its_type_says() -> None:
    component = CommandComponent.of({
        "name": "c", "command": "x", "environment": "e@latest", "instance_count": 2,
        "inputs": {
            "n": {"type": "number", "default": "1"}, "i": {"type": "integer", "default": 2.0, "enum": ["1", "2"]},
            "b": {"type": "boolean", "default": "True"}, "s": {"type": "string", "default": 5},
        },
    })  # fmt: skip
    assert [given.default for given in component.inputs.values()] == [1.0, 2, True, "5"]
    assert component.inputs["i"].enum == [1, 2]
    assert component.resources is not None
    assert component.resources.instance_count == 2
    with pytest.raises(ValidationException, match=r"inputs\.n\.default: 'x' is no number"):
        CommandComponent.of({"name": "c", "inputs": {"n": {"type": "number", "default": "x"}}})


def test_a_component_of_another_type_is_kept_whole() -> None:
    spark = component_of({"name": "s", "type": "spark", "entry": {"file": "x.py"}, "conf": {"spark.driver.cores": 1}})
    assert spark.spec() == {"name": "s", "type": "spark", "entry": {"file": "x.py"}, "conf": {"spark.driver.cores": 1}}


@pytest.mark.parametrize("said", [{"nodes": [{"name": "llm"}], "inputs": {}}, {"flow": "./basic"}])
def test_a_prompt_flow_is_refused_as_one(said: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedFieldError, match=r"(?s)this is a prompt flow, .* of type command, parallel or"):
        component_of(said)


@pytest.mark.parametrize(
    ("pick", "kind", "words"),
    [
        (datastore_of, "azure_blub", "type: Unsupported datastore type: azure_blub.\nDid you mean 'azure_blob'?"),
        (compute_of, "amlcomputer", "type: Unknown compute type: amlcomputer\nDid you mean 'amlcompute'?"),
        (connection_of, "gitt", "type: 'gitt' is none of its values. Did you mean 'git'?"),
        (component_of, "comand", "type: Unsupported component type: comand.\nDid you mean 'command'?"),
    ],
)
def test_an_unknown_type_is_refused_with_the_nearest(pick: Any, kind: str, words: str) -> None:
    with pytest.raises(ValidationException) as caught:
        pick({"name": "x", "type": kind})
    assert words in str(caught.value)


def test_a_job_takes_an_identity_as_a_class() -> None:
    assert command(command="x", identity=UserIdentityConfiguration()).identity == {"type": "user_identity"}


def test_azures_constants_are_taken_where_a_word_is_expected() -> None:
    from jupyter_aml.constants import AssetTypes, ModelType

    assert Model(name="m", path="x", type=ModelType.MLFLOW).type == "mlflow_model"
    assert Data(name="d", path="x", type=AssetTypes.MLTABLE).type == "mltable"


def test_a_datastore_of_ours_is_a_folder_taken_from_its_yaml(tmp_path: Path) -> None:
    (tmp_path / "store.yml").write_text("{name: mine, type: local, path: ../data}")
    store = jupyter_aml.load_datastore(tmp_path / "store.yml")
    assert isinstance(store, LocalDatastore)
    assert store.path == str(tmp_path.parent / "data")


def test_a_conda_file_given_as_an_environment_gets_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "conda.yml"
    path.write_text("name: tools\ndependencies: [python=3.11]\n")
    with pytest.raises(ValidationException, match="you are trying to specify a conda file") as caught:
        jupyter_aml.load_environment(path)
    assert f"conda_file: {path}" in str(caught.value)


def test_the_other_kinds_of_yaml_are_refused_by_path() -> None:
    text = "{name: x, type: command, command: echo, environment: 'azureml:e:1'}"
    with pytest.raises(ValidationException) as caught:
        loaders.load_data(io.StringIO(text))
    for line in ("command: unknown field", "environment: unknown field", "type: 'command' is none of its values"):
        assert line in str(caught.value)


def test_overrides_and_numbers_as_versions_are_taken() -> None:
    text = "{name: x, version: 3, path: a, tags: {a: b}}"
    data = loaders.load_data(io.StringIO(text), params_override=[{"tags.c": 1}, {"version": 4}], relative_origin="/f")
    assert (data.version, data.tags, data.path) == ("4", {"a": "b", "c": "1"}, "/f/a")
    with pytest.raises(ValidationException, match="name must be specified also"):
        Data(version="1", path="x")


def test_every_name_of_azure_is_exported() -> None:
    assert all(getattr(entities, name).__name__ == name for name in entities.__all__)
    assert {"Data", "Model", "Environment", "AmlCompute", "Workspace", "WorkspaceConnection"} <= set(dir(entities))
    assert all(callable(getattr(jupyter_aml, name)) for name in jupyter_aml.__all__ if name.startswith("load_"))


def test_an_environment_is_of_one_of_two_systems() -> None:
    assert Environment(name="e", image="x", os_type="linux").os_type == "Linux"
    with pytest.raises(ValidationException, match="os_type: 'beos' is none of its values"):
        Environment(name="e", os_type="beos")
