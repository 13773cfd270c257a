"""YAML for YAML, refusal for refusal: our drafts beside the real azure-ai-ml; yaml/, its mutants, made drafts."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent

pytestmark = pytest.mark.timeout(1800)  # the first test installs the real package


def _module(path: Path) -> Any:
    """A file beside the tests, as a module (tests are no package)."""
    name = f"azure_contract_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


corpus = _module(HERE / "corpus.py")
made = _module(HERE / "made.py")
oracle = _module(HERE.parents[1] / "oracles" / "azure_ai_ml.py")
FILES = [(kind, file) for kind in corpus.KINDS for file in corpus.files(kind)]
MUTANTS = [mutant for kind in corpus.KINDS for mutant in corpus.all_mutants(kind)]

SAME = {
    "compute": {"tier": "dedicated", "size": "STANDARD_DS3_V2"},
    "environment": {"os_type": "linux"},
}
"""What Azure's service assumes when it is not said; we know it already and leave it out of the YAML."""

LAXER = {
    ("datastore", "type", "missing"): "YAML without a type is a blob's, as Azure's own code means and does not manage",
    ("job", "trial.environment", "missing"): "it runs in this Python, as a command job does",
    ("job", "trial.environment", "wrong type"): "a name without a version is its latest, as in command jobs",
}
"""What we take and Azure does not: (kind, path, what), and why."""
STRICTER = {
    ("component", "surplus", "unknown key"): "Azure keeps any key of a component; we help with typos",
    ("component", "version", "wrong type"): "Azure takes a mapping as a version",
    ("job", "environment_variables", "wrong type"): "a variable is a text; Azure's service finds out",
    ("compute", "trigger", "missing"): "a schedule without a trigger never happens",
    ("workspace", "managed_network", "unknown key"): "Azure drops unknown keys of a network silently",
    ("workspace", "managed_network", "wrong type"): "Azure guesses the kind of a rule, and takes any destination",
    ("workspace", "managed_network", "missing"): "Azure guesses the kind of a rule from its destination",
    ("", "$schema", "wrong type"): "a schema is named by a text",
}
"""What we refuse and Azure does not: (kind or any, part of the path, what), and why."""


@cache
def real() -> dict[tuple[str, str], dict[str, Any]]:
    """What the real package says to every text, by kind and text."""
    texts = [(kind, file.read_text()) for kind, file in FILES]
    texts += [(kind, corpus.dumped(_loaded(kind, file))) for kind, file in FILES]
    texts += [(mutant.kind, mutant.text) for mutant in MUTANTS]
    texts += [(kind, corpus.dumped(draft)) for kind in made.KINDS for draft in made.drafts(kind)]
    asked = list(dict.fromkeys(texts))
    cases = [{"kind": kind, "text": text, "folder": str(corpus.FOLDER / kind)} for kind, text in asked]
    return dict(zip(asked, oracle.answers(HERE / "driver.py", cases), strict=True))


def _loaded(kind: str, file: Path) -> Any:
    return corpus.load(kind, file.read_text(), file.parent)


def _fields(kind: str, text: str) -> dict[str, Any]:
    """What the real package read, less what says nothing."""
    found = real()[kind, text]
    assert "error" not in found, f"{found}\n{text}"
    same = SAME.get(kind, {})
    return {name: value for name, value in found["fields"].items() if same.get(name) != value and name != "$schema"}


def test_there_are_enough_of_them() -> None:
    assert len(FILES) >= 100
    assert len(MUTANTS) >= 2_000
    assert sum(len(made.drafts(kind)) for kind in made.KINDS) >= 200


@pytest.mark.parametrize(("kind", "file"), FILES, ids=lambda given: given if isinstance(given, str) else given.stem)
def test_what_we_dump_is_the_same_to_azure_and_what_azure_dumps_is_the_same_to_us(kind: str, file: Path) -> None:
    draft = _loaded(kind, file)
    theirs = _fields(kind, file.read_text())
    assert _fields(kind, corpus.dumped(draft)) == theirs
    assert corpus.load(kind, yaml.safe_dump(theirs), file.parent) == draft


@pytest.mark.parametrize("kind", made.KINDS)
def test_a_made_draft_is_the_same_after_our_yaml_and_after_azures(kind: str) -> None:
    for draft in made.drafts(kind):
        text = corpus.dumped(draft)
        assert corpus.load(kind, text) == draft
        assert corpus.load(kind, yaml.safe_dump(_fields(kind, text))) == draft


@pytest.mark.parametrize("kind", corpus.KINDS)
def test_what_azure_refuses_we_refuse_by_its_path(kind: str) -> None:
    refused = 0
    for mutant in MUTANTS:
        if mutant.kind == kind and "error" in real()[kind, mutant.text]:
            paths = corpus.refused_paths(kind, mutant.text)
            if not paths and (kind, mutant.where, mutant.what) in LAXER:
                continue
            assert paths, f"{mutant} is taken; azure-ai-ml says: {real()[kind, mutant.text]['text']}"
            assert any(_same_place(mutant, path) for path in paths), f"{mutant}: {paths}"
            refused += 1
    assert refused >= 20


def _same_place(mutant: Any, path: str) -> bool:
    """The path itself; for a missing or misshapen value also what it lies in, or what lies in it."""
    if mutant.where == "type" and mutant.what == "missing":
        return True  # the kind is then another's, and its fields are what is wrong
    above, below = mutant.where.startswith(f"{path}."), path.startswith(f"{mutant.where}.")
    return path == mutant.where or (mutant.what != "unknown key" and (above or below))


def test_what_we_refuse_beyond_azure_is_listed_with_its_reason() -> None:
    beyond = {
        (mutant.kind, mutant.where, mutant.what)
        for mutant in MUTANTS
        if "error" not in real()[mutant.kind, mutant.text] and corpus.refused_paths(mutant.kind, mutant.text)
    }
    unlisted = {one for one in beyond if not any(_is_listed(one, *listed) for listed in STRICTER)}
    assert unlisted == set()
    assert all(any(_is_listed(one, *listed) for one in beyond) for listed in STRICTER)


def _is_listed(one: tuple[str, str, str], kind: str, part: str, what: str) -> bool:
    return kind in {"", one[0]} and part in one[1].split(".") and what == one[2]
