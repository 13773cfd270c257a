"""Parity: what the reference pages say of each name, keyword and YAML field is what this package answers when asked."""

import importlib.util
import inspect
import io
import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from jupyter_aml import MLClient
from jupyter_aml.entities.draft import DraftError
from jupyter_aml.entities.schedule_yaml import load_schedule
from jupyter_aml.exceptions import MlException, NotAvailableError, UnsupportedFieldError, ValidationException
from notebooks.reference import parity, proofs
from notebooks.reference.answers import FIELDS_NOT_BUILT, OF_KIND, REFUSED, SAID_BUT_NOT_BUILT, order, value_of
from notebooks.reference.facts import LISTS, ROOT
from notebooks.reference.parity import NOT_HERE, STORED, WORKS, Row
from tests.oracles.azure_ai_ml import AZURE_AI_ML
from tests.oracles.mltable_package import MLTABLE

HERE = Path(__file__).parent
PUBLIC = json.loads((LISTS / "public.json").read_text())
ASK = """
import importlib, json, sys
from jupyter_aml.emulation import emulate
emulate()
found = {}
for line in json.load(sys.stdin):
    module, _, name = line.partition(":")
    try:
        value = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        found[line] = "refused"
    else:
        found[line] = getattr(value, "feature", "") if type(value).__name__ == "_Absent" else "taken"
json.dump(found, sys.stdout)
"""
STEPS: tuple[dict[str, Any], ...] = (
    {"type": "command", "command": "echo", "environment": "azureml:e:1"},
    {"type": "command", "component": "azureml:c:1"},
    {"type": "pipeline", "jobs": {}},
    {"type": "parallel", "component": "azureml:c:1"},
    {"type": "sweep", "trial": "azureml:c:1"},
)
"""What a step of a pipeline may be, as little of it as tells its kind."""


def rows(*sorts: str) -> list[Row]:
    return [row for row in parity.rows() if row.fact.sort in sorts]


def test_the_list_of_public_names_is_what_the_real_packages_show() -> None:
    modules = [module for module in PUBLIC if module != "mltable"]
    answers = AZURE_AI_ML.answers(HERE / "parity_driver.py", [{"module": module} for module in modules])
    assert dict(zip(modules, answers, strict=True)) == {module: PUBLIC[module] for module in modules}
    assert MLTABLE.answers(HERE / "parity_driver.py", [{"module": "mltable"}]) == [PUBLIC["mltable"]]


def test_every_name_answers_as_its_row_says() -> None:
    said = {row.fact.key: row for row in rows("name")}
    ran = subprocess.run(
        [sys.executable, "-c", ASK], input=json.dumps(list(said)), capture_output=True, text=True, check=True
    )
    wanted = {
        key: row.note if row.status == NOT_HERE else ("refused" if row.status == REFUSED else "taken")
        for key, row in said.items()
    }
    assert json.loads(ran.stdout) == wanted


def refuses(called: Any, keyword: str) -> bool:
    """Whether a call with that keyword alone is refused for the keyword itself."""
    if not (inspect.isclass(called) or keyword in order_of(called)):
        return keyword_error(lambda: inspect.signature(called).bind_partial(**{keyword: None}), keyword)
    return keyword_error(lambda: called(**{keyword: object()}), keyword) if inspect.isclass(called) else False


def order_of(called: Any) -> list[str]:
    return list(inspect.signature(called).parameters)


def keyword_error(ask: Any, keyword: str) -> bool:
    """What Python, or a draft, says of a keyword that it does not know."""
    try:
        ask()
    except DraftError as error:
        return any(path == keyword and text.startswith("unknown field") for path, text in error.problems)
    except TypeError as error:
        return "unexpected keyword" in str(error) and f"'{keyword}'" in str(error)
    except (MlException, AttributeError, ValueError):
        return False
    return False


@pytest.mark.parametrize("module", sorted({row.fact.group for row in rows("keyword")}))
def test_every_keyword_is_taken_or_refused_as_its_row_says(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_AML_HOME", "/nonexistent")
    wrong: list[str] = []
    for row in rows("keyword"):
        if row.fact.group == module and row.status != NOT_HERE:
            called = value_of(module, row.fact.name)
            refused = called is None or refuses(called, row.fact.keyword)
            wrong += [row.fact.key] if refused != (row.status == REFUSED) else []
    assert wrong == []


@pytest.mark.parametrize("key", SAID_BUT_NOT_BUILT)
def test_a_keyword_that_only_names_what_is_not_here_says_so(key: str) -> None:
    module, _, rest = key.partition(":")
    name, _, keyword = rest.rstrip(")").partition("(")
    with pytest.raises(NotAvailableError, match=SAID_BUT_NOT_BUILT[key]):
        value_of(module, name)("credential", **{keyword: "azureml"})


def test_every_field_is_taken_or_refused_by_its_loader_as_its_row_says() -> None:
    wrong = [
        row.fact.key
        for row in rows("field")
        if row.status != NOT_HERE and refused_by_loader(row.fact.group, row.fact.name) != (row.status == REFUSED)
    ]
    assert wrong == []


def refused_by_loader(group: str, path: str) -> bool:
    """Whether the loader calls that field unknown, whatever step of a pipeline it may stand in."""
    steps = path.replace("[]", ".[]").split(".")
    ways = STEPS if "jobs" in steps[:-1] else ({},)
    listed = path.partition("[]")[0].rpartition(".")[2] if "search_space[]" in path else ""
    return all(_unknown(group, _document(group, steps, way), listed) for way in ways)


def _document(group: str, steps: list[str], step: dict[str, Any]) -> Any:
    document = _smallest(group)
    place: Any = document
    for at, name in enumerate(steps):
        key: Any = "one" if name == "*" else name
        below: Any = "1" if at == len(steps) - 1 else ([] if steps[at + 1] == "[]" else {})
        if name == "[]":
            place.append(below)
            place = below
            continue
        if not isinstance(place.get(key), dict) or at == len(steps) - 1:
            place[key] = {**step} if at and steps[at - 1] == "jobs" and below == {} else below
        place = place[key]
    return document


@cache
def _corpus() -> Any:
    spec = importlib.util.spec_from_file_location("parity_corpus", HERE / "corpus.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _smallest(group: str) -> dict[str, Any]:
    _, part = OF_KIND[group]
    types = {
        "AmlCompute": "amlcompute", "ComputeInstance": "computeinstance", "VirtualMachineCompute": "virtualmachine",
        "SynapseSparkCompute": "synapsespark", "PipelineJob": "pipeline", "SweepJob": "sweep", "Command": "command",
        "CommandComponent": "command", "PipelineComponent": "pipeline", "AzureBlobDatastore": "azure_blob",
        "AzureFileDatastore": "azure_file", "AzureDataLakeGen1Datastore": "azure_data_lake_gen1",
        "AzureDataLakeGen2Datastore": "azure_data_lake_gen2",
    }  # fmt: skip
    return {"name": "n", **({"type": types[part]} if part in types else {}), **({"target": "t"} if not part else {})}


def _unknown(group: str, document: Any, listed: str) -> bool:
    """Whether the loader does not know a field; `listed`: the name of a list where it wants a mapping."""
    try:
        _load(OF_KIND[group][0], yaml.safe_dump(document))
    except DraftError as error:
        return any("unknown field" in text or (listed and path.endswith(listed)) for path, text in error.problems)
    except ValidationException as error:
        return "unknown field" in str(error)
    return False


def _load(kind: str, text: str) -> None:
    if kind == "schedule":
        load_schedule(io.StringIO(text))
    else:
        _corpus().load(kind, text)


@pytest.mark.parametrize("field", FIELDS_NOT_BUILT)
def test_a_field_that_is_not_here_is_refused_by_its_feature(field: str) -> None:
    with pytest.raises(UnsupportedFieldError, match=f"{field}: {FIELDS_NOT_BUILT[field]}"):
        _load("schedule", f"name: n\n{field}: {{}}\n")


def test_every_proof_still_uses_what_it_proves() -> None:
    found, said = proofs.Proofs(), proofs.kept()
    stale = [
        row.fact.key
        for row in parity.rows()
        if row.status == WORKS and row.note not in found.of(row.fact, order(row.fact))
    ]
    assert stale == [], "run: python -m notebooks.reference"
    assert set(said) == {row.fact.key for row in parity.rows() if row.status == WORKS}


def test_proofs_are_tests_of_this_project() -> None:
    for row in parity.rows():
        if row.status == WORKS:
            file, _, test = row.note.partition("::")
            assert f"def {test}(" in (ROOT / file).read_text() if test else (ROOT / file).exists()
    assert sum(row.status == STORED for row in parity.rows()) < len(parity.rows()) / 2


def test_no_call_of_a_group_of_operations_is_missing() -> None:
    calls = [row for row in rows("call") if row.fact.name.startswith("MLClient.") and row.fact.name.count(".") > 1]
    assert calls
    assert [row.fact.name for row in calls if row.status == REFUSED] == []


@pytest.mark.parametrize("call", ["models.package", "data.share", "workspaces.begin_diagnose", "online_endpoints.list"])
def test_a_call_that_is_not_built_names_its_feature(call: str) -> None:
    group, _, name = call.partition(".")
    with pytest.raises(NotAvailableError, match=rf"^ml_client\.{group}\.{name}: .* are not available locally\."):
        getattr(getattr(MLClient.default(), group), name)("a", version="1")
