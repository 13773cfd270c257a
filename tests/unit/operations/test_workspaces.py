"""Which workspace is meant, where it lies, and what is in a new one (§1.2)."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES, DEFAULT_WORKSPACE, WorkspaceId
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.operations import environments, workspaces
from jupyter_aml.operations.workspaces import (
    Workspace,
    config_or_error,
    current,
    find_config,
    folder_of,
    read_config,
)
from jupyter_aml.store import computes

NAMES = {"subscription_id": "S", "resource_group": "R", "workspace_name": "W"}
SCOPE = "/subscriptions/S/resourceGroups/R/providers/Microsoft.MachineLearningServices/workspaces/W"


def _write(path: Path, **fields: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(fields or NAMES))
    return path


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    folder = tmp_path / "a b" / "c"
    folder.mkdir(parents=True)
    return folder


ORDER = [
    ".azureml/config.json", ".azureml/project.json", "aml_config/config.json", "aml_config/project.json",
    "config.json", "project.json",
]  # fmt: skip


def test_the_pairs_of_folder_and_file_are_tried_in_azures_order(deep: Path) -> None:
    written = [_write(deep / name) for name in ORDER]
    for path in written:
        assert find_config(deep) == path
        path.unlink()
    assert find_config(deep) is None


def test_a_far_azureml_folder_beats_the_config_beside_us(deep: Path, tmp_path: Path) -> None:
    _write(deep / "config.json")
    far = _write(tmp_path / ".azureml" / "config.json")
    assert find_config(deep) == far


def test_the_nearest_of_one_pair_wins(deep: Path, tmp_path: Path) -> None:
    _write(tmp_path / "config.json")
    near = _write(deep.parent / "config.json")
    assert find_config(deep) == near


def test_twenty_parents_are_looked_through_and_no_more(tmp_path: Path) -> None:
    config = _write(tmp_path / "config.json")
    deepest = tmp_path.joinpath(*(str(level) for level in range(21)))
    deepest.mkdir(parents=True)
    assert find_config(deepest.parent) == config
    assert find_config(deepest) is None


@pytest.mark.parametrize("said", ['{"alpha": 0.1}', "{}"])
def test_a_config_of_something_else_is_no_workspaces(said: str, deep: Path) -> None:
    (deep / "config.json").write_text(said)
    assert current(deep) == DEFAULT_WORKSPACE
    with pytest.raises(ValidationException, match="lacks subscription_id"):
        config_or_error(deep)  # who asks for it by Azure's from_config is told


def test_a_config_that_says_part_of_a_workspace_is_a_mistake(deep: Path) -> None:
    (deep / "config.json").write_text('{"workspace_name": "mine"}')
    with pytest.raises(ValidationException, match="lacks subscription_id, resource_group"):
        current(deep)


def test_a_file_is_taken_as_it_is_and_a_file_name_alone_is_looked_for(deep: Path) -> None:
    _write(deep / "config.json")
    mine = _write(deep / "mine.json")
    assert find_config(mine) == mine
    assert find_config(deep, "mine.json") == mine
    assert find_config(deep, "other.json") is None


def test_a_search_from_a_relative_folder_climbs_too(
    deep: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = _write(tmp_path / "config.json")
    monkeypatch.chdir(deep)
    assert find_config(Path()) == config


@pytest.mark.parametrize("fields", [NAMES, {"Scope": SCOPE}, {**NAMES, "Scope": "", "more": 1}])
def test_both_forms_are_read(tmp_path: Path, fields: dict[str, str]) -> None:
    assert read_config(_write(tmp_path / "c.json", **fields)) == WorkspaceId("S", "R", "W")


def test_a_mark_at_the_start_of_the_file_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_bytes(json.dumps(NAMES).encode("utf-8-sig"))
    assert read_config(tmp_path / "c.json").name == "W"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"subscription_id": "S"}', ["lacks resource_group, workspace_name", "required are subscription_id"]),
        ('{"subscription_id": "S", "resource_group": "", "workspace_name": null}', ["lacks resource_group"]),
        ('{"Scope": "/subscriptions/S"}', ["lacks resource_group, workspace_name"]),
        ("{", ["is not JSON"]),
        ("[1]", ["an object is expected"]),
        ("\\xff", ["is not JSON"]),
    ],
)
def test_a_config_that_names_no_workspace_is_a_clear_error(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(text.encode().replace(b"\\xff", b"\xff"))
    with pytest.raises(ValidationException) as caught:
        read_config(path)
    for word in [*words, str(path)]:
        assert word in str(caught.value)


def test_no_config_is_told_in_azures_words(deep: Path) -> None:
    with pytest.raises(ValidationException, match=r"We could not find config\.json in: ") as caught:
        config_or_error(deep)
    assert "or in its parent directories." in str(caught.value)


def test_the_current_workspace_is_the_configs_else_the_default_one(deep: Path) -> None:
    assert workspaces.current(deep) == DEFAULT_WORKSPACE
    _write(deep / "config.json")
    assert workspaces.current(deep) == WorkspaceId("S", "R", "W")


@pytest.mark.parametrize(
    "name", ["..", ".", "../..", "a/../../b", "/etc", "<AML_WORKSPACE_NAME>", "a\0b", "é 'x'", "...", "%2E%2E", "a\nb"]
)
def test_no_name_leads_out_of_the_home(home: Path, name: str) -> None:
    for identity in (WorkspaceId(name, "r", "w"), WorkspaceId("s", name, "w"), WorkspaceId("s", "r", name)):
        root = folder_of(identity).root
        below = root.relative_to(home / "workspaces")
        assert len(below.parts) == 3
        assert not {".", ".."} & set(below.parts)


def test_different_names_never_share_a_folder(home: Path) -> None:
    assert home.is_dir()
    names = ["a/b", "a%2Fb", "a_b", "a b", "A B", "..", "%2E%2E"]
    assert len({folder_of(WorkspaceId("s", "r", name)).root for name in names}) == len(names)


def test_the_home_is_where_the_variable_says(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert workspaces.home() == home
    monkeypatch.setenv("JUPYTER_AML_HOME", "~/elsewhere")
    assert workspaces.home() == Path("~/elsewhere").expanduser()
    monkeypatch.delenv("JUPYTER_AML_HOME")
    assert workspaces.home().name == "jupyter_aml"


def test_a_new_workspace_is_furnished(workspace: Workspace) -> None:
    cluster = computes.get(workspace.database, "local-cluster")
    assert (cluster.min_nodes, cluster.max_nodes, cluster.type) == (0, os.cpu_count(), "amlcompute")
    assert [compute.name for compute in computes.select(workspace.database)] == ["local-cluster"]
    assert {path.name for path in (workspace.folder.root / "datastores").iterdir()} == set(BUILT_IN_DATASTORES)
    for reference in ("AzureML-sklearn-1.5@latest", "azureml:sklearn-1.5:1", "kernel@latest"):
        assert environments.resolve(workspace, reference).interpreter == sys.executable


def test_what_was_removed_from_a_workspace_does_not_come_back(workspace: Workspace) -> None:
    with workspace.database.transaction() as connection:
        computes.delete(connection, "local-cluster")
    again = Workspace(workspace.id, workspace.folder)
    assert computes.select(again.database) == []
    again.database.close()


def test_many_first_users_at_once_share_one_workspace(home: Path) -> None:
    script = (
        "from jupyter_aml import MLClient; ml = MLClient.default();"
        "print([c.name for c in ml.compute.list()], ml.workspace.runs.experiment_id('e'))"
    )
    users = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [user.communicate(timeout=120) for user in users]
    assert [out for out, _ in said] == ["['local-cluster'] 1\n"] * 4, said
    assert len(list(home.rglob("workspace.db"))) == 1
