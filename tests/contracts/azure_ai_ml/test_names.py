"""Azure's import names: each public one of the real packages imports here, and is ours or says what it is not.

`ranked_imports*.txt` count the public notebooks and scripts that import a name: `files module:name`.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.emulation.cloud import ABSENT
from tests.oracles.azure_ai_ml import AZURE_AI_ML

HERE = Path(__file__).parent
MODULES = (
    "azure.ai.ml", "azure.ai.ml.entities", "azure.ai.ml.constants", "azure.ai.ml.dsl", "azure.ai.ml.sweep",
    "azure.ai.ml.automl", "azure.ai.ml.parallel", "azure.ai.ml.identity", "azure.ai.ml.finetuning",
    "azure.ai.ml.model_customization", "azure.ai.ml.data_transfer", "azure.identity",
)  # fmt: skip
ASK = """
import importlib, json, sys
from jupyter_aml.emulation import emulate
emulate()
found = {}
for line in json.load(sys.stdin):
    module, _, name = line.partition(":")
    try:
        value = getattr(importlib.import_module(module), name) if name else importlib.import_module(module)
    except Exception as error:
        found[line] = f"no: {error!r}"
    else:
        found[line] = "placeholder" if type(value).__name__ == "_Absent" else "ours"
json.dump(found, sys.stdout)
"""


def asked(names: list[str]) -> dict[str, str]:
    """What each `module:name` is where the emulation is loaded: `ours`, `placeholder`, or why it does not import."""
    ran = subprocess.run(
        [sys.executable, "-c", ASK], input=json.dumps(names), capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def azures() -> dict[str, list[str]]:
    answers = AZURE_AI_ML.answers(HERE / "names_driver.py", [{"module": module} for module in MODULES])
    return dict(zip(MODULES, answers, strict=True))


def test_every_public_name_of_the_real_packages_imports(azures: dict[str, list[str]]) -> None:
    found = asked([f"{module}:{name}" for module, names in azures.items() for name in names])
    assert {line: told for line, told in found.items() if told.startswith("no")} == {}
    built = [line for line, told in found.items() if told == "ours"]
    assert len(built) >= 180, f"{len(built)} of {len(found)}"


def test_what_the_table_calls_absent_is_azures_and_is_absent(azures: dict[str, list[str]]) -> None:
    told = {f"{m}:{n}" for m, names in ABSENT.items() if m in azures for text in names.values() for n in text.split()}
    private = {"azure.ai.ml.constants:LROConfigurations", "azure.ai.ml.constants:ComputeType"}
    real = {f"{module}:{name}" for module, names in azures.items() for name in names}
    assert told - real == private
    assert {line for line, found in asked(sorted(told)).items() if found != "placeholder"} == set()


def ranked(file: str) -> dict[str, int]:
    lines = (HERE / file).read_text().splitlines()
    return {name: int(files) for files, name in (line.split() for line in lines)}


@pytest.mark.parametrize(("file", "least"), [("ranked_imports.txt", 0.95), ("ranked_imports_v1.txt", 0.85)])
def test_what_public_notebooks_import_imports(file: str, least: float) -> None:
    found = asked(list(ranked(file)))
    missing = {line: told for line, told in found.items() if told.startswith("no")}
    assert 1 - len(missing) / len(found) >= least, missing


def test_three_of_four_imports_of_public_notebooks_are_of_what_is_built() -> None:
    counts = ranked("ranked_imports.txt")
    found = asked(list(counts))
    ours = sum(files for name, files in counts.items() if found[name] == "ours")
    assert ours / sum(counts.values()) >= 0.75
