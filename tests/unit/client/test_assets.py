"""`ml_client.data`, `.models`, `.components`, `.datastores`, `.connections`, `.workspaces`: Azure's shapes."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities import (
    AccountKeyConfiguration,
    ApiKeyConfiguration,
    AzureBlobDatastore,
    CommandComponent,
    Data,
    Environment,
    Model,
    Workspace,
    WorkspaceConnection,
)
from jupyter_aml.exceptions import (
    MlException,
    NotAvailableError,
    ResourceExistsError,
    ResourceNotFoundError,
    StoreError,
    UserErrorException,
    ValidationException,
)

CLOUD = "azureml://datastores/workspaceblobstore/paths/data-asset-path/"
LONG = (
    "azureml://subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/local/workspaces/default"
    "/datastores/workspaceblobstore/paths/data-asset-path/"
)
KEY = "not-a-real-key"


def test_a_returned_asset_has_its_id_the_long_path_and_who_made_it(ml_client: MLClient) -> None:
    made = ml_client.data.create_or_update(Data(name="d", path=CLOUD, type="uri_folder"))
    assert (made.version, made.path) == ("1", LONG)
    assert made.id == f"{ml_client.workspaces.get().id}/data/d/versions/1"
    assert made.creation_context is not None
    assert made.creation_context.created_by
    assert ml_client.data.get("d", version=1) == made
    assert ml_client.data.get("d", label="latest") == made


def test_a_list_without_a_name_gives_containers_and_with_one_versions_newest_first(ml_client: MLClient) -> None:
    for name in ("a", "b", "a"):
        ml_client.data.create_or_update(Data(name=name, path=CLOUD))
    assert [(found.name, found.version, found.latest_version) for found in ml_client.data.list()] == [
        ("a", None, "2"),
        ("b", None, "1"),
    ]
    assert [found.version for found in ml_client.data.list(name="a")] == ["2", "1"]
    ml_client.data.archive("a", version="2")
    assert [found.version for found in ml_client.data.list("a", list_view_type="ArchivedOnly")] == ["2"]
    ml_client.data.archive("b")
    assert [found.name for found in ml_client.data.list()] == ["a"]
    ml_client.data.restore("b")
    assert len(list(ml_client.data.list())) == 2


def test_a_container_has_the_type_of_its_newest_version(ml_client: MLClient) -> None:
    ml_client.data.create_or_update(Data(name="table", path=CLOUD, type="mltable"))
    ml_client.models.create_or_update(Model(name="m", path=CLOUD, type="triton_model"))
    containers = [*ml_client.data.list(), *ml_client.models.list()]
    assert [(found.name, found.type) for found in containers] == [("table", "mltable"), ("m", "triton_model")]
    ml_client.workspace.models.close()


def test_a_view_that_there_is_not_is_told_the_nearest(ml_client: MLClient) -> None:
    for group in (ml_client.data, ml_client.models, ml_client.components, ml_client.environments):
        with pytest.raises(ValidationException, match="Did you mean 'ArchivedOnly'"):
            group.list(list_view_type="Archived_Only")


def test_asking_for_a_workspace_makes_none(ml_client: MLClient) -> None:
    ml_client.workspaces.begin_create(Workspace(name="Course")).result()
    for name, meant in (("COURSE", "Course"), ("DEFAULT", "default")):
        assert ml_client.workspaces.get(name).name == meant
    assert ml_client.workspaces.get("default").id == ml_client.workspaces.get().id
    assert sorted(str(one.name) for one in ml_client.workspaces.list()) == ["Course", "default"]


def test_a_client_of_a_deleted_workspace_writes_nothing_into_the_void(ml_client: MLClient) -> None:
    ml_client.data.create_or_update(Data(name="d", path=CLOUD))
    ml_client.workspaces.begin_delete("default", delete_dependent_resources=True).result()
    with pytest.raises(StoreError, match="is gone"):
        ml_client.data.create_or_update(Data(name="d", path=CLOUD))
    with pytest.raises(StoreError, match="is gone"):
        list(ml_client.data.list())
    again = MLClient.default()
    assert again.data.create_or_update(Data(name="d", path=CLOUD)).version == "1"
    assert [found.name for found in ml_client.data.list()] == ["d"], "it is there again, for everybody"


def test_the_top_level_takes_what_azures_takes_and_data_is_a_type_error(ml_client: MLClient) -> None:
    assert ml_client.create_or_update(Environment(name="e", image="python")).version == "1"
    assert (
        ml_client.create_or_update(CommandComponent(name="c", command="echo", environment="kernel@latest")).name == "c"
    )
    assert ml_client.create_or_update(AzureBlobDatastore(name="b", account_name="a", container_name="c")).name == "b"
    assert ml_client.create_or_update(Model(name="m", path=CLOUD)).version == "1"
    with pytest.raises(TypeError, match="valid input types"):
        ml_client.create_or_update(Data(name="d", path=CLOUD))  # type: ignore[call-overload]


@pytest.mark.parametrize(("mistyped", "nearest"), [("enviroments", "environments"), ("datastore", "datastores")])
def test_a_mistyped_group_is_refused_as_by_azure_and_told_the_nearest(
    ml_client: MLClient, mistyped: str, nearest: str
) -> None:
    with pytest.raises(AttributeError, match=f"Did you mean '{nearest}'"):
        getattr(ml_client, mistyped)


def test_a_group_that_is_not_built_names_its_feature_when_it_is_called(ml_client: MLClient) -> None:
    with pytest.raises(NotAvailableError, match=r"online_endpoints\.invoke: online endpoints are not"):
        ml_client.online_endpoints.invoke(endpoint_name="e", request_file="r.json")  # type: ignore[attr-defined]


def test_datastores_are_the_users_own_then_azures_four(ml_client: MLClient) -> None:
    ml_client.datastores.create_or_update(AzureBlobDatastore(name="mine", account_name="a", container_name="c"))
    assert [found.name for found in ml_client.datastores.list()] == [
        "mine", "workspacefilestore", "workspaceblobstore", "workspaceartifactstore", "workspaceworkingdirectory",
    ]  # fmt: skip
    assert ml_client.datastores.get_default().name == "workspaceblobstore"
    for built_in in ("workspaceblobstore", "WorkspaceBlobStore"):
        with pytest.raises(UserErrorException, match="cannot be deleted"):
            ml_client.datastores.delete(built_in)
    ml_client.datastores.delete("mine")
    with pytest.raises(ResourceNotFoundError, match="Not found datastore with name 'mine'"):
        ml_client.datastores.get("mine")


def test_a_credential_is_shown_only_when_it_is_asked_for_and_lies_nowhere_in_the_open(ml_client: MLClient) -> None:
    store = AzureBlobDatastore(
        name="mine", account_name="a", container_name="c", credentials=AccountKeyConfiguration(account_key=KEY)
    )
    made = ml_client.create_or_update(store)
    for shown in (made, ml_client.datastores.get("mine"), *ml_client.datastores.list()):
        assert KEY not in f"{shown!r}{shown}{shown.spec()}"
    assert "'credentials': {'type': 'account_key'}" in repr(made)
    whole = ml_client.datastores.get("mine", include_secrets=True)
    assert whole.secrets() == {"credentials.account_key": KEY}
    ml_client.workspace.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    root = ml_client.workspace.folder.root
    assert [path for path in root.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()] == []
    ml_client.datastores.delete("mine")
    assert ml_client.workspace.vault.get("datastore/mine") is None


def test_a_connections_secret_is_shown_only_when_it_is_asked_for(ml_client: MLClient) -> None:
    connection = WorkspaceConnection(
        name="search", type="custom", target="https://example.org", credentials=ApiKeyConfiguration(key=KEY)
    )
    assert KEY not in repr(ml_client.connections.create_or_update(connection))
    assert ml_client.connections.get("search").secrets() == {}
    assert ml_client.connections.get("search", populate_secrets=True).secrets() == {"credentials.key": KEY}
    assert [found.name for found in ml_client.connections.list("custom")] == ["search"]
    assert list(ml_client.connections.list("git")) == []
    ml_client.connections.delete("search")
    with pytest.raises(ResourceNotFoundError, match="Not found connection"):
        ml_client.connections.get("search")


def test_a_component_may_be_asked_for_without_a_version(ml_client: MLClient, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "prep.py").write_text("print('hello')")
    draft = CommandComponent(name="prep", command="python prep.py", code=str(tmp_path / "src"), environment="e@latest")
    first = ml_client.components.create_or_update(draft)
    assert ml_client.components.create_or_update(draft, version="1").version == first.version == "1"
    (tmp_path / "src" / "prep.py").write_text("print('changed')")
    with pytest.raises(ResourceExistsError, match="with other content"):
        ml_client.components.create_or_update(draft, version="1")
    assert ml_client.components.create_or_update(draft).version == "2"
    assert ml_client.components.get("prep").version == "2"
    ml_client.components.download("prep", tmp_path / "out", version=1)
    assert (tmp_path / "out" / "prep" / "code" / "prep.py").read_text() == "print('hello')"
    assert "command: python prep.py" in (tmp_path / "out" / "prep" / "component_spec.yaml").read_text()


def test_a_workspace_is_created_listed_described_and_deleted(ml_client: MLClient) -> None:
    wished = Workspace(name="mlw-course", location="eastus", display_name="Course", tags={"a": "b"})
    made = ml_client.workspaces.begin_create(wished).result()
    assert (made.location, made.display_name, made.tags) == ("eastus", "Course", {"a": "b"})
    found = ml_client.workspaces.get("mlw-course")
    assert found.id is not None
    assert found.id.endswith("/resourceGroups/local/providers/Microsoft.MachineLearningServices/workspaces/mlw-course")
    assert [one.name for one in ml_client.workspaces.list()] == ["mlw-course"]
    ml_client.workspaces.begin_delete("mlw-course", delete_dependent_resources=True).result()
    with pytest.raises(ResourceNotFoundError, match="mlw-course"):
        ml_client.workspaces.get("mlw-course")


def test_an_unknown_workspace_is_told_the_nearest(ml_client: MLClient) -> None:
    ml_client.workspaces.begin_create(Workspace(name="playground")).result()
    with pytest.raises(ResourceNotFoundError, match="Did you mean 'playground'"):
        ml_client.workspaces.get("playgroud")


def test_a_client_without_a_workspace_makes_one_and_says_so_where_it_needs_one(home: Path) -> None:
    client = MLClient(object(), "sub", "rg")
    client.workspaces.begin_create(Workspace(name="mlw-new", location="eastus"))
    assert [one.name for one in client.workspaces.list()] == ["mlw-new"]
    with pytest.raises(MlException, match="names no workspace"):
        list(client.data.list())


def test_one_registry_of_models_whoever_registers(ml_client: MLClient, tmp_path: Path) -> None:
    (tmp_path / "model.pkl").write_text("x")
    made = ml_client.models.create_or_update(Model(name="churn", path=str(tmp_path / "model.pkl"), tags={"a": "b"}))
    assert made.version == "1"
    assert ml_client.workspace.models.newest("churn") == 1
    ml_client.models.download("churn", "1", tmp_path / "out")
    assert (tmp_path / "out" / "churn" / "model.pkl").read_text() == "x"
    ml_client.workspace.models.close()
