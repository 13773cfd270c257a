"""Which test uses what: the tests' own source is read, and the YAML beside them. No test is run here.

A test uses what its body says, and what the helpers and fixtures of its file say that it names.
"""

import ast
import json
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from notebooks.reference.answers import OF_KIND, TAKEN, answer, order
from notebooks.reference.facts import LISTS, ROOT, V1, Fact, facts

PROOFS: Final = LISTS / "proofs.json"
TESTS: Final = ROOT / "tests"
TOPS: Final = {"jobs": "job", "trigger": "schedule", "trial": "job", "image": "environment", "size": "compute"}
"""A field that tells the kind of a YAML in a text that says no type."""
KINDS: Final = {kind for kind, _ in OF_KIND.values()}


@dataclass(slots=True)
class Uses:
    """What a piece of source says."""

    names: set[str] = field(default_factory=set[str])
    """Names, and every dotted one: `client.jobs.get`."""
    keywords: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    """What is called by its dotted name, and a keyword of it; an argument by its place has that as its keyword."""

    def add(self, other: "Uses") -> None:
        """Take in what another piece says."""
        self.names |= other.names
        self.keywords |= other.keywords


def kept() -> dict[str, str]:
    """The proof of each fact that has one, as it was committed."""
    return json.loads(PROOFS.read_text(encoding="utf-8"))


def renew() -> None:
    """Find them again: one that still holds stays, so that a new test changes no page."""
    found, before, made = Proofs(), kept(), dict[str, str]()
    for fact in facts():
        if answer(fact) == TAKEN:
            ways = found.of(fact, order(fact))
            made |= {fact.key: before[fact.key] if before.get(fact.key) in ways else ways[0]} if ways else {}
    PROOFS.write_text(json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


class Proofs:
    """The tests, read once; then asked which of them uses a fact."""

    def __init__(self, tests: Path = TESTS) -> None:
        self.names: dict[str, list[str]] = defaultdict(list)
        self.keywords: dict[tuple[str, str], list[str]] = defaultdict(list)
        for file in sorted(tests.rglob("test_*.py")):
            self._read(file)
        self.documents = list(_documents(tests))

    def _read(self, file: Path) -> None:
        where = file.relative_to(ROOT).as_posix()
        for test, uses in _tests(file):
            for name in uses.names:
                self.names[name].append(f"{where}::{test}")
            for keyword in uses.keywords:
                self.keywords[keyword].append(f"{where}::{test}")

    def of(self, fact: Fact, places: Sequence[str] = ()) -> list[str]:
        """The tests that use it, or the YAML of the tests. `places`: its call's keywords in their order."""
        if fact.sort == "field":
            return self._of_field(fact)
        owner, _, last = fact.name.rpartition(".")
        is_method = bool(owner) and not owner.startswith("MLClient.")
        tail = f".{last}" if is_method else fact.name.removeprefix("MLClient.")
        ways = self._saying(tail, fact.keyword, places)
        if not owner:
            ways = ways or self._saying(f"{fact.group.rpartition('.')[2]}.{last}", fact.keyword, places)
        if is_method and not fact.group.startswith(V1) and fact.sort != "constant":
            ways = [test for test in ways if test in self.names[owner]]
        if fact.sort == "constant":
            ways = self.names[fact.name]
        return [test for test in ways if _is_about(test, fact)]

    def _saying(self, tail: str, keyword: str, places: Sequence[str]) -> list[str]:
        if not keyword:
            return self.names[tail]
        by_place = self.keywords[tail, str(places.index(keyword))] if keyword in places else []
        return self.keywords[tail, keyword] or by_place

    def _of_field(self, fact: Fact) -> list[str]:
        steps = fact.name.replace("[]", ".[]").split(".")
        kind = OF_KIND[fact.group][0]
        return [where for of, where, document in self.documents if of == kind and _has(document, steps)]


def _is_about(test: str, fact: Fact) -> bool:
    """SDK v1 and v2 share names, and so do Azure's front and mltable's."""
    return ("/v1/" in test or "_v1" in test) == fact.group.startswith(V1)


def _has(part: object, steps: list[str]) -> bool:
    if not steps:
        return True
    step, *rest = steps
    if step == "[]":
        return isinstance(part, list) and any(_has(each, rest) for each in part)
    if not isinstance(part, dict):
        return False
    return any(_has(below, rest) for name, below in part.items() if step in ("*", str(name)))


def _documents(tests: Path) -> Iterator[tuple[str, str, Any]]:
    """Every YAML of the tests: its kind, where it stands, and what it says."""
    for file in sorted(tests.rglob("*.yml")):
        document = _loaded(file.read_text(encoding="utf-8"))
        if isinstance(document, dict):
            kind = file.parent.name if file.parent.name in KINDS else _kind(document)
            yield kind, file.relative_to(ROOT).as_posix(), document
    for file in sorted(tests.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ":" in node.value.partition("\n")[0]:
                document = _loaded(node.value) if "\n" in node.value else None
                if isinstance(document, dict):
                    yield _kind(document), file.relative_to(ROOT).as_posix(), document


def _loaded(text: str) -> object:
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return None


def _kind(document: dict[Any, Any]) -> str:
    """What a YAML is of; a job where nothing says otherwise."""
    return next((kind for top, kind in TOPS.items() if top in document), "job")


def _tests(file: Path) -> Iterator[tuple[str, Uses]]:
    """Every test of a file with all that it uses."""
    parts = {name: node for node in ast.parse(file.read_text(encoding="utf-8")).body for name in _defined(node)}
    said = {name: _said(node) for name, node in parts.items()}
    for name in sorted(parts, key=lambda each: parts[each].lineno):
        if name.startswith("test"):
            yield name, _reached(name, said)


def _reached(name: str, said: dict[str, Uses]) -> Uses:
    reached, queue, met = Uses(), [name], {name}
    while queue:
        uses = said[queue.pop()]
        reached.add(uses)
        below = (uses.names & set(said)) - met
        met |= below
        queue.extend(below)
    own = set(said)  # what the file calls so is its own
    return Uses(reached.names - own, {(called, word) for called, word in reached.keywords if called not in own})


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [target.id for target in node.targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


def _said(tree: ast.AST) -> Uses:
    uses = Uses()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.alias(name=name):
                uses.names.add(name)
            case ast.Attribute():
                uses.names.update(_ends(ast.unparse(node)))
            case ast.Call():
                _call(node, uses)
            case ast.Constant(value=str(text)) if "(" in text and "\n" in text:
                uses.add(_of_text(text))
            case _:
                pass
    return uses


def _call(node: ast.Call, uses: Uses) -> None:
    for called in _ends(ast.unparse(node.func)):
        uses.keywords.update((called, each.arg) for each in node.keywords if each.arg)
        uses.keywords.update((called, str(place)) for place in range(len(node.args)))


def _ends(dotted: str) -> list[str]:
    """`client.jobs.get` by all that a reader may know it by, `.get` at last; calls within are left out."""
    parts = dotted.rpartition(")")[2].split(".")
    if len(parts) == 1:
        return parts
    return [".".join(parts[start:]) for start in range(len(parts) - 1) if parts[start]] + [f".{parts[-1]}"]


@cache
def _of_text(text: str) -> Uses:
    """What a cell or a script in a text says; nothing for what is no Python."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _said(ast.parse("\n".join(lines)))
    except (SyntaxError, ValueError):
        return Uses()
