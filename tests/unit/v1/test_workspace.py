"""Workspaces of SDK v1: found by a config file, made, listed; what a cloud would have around one has no meaning."""

import json
from pathlib import Path

import pytest

from jupyter_aml.exceptions import ResourceExistsError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core.workspace import Workspace


def same(one: Workspace, other: Workspace) -> bool:
    return one.client.workspace.id == other.client.workspace.id


def test_what_is_written_is_found_from_there_and_from_below(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Workspace.create("other", resource_group="team", subscription_id=ws.subscription_id)
    other.write_config()
    said = json.loads(Path(".azureml/config.json").read_text())
    assert said["Scope"].endswith("/resourceGroups/team/providers/Microsoft.MachineLearningServices/workspaces/other")
    Path("deep/er").mkdir(parents=True)
    monkeypatch.chdir("deep/er")
    assert same(Workspace.from_config(), other)


def test_a_config_lies_where_it_is_asked_for(ws: Workspace) -> None:
    ws.write_config("place", "mine.json")
    assert same(Workspace.from_config("place/.azureml/mine.json"), ws)
    assert same(Workspace.from_config("place", _file_name="mine.json"), ws)
    Path("older/aml_config").mkdir(parents=True)
    ws.write_config("older")
    assert Path("older/aml_config/config.json").is_file()


@pytest.mark.parametrize("text", [None, "{", "{}", '{"workspace_name": "x"}'])
def test_without_a_good_config_there_is_no_workspace(ws: Workspace, text: str | None) -> None:
    assert ws.name
    if text is not None:
        Path("config.json").write_text(text)
    with pytest.raises(UserErrorException):
        Workspace.from_config("config.json" if text else None)


def test_a_new_one_is_made_once(ws: Workspace) -> None:
    made = Workspace.create(
        "fresh", location="westeurope", sku="basic", key_vault="kv", friendly_name="Fresh", tags={"a": "b"}
    )
    assert (made.location, made.tags, made.get_details()["friendlyName"]) == ("westeurope", {"a": "b"}, "Fresh")
    with pytest.raises(ResourceExistsError, match="exist_ok=True"):
        Workspace.create("fresh")
    assert same(Workspace.create("fresh", exist_ok=True), made)
    assert [one.name for one in Workspace.list(ws.subscription_id)["fresh"]] == ["fresh"]


def test_what_would_come_along_with_one_is_refused_before_it_is_made(ws: Workspace) -> None:
    with pytest.raises(UnsupportedFieldError, match="default_cpu_compute_target is not available locally"):
        Workspace.create("with-compute", default_cpu_compute_target=object())
    with pytest.raises(TypeError, match="Did you mean 'key_vault'"):
        Workspace.create("with-vault", keyvault="kv")
    assert not {"with-compute", "with-vault"} & Workspace.list(ws.subscription_id).keys()


def test_a_typo_is_told(ws: Workspace) -> None:
    with pytest.raises(TypeError, match="Did you mean 'resource_group'"):
        Workspace.get(ws.name, resource_grup="x")
    with pytest.raises(TypeError, match="unexpected keyword argument 'nome'"):
        Workspace("s", "g", "w", nome="x")
    with pytest.raises(UserErrorException, match="neither CPU nor GPU"):
        ws.get_default_compute_target("TPU")
