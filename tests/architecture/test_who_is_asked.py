"""Nobody forgets to ask: every operation asks `access` before it touches the store; surfaces go through operations.

Read from the source: the calls of a public function, in the order in which they happen, through the functions of the
operations that it calls. The first that counts must be `access.require` or `access.require_at`.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import pytest

PACKAGE = Path(__file__).parents[2] / "jupyter_aml"
OPERATIONS = PACKAGE / "operations"
SURFACES = ("client", "magics", "cli", "verbs", "widgets")
ROOMS = ("jupyter_aml.store", "jupyter_aml.tracking")
DOORS = {"database", "vault", "directory", "runs", "snapshots"}
"""A workspace's rooms: a call through one of them touches what is kept."""
ASK = {"access.require", "access.require_at"}
FOR_EVERYONE = {
    "groups.defaults": "the machine's defaults of the command line",
    "groups.set_defaults": "the machine's defaults of the command line",
    "roles.who": "everyone may ask who they are",
    "roles.act_as": "everyone may be somebody else: a rehearsal, no wall",
}
CALLER_HAS_ASKED = {
    "assets.register": "what data, models, components and environments share",
    "assets.add": "as above",
    "assets.next_version": "as above",
    "assets.one": "as above",
    "assets.missing": "the text of an error",
    "command_jobs.frozen": "what submits share, after `jobs.named` has asked",
    "sweeps.frozen": "as above",
    "orchestrators.launch": "as above",
    "jobs.free": "as above",
    "jobs.enter": "as above",
    "credentials.register": "what datastores and connections share",
    "sweep_details.gathered": "a part of `run_details.details`",
    "pipeline_details.gathered": "as above",
}
"""Parts of other operations: they count as touching wherever they are called, and no surface calls them."""

Verdict: TypeAlias = Literal["asks", "touches", "neither"]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((OPERATIONS / f"{module}.py").read_text(encoding="utf-8"))


@cache
def functions(module: str) -> dict[str, Function]:
    """The functions of a module, and the methods of its classes as `Class.method`."""
    found = {node.name: node for node in tree(module).body if isinstance(node, Function)}
    for kind in (node for node in tree(module).body if isinstance(node, ast.ClassDef)):
        found |= {f"{kind.name}.{node.name}": node for node in kind.body if isinstance(node, Function)}
    return found


@cache
def imports(module: str) -> dict[str, str]:
    """Each imported name and the full path of what it is."""
    froms = (node for node in ast.walk(tree(module)) if isinstance(node, ast.ImportFrom))
    return {alias.asname or alias.name: f"{node.module}.{alias.name}" for node in froms for alias in node.names}


def calls(node: ast.AST) -> Iterator[ast.Call]:
    """Every call in it, in the order in which they happen: what is given is made before it is taken."""
    for child in ast.iter_child_nodes(node):
        yield from calls(child)
    if isinstance(node, ast.Call):
        yield node


def verdict(module: str, name: str, *above: str) -> Verdict:
    """What a function does first: ask, touch what is kept, or neither. `above` are those that called it."""
    if module == "access":
        return "neither"
    here = f"{module}.{name}"
    if here in above:  # it calls itself: what it does was seen already
        return "neither"
    for call in (call for statement in functions(module)[name].body for call in calls(statement)):
        if (said := _of(module, call, *above, here)) != "neither":
            return said
    return "neither"


def _of(module: str, call: ast.Call, *above: str) -> Verdict:
    called = ast.unparse(call.func)
    head, _, tail = called.partition(".")
    whole = imports(module).get(head, "")
    if called in ASK:
        return "asks"
    if whole.startswith(ROOMS) and (tail or whole.rpartition(".")[2][:1].islower()):
        return "touches"
    if head.isidentifier() and DOORS.intersection(called.split(".")[1:-1]) and ".folder." not in called:
        return "touches"
    if whole.startswith("jupyter_aml.operations."):
        return _elsewhere(
            *f"{whole}.{tail}".strip(".").removeprefix("jupyter_aml.operations.").partition(".")[::2], *above
        )
    kind = above[-1].split(".")[1]
    return _elsewhere(module, f"{kind}.{tail}" if head == "self" else called, *above)


def _elsewhere(module: str, name: str, *above: str) -> Verdict:
    return verdict(module, name, *above) if name in functions(module) else "neither"


def public() -> list[str]:
    return [
        f"{path.stem}.{name}"
        for path in sorted(OPERATIONS.glob("*.py"))
        if path.stem != "access"  # it is the one that is asked
        for name in functions(path.stem)
        if not any(part.startswith("_") for part in name.split(".")) and not name.startswith("Workspace.")  # the rooms
    ]


@pytest.mark.parametrize("operation", public())
def test_an_operation_asks_before_it_touches_anything(operation: str) -> None:
    module, _, name = operation.partition(".")
    found = verdict(module, name)
    excused = FOR_EVERYONE | CALLER_HAS_ASKED
    assert found != "touches" or operation in excused, f"{operation} must call access.require first"


def test_what_is_excused_needs_its_excuse() -> None:
    needless = {name for name in FOR_EVERYONE | CALLER_HAS_ASKED if verdict(*name.rsplit(".", 1)) != "touches"}
    assert needless == set()


def imported(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_takes_types_from_the_store_and_nothing_that_reads_or_writes(surface: str) -> None:
    taken = {
        f"{path.relative_to(PACKAGE)}: {module}.{name}"
        for path in sorted((PACKAGE / surface).rglob("*.py"))
        for module, name in imported(path)
        if module.startswith("jupyter_aml.store") and not name[:1].isupper()
    }
    assert taken == set()


@pytest.mark.parametrize("surface", SURFACES)
def test_a_surface_calls_whole_operations(surface: str) -> None:
    called = {
        f"{path.relative_to(PACKAGE)}: {ast.unparse(call.func)}"
        for path in sorted((PACKAGE / surface).rglob("*.py"))
        for call in calls(ast.parse(path.read_text(encoding="utf-8")))
        if ast.unparse(call.func) in CALLER_HAS_ASKED
    }
    assert called == set()
