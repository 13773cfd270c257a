"""Claims about drafts from what was typed: a YAML, options over it, `--set` over those."""

from pathlib import Path

import pytest

from jupyter_aml.entities import AmlCompute, AzureBlobDatastore
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.verbs import compute, data, datastore
from jupyter_aml.verbs.drafts import Cell, edited, loaded, sets
from jupyter_aml.verbs.option import located


@pytest.mark.parametrize(
    ("text", "meant"),
    [("0.1", 0.1), ("true", True), ("[1, 2]", [1, 2]), ("null", None), ("east us", "east us"), ("", "")],
)
def test_a_value_that_reads_as_json_is_that_and_any_other_is_text(text: str, meant: object) -> None:
    assert sets({"set": {"a.b": text}}) == [{"a.b": meant}]


def test_set_wins_over_options_and_options_win_over_the_yaml() -> None:
    cell = Cell(
        "name: yaml\ntype: uri_file\npath: azureml://datastores/d/paths/x\ndescription: yaml\ntags: {a: yaml}\n"
    )
    said = {"file": cell, "name": "option", "description": "option", "set": {"description": "set", "tags.b": "set"}}
    draft = loaded("load_data", data.FIELDS, said)
    assert (draft.name, draft.description, draft.tags) == ("option", "set", {"a": "yaml", "b": "set"})


def test_an_option_of_a_field_within_a_field_makes_what_is_around_it() -> None:
    draft = loaded(
        "load_compute",
        (*compute.FIELDS, *compute.INSTANCE),
        {"name": "mine", "type": "computeinstance", "user_object_id": "ann", "user_tenant_id": "t"},
    )
    assert draft.create_on_behalf_of.user_object_id == "ann"


def test_a_path_is_taken_from_here_and_a_uri_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert located("./x/y") == str(tmp_path / "x" / "y")
    assert located("azureml://datastores/d/paths/x") == "azureml://datastores/d/paths/x"
    assert located("/a:b/c") == "/a:b/c"


def test_what_is_not_said_stays_when_a_draft_is_edited() -> None:
    found = AmlCompute(name="cpu", min_instances=1, max_instances=3, tags={"a": "b"})
    draft = edited("load_compute", found, compute.SCALING, {"set": {"max_instances": "5"}})
    assert draft == AmlCompute(name="cpu", min_instances=1, max_instances=5, tags={"a": "b"})


def test_a_secret_stays_when_a_draft_is_edited() -> None:
    found = AzureBlobDatastore.of(
        {"name": "lake", "account_name": "a", "container_name": "c", "credentials": {"account_key": "a2V5"}}
    )
    draft = edited("load_datastore", found, datastore.FIELDS, {"description": "new", "tags": {}})
    assert (draft.description, draft.secrets()) == ("new", {"credentials.account_key": "a2V5"})


def test_a_bad_cell_is_named_as_such() -> None:
    with pytest.raises(ValidationException, match="the cell"):
        loaded("load_data", data.FIELDS, {"file": Cell("name: [")})
