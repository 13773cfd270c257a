"""What Azure's SDKs show, and how many public files use it: the committed lists. Nothing of ours is asked."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

ROOT: Final = Path(__file__).parents[2]
CONTRACTS: Final = ROOT / "tests" / "contracts" / "azure_ai_ml"
LISTS: Final = CONTRACTS / "parity"
V1: Final = "azureml."
APART: Final = "MLTable"
"""A kind of YAML that no schema tells: `mltable` is held against the real package by its own cases."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the SDK has: a name, a keyword of a call, a constant, or a field of a YAML."""

    group: str
    """The module, or the kind of YAML."""
    sort: str
    """`name`, `call` (a method or an operation), `keyword`, `constant` or `field`."""
    name: str
    """The dotted name in its module, or the path of a field (`*`: a name that the user chooses)."""
    keyword: str = ""
    files: int = 0
    """How many of the public files use it, as far as it was counted."""

    @property
    def key(self) -> str:
        """Its name among all facts: `azure.ai.ml.entities:AmlCompute(size)`."""
        return f"{self.group}:{self.name}" + (f"({self.keyword})" if self.keyword else "")

    @property
    def top(self) -> str:
        """The public name of the module that it belongs to."""
        return self.name.partition(".")[0]


@cache
def facts() -> tuple[Fact, ...]:
    """Every fact, in the order of the lists."""
    return (*_of_packages(), *_of_v1(), *_of_yaml())


def _of_packages() -> Iterator[Fact]:
    imported, called = _imported("ranked_imports.txt"), dict(_called("calls.txt"))
    for module, names in json.loads(_text("public.json")).items():
        for name, shown in names.items():
            uses = imported.get(f"{module}:{name}", 0)
            yield Fact(module, "name", name, files=uses)
            # the counted calls say no module: `Workspace(...)` is that of the public one which is imported most
            known = called if module != "azure.ai.ml.automl" else {}
            yield from _keywords(module, name, shown.get("parameters", ()), known)
            yield from (Fact(module, "constant", f"{name}.{each}") for each in shown.get("constants", ()))
            yield from _methods(module, name, shown.get("methods", {}), known)
            for group, operations in shown.get("groups", {}).items():
                yield from _methods(module, f"{name}.{group}", operations, known)


Called: TypeAlias = Mapping[str, tuple[int, Mapping[str, int]]]


def _methods(module: str, name: str, methods: Mapping[str, Sequence[str]], called: Called) -> Iterator[Fact]:
    for method, parameters in methods.items():
        path = f"{name}.{method}"
        yield Fact(module, "call", path, files=called.get(path, (0, {}))[0])
        yield from _keywords(module, path, parameters, called)


def _keywords(module: str, path: str, parameters: Sequence[str], called: Called) -> Iterator[Fact]:
    uses = called.get(path, (0, {}))[1]
    yield from (Fact(module, "keyword", path, each, uses.get(each, 0)) for each in parameters)


def _of_v1() -> Iterator[Fact]:
    for line, uses in _imported("ranked_imports_v1.txt").items():
        module, _, name = line.partition(":")
        if name:
            yield Fact(module, "name", name, files=uses)
    for line, (uses, keywords) in _called("calls_v1.txt"):
        module, _, path = line.partition(":")
        if "." in path:
            yield Fact(module, "call", path, files=uses)
        yield from (Fact(module, "keyword", path, keyword, count) for keyword, count in keywords.items())


def _of_yaml() -> Iterator[Fact]:
    for line in _text("yaml_fields.txt").splitlines():
        kind, uses, path = line.split()
        if path != "$schema" and kind != APART:
            yield Fact(kind, "field", path, files=int(uses))


def _imported(file: str) -> dict[str, int]:
    lines = (line.split() for line in (CONTRACTS / file).read_text(encoding="utf-8").splitlines())
    return {name: int(uses) for uses, name in lines}


def _called(file: str) -> Iterator[tuple[str, tuple[int, dict[str, int]]]]:
    for line in _text(file).splitlines():
        uses, path, *keywords = line.split()
        pairs = (keyword.split("=") for keyword in keywords)
        yield path, (int(uses), {keyword: int(count) for keyword, count in pairs})


def _text(file: str) -> str:
    return (LISTS / file).read_text(encoding="utf-8")
