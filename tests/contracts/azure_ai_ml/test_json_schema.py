"""The published JSON Schemas: what the drafts say today, true of every hand-written YAML, and strict about keys."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import jupyter_aml
from jupyter_aml.entities import json_schema

HERE = Path(__file__).parent
PUBLISHED = Path(jupyter_aml.__file__).parent / "schemas"
REMEDY = "Run: python -m jupyter_aml.entities.json_schema jupyter_aml/schemas"


def _corpus() -> Any:
    """`corpus.py` beside this file, as a module (tests are no package)."""
    name = "azure_contract_corpus"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / "corpus.py")
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


corpus = _corpus()


def _validator(kind: str) -> Any:
    return jsonschema.Draft202012Validator(yaml.safe_load((PUBLISHED / f"{kind}.schema.json").read_text()))


def _document(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.mark.parametrize("kind", json_schema.KINDS)
def test_what_is_published_is_what_the_drafts_say(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema.schema_of(kind))
    assert (PUBLISHED / f"{kind}.schema.json").read_text() == json_schema.text_of(kind), REMEDY


@pytest.mark.parametrize("kind", corpus.KINDS)
def test_every_hand_written_yaml_is_valid(kind: str) -> None:
    validator = _validator(kind)
    for file in corpus.files(kind):
        assert [error.message for error in validator.iter_errors(_document(file.read_text()))] == [], file.name


@pytest.mark.parametrize("kind", corpus.KINDS)
def test_every_unknown_key_that_a_loader_refuses_is_invalid(kind: str) -> None:
    validator, refused = _validator(kind), 0
    for mutant in corpus.all_mutants(kind):
        if mutant.what == "unknown key" and corpus.refused_paths(kind, mutant.text):
            assert not validator.is_valid(_document(mutant.text)), mutant
            refused += 1
    assert refused >= 7


def test_a_secret_and_a_read_only_field_are_told_apart() -> None:
    blob = json_schema.schema_of("datastore")["$defs"]["AzureBlobDatastore"]["properties"]
    assert "creation_context" not in blob
    assert "account_key" in json_schema.schema_of("datastore")["$defs"]["AccountKeyConfiguration"]["properties"]


def test_a_job_may_say_its_inputs_as_literals() -> None:
    job = {
        "command": "echo",
        "inputs": {"rate": 0.1, "data": {"type": "uri_file", "path": "a.csv"}},
        "outputs": {"o": None},
    }
    assert [error.message for error in _validator("job").iter_errors(job)] == []
