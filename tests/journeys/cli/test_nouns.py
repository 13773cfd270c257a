"""The nouns of the workspace as a person at a terminal meets them: what is refused, what is asked, what scripts say."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from tests.journeys.cli.conftest import Aml
from tests.journeys.cli.test_aml import AML

URI = "azureml://datastores/workspaceblobstore/paths/x/"
KEY = "a2V5IG9mIHRoZSBsYWtl"


REFUSED = [
    ("data show -n iris", 1, "Must provide either version or label."),
    ("data show -n iris --version 1 --label latest", 1, "Cannot specify both version and label."),
    ("data show -n iriss --version 1", 3, "Did you mean 'iris'?"),
    ("data show iris", 2, "A name follows -n: aml data show -n NAME"),
    ("data create -n x --type uri_flder --path y", 2, "Did you mean 'uri_folder'?"),
    ("data create -n x --path nowhere", 1, "No such file or directory"),
    ("data create -f nowhere.yml", 2, "nowhere.yml"),
    ("data update -n iris --version 1", 1, "Nothing to change was given."),
    ("datastore create -n x --account-nam y", 2, "Did you mean '--account-name'?"),
    ("datastore create -n x", 1, "container_name: required"),
    ("datastore delete -n workspaceblobstore", 1, "cannot be deleted"),
    ("datastore create -n x --ask acount_key", 2, "Did you mean 'account_key'?"),
    (
        "compute create -n c --type AmlCompute --max-instances many",
        2,
        "a number from 0 on is expected, found 'many'",
    ),
    ("compute create -n c --type AmlCompute --set max_instancs=3", 1, "Did you mean 'max_instances'?"),
    ("compute create -n c --type AmlCompute --set max_instances", 2, "'max_instances' is not KEY=VALUE"),
    ("compute start -n local-cluster", 1, "local-cluster"),
    ("compute delete -n local-clstr --yes", 3, "Did you mean 'local-cluster'?"),
    ("environment create -n e", 1, "Docker image or Dockerfile is required"),
    ("component create", 1, ""),
    ("secret show -n nobody", 3, "There is no secret 'nobody'."),
    ("role assign --role Readr --assignee ann", 3, "Did you mean 'Reader'?"),
    ("role definition create --role-definition {", 1, "not JSON"),
    ("workspace delete -n nobody --yes", 3, "Not found workspace"),
    ("extension add -n aks-preview", 3, "There is: ml"),
    ("configure --defaults grp=x", 1, "Did you mean 'group'?"),
    ("configure", 1, "--defaults group=G"),
    ("job list --registry-name azureml", 2, "no registries here"),
]


def test_what_cannot_be_is_refused_in_plain_words(aml: Aml) -> None:
    aml("data", "create", "-n", "iris", "--path", URI)
    for line, code, said in REFUSED:
        found = aml(*line.split())
        assert (found.code, found.out) == (code, ""), line
        assert found.err.startswith("ERROR: "), line
        assert said in found.err, (line, found.err)


def test_what_cannot_be_undone_needs_a_yes(aml: Aml) -> None:
    for line in ("compute delete -n local-cluster", "workspace delete -n default"):
        said = aml(*line.split())
        assert said.code == 1
        assert "Add --yes." in said.err
    assert aml("compute", "list", "--query", "[].name").json == ["local-cluster"]


def test_more_values_may_follow_an_option_as_az_reads_them(aml: Aml) -> None:
    aml("data", "create", "-n", "iris", "--path", URI, "--tags", "a=b", "c=d", "--description", "flowers")
    data = aml("data", "update", "-n", "iris", "-v", "1", "--set", "tags.e=f", "description=blue", "-o", "json").json
    assert (data["tags"], data["description"]) == ({"a": "b", "c": "d", "e": "f"}, "blue")


def test_underscores_and_camel_case_are_read_as_az_reads_them(aml: Aml) -> None:
    line = "compute create --name spot --type AmlCompute --tier LowPriority --min_instances 0 --max-instances 2"
    assert aml(*line.split()).json["max_instances"] == 2
    assert aml("compute", "show", "-n", "spot").json["tier"] == "low_priority"


def test_a_secret_is_read_from_a_pipe_and_never_from_the_line(aml: Aml) -> None:
    for words in (["hush-hush"], ["--value", "hush-hush"], ["--valu=hush-hush"]):
        said = aml("secret", "set", "-n", "key", *words)
        assert said.code == 2
        assert "hush-hush" not in said.out + said.err
    words = [AML, "secret", "set", "-n", "key"]
    piped = subprocess.run(words, input="hush-hush\n", capture_output=True, text=True, check=True)
    assert (piped.stdout, piped.stderr) == ("", "")
    assert aml("secret", "show", "-n", "key", "-o", "tsv").out == "hush-hush\n"
    assert "hush-hush" not in aml("secret", "list").out
    assert aml("secret", "delete", "-n", "key").code == 0
    assert aml("secret", "show", "-n", "key").code == 3


def test_a_datastore_keeps_its_key_and_shows_none(aml: Aml, home: Path) -> None:
    (home.parent / "lake.yml").write_text(
        json.dumps({"name": "lake", "account_name": "a", "container_name": "c", "credentials": {"account_key": KEY}})
    )
    seen = [aml("datastore", "create", "-f", str(home.parent / "lake.yml")).out]
    seen += [aml("datastore", "update", "-n", "lake", "--set", "description=deep").out]
    seen += [aml("datastore", "list", "-o", output).out for output in ("json", "yaml", "table", "tsv")]
    assert all(KEY not in text for text in seen)
    found = MLClient.default().datastores.get("lake", include_secrets=True)
    assert (found.description, found.secrets()) == ("deep", {"credentials.account_key": KEY})


def test_roles_are_given_in_azs_words(aml: Aml) -> None:
    given = "role assignment create --role Reader --assignee ann"
    assert aml(*given.split()).json["roleDefinitionName"] == "Reader"
    listed = aml("role", "assignment", "list", "--assignee", "ann", "--query", "[].roleDefinitionName")
    assert listed.json == ["Reader"]
    assert aml("role", "check", "-n", "jobs/read", "--assignee", "ann").json is True
    assert aml("role", "check", "-n", "jobs/write", "--assignee", "ann").json is False
    reader = aml("role", "definition", "list", "--name", "Reader").json
    assert reader[0]["permissions"][0]["actions"] == ["*/read"]


def test_a_reader_is_denied_with_exit_1_before_a_row_exists(aml: Aml, monkeypatch: pytest.MonkeyPatch) -> None:
    aml("role", "assign", "--role", "Reader", "--assignee", "ann")
    monkeypatch.setenv("JUPYTER_AML_USER", "ann")
    said = aml("data", "create", "-n", "iris", "--path", URI)
    assert said.code == 1
    assert said.err.startswith("ERROR: (AuthorizationFailed) The client 'ann' with object id")
    assert aml("data", "list").json == []


def test_defaults_are_taken_where_nothing_is_said(aml: Aml, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert aml("group", "create", "--name", "rg-teach", "--location", "eastus").json["properties"] == {
        "provisioningState": "Succeeded"
    }
    aml("workspace", "create", "--name", "lab", "-g", "rg-teach", "--location", "eastus")
    assert aml("workspace", "show", "--query", "name").json == "default"
    aml("configure", "--defaults", "group=rg-teach", "workspace=lab")
    assert aml("configure", "--list-defaults").json[1] == {"name": "workspace", "value": "lab"}
    assert aml("workspace", "show", "--query", "[name, resource_group, location]").json == ["lab", "rg-teach", "eastus"]
    assert aml("workspace", "show", "-w", "default", "-g", "local", "--query", "name").json == "default"
    (tmp_path / "config.json").write_text(
        json.dumps({"subscription_id": "s", "resource_group": "g", "workspace_name": "here"})
    )
    assert aml("workspace", "show", "--query", "name").json == "here"
    (tmp_path / "config.json").unlink()
    aml("configure", "--defaults", "group=", "workspace=")
    assert aml("workspace", "show", "--query", "name").json == "default"


def test_what_scripts_say_first_is_answered(aml: Aml) -> None:
    assert aml("extension", "add", "-n", "ml", "-y").json["name"] == "ml"
    assert aml("account", "show", "--query", "state").json == "Enabled"
    assert aml("account", "set", "-s", "my-subscription").code == 0
    assert aml("account", "show", "--query", "id", "-o", "tsv").out == "my-subscription\n"


def test_a_workspace_lives_until_it_is_deleted(aml: Aml) -> None:
    assert re.fullmatch(r"(?s)\{.*\"name\": \"lab\".*\}\n", aml("workspace", "create", "-n", "lab").out)
    assert "lab" in aml("workspace", "list", "--query", "[].name").json
    assert aml("workspace", "update", "-n", "lab", "--set", "tags.a=b", "--query", "tags").json == {"a": "b"}
    assert aml("workspace", "delete", "-n", "lab", "--yes").out == ""
    assert aml("workspace", "show", "-n", "lab").code == 3


def test_a_command_for_the_end_of_jobs_is_kept_shown_and_forgotten(aml: Aml) -> None:
    line = 'echo "$JUPYTER_AML_JOB"'
    assert aml("workspace", "on-finish").json == {"on_finish": ""}
    assert aml("workspace", "on-finish", "--command", line).json == {"on_finish": line}
    assert aml("workspace", "on-finish").json == {"on_finish": line}
    assert "on_finish" not in aml("workspace", "show").json
    assert "exclude each other" in aml("workspace", "on-finish", "--off", "--command", "x").err
    assert aml("workspace", "on-finish", "--off").json == {"on_finish": ""}


@pytest.mark.parametrize(
    "line", ["data share", "datastore mount -n x", "compute connect-ssh -n x", "workspace list-keys"]
)
def test_what_azure_has_and_we_have_not_is_refused_with_the_reason(aml: Aml, line: str) -> None:
    said = aml(*line.split())
    assert said.code == 1
    assert said.err.startswith(f"ERROR: {' '.join(line.split()[:2])}: ")
