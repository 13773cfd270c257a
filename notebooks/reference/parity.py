"""Pages of parity: what Azure's SDKs show, whether it works here, and the test that proves it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from notebooks.reference.answers import NOT_BUILT, REFUSED, TAKEN, answer
from notebooks.reference.facts import V1, Fact, facts
from notebooks.reference.markdown import cell, code, codes, page, table
from notebooks.reference.proofs import kept

FOLDER: Final = "parity"
UP: Final = "../../.."
"""From a page to the root."""
WORKS, STORED, NOT_HERE = "works", "stored", "not here"
STATUSES: Final = (WORKS, STORED, REFUSED, NOT_HERE)
MEANING: Final = (
    f"- **{WORKS}**: taken, and a test uses it (the first one found is named)\n"
    f"- **{STORED}**: taken, kept and shown; no test depends on it yet\n"
    f"- **{REFUSED}**: not taken; the call or the loader says so by its name or path\n"
    f"- **{NOT_HERE}**: the name imports, and says which feature is not available locally when it is used"
)
SORTS: Final = {"name": "Names", "call": "Methods and operations", "keyword": "Keywords", "constant": "Constants"}


@dataclass(frozen=True, slots=True)
class Row:
    """A fact, and how it stands here."""

    fact: Fact
    status: str
    note: str = ""
    """The test that proves it, or the feature that is not here."""


@cache
def rows() -> tuple[Row, ...]:
    """Every fact with its status."""
    proofs = kept()
    return tuple(_row(fact, answer(fact), proofs.get(fact.key, "")) for fact in facts())


def _row(fact: Fact, answered: str, proof: str) -> Row:
    if answered == TAKEN:
        return Row(fact, WORKS if proof else STORED, proof)
    return Row(fact, REFUSED) if answered == REFUSED else Row(fact, NOT_HERE, answered)


def pages() -> dict[str, str]:
    """The counts, a page of each package, and one of YAML."""
    of_yaml = [row for row in rows() if row.fact.sort == "field"]
    packages: dict[str, list[Row]] = {}
    for row in rows():
        if row.fact.sort != "field":
            packages.setdefault(_package(row.fact.group), []).append(row)
    made = {f"{FOLDER}/{name}.md": _of_package(name, found) for name, found in packages.items()}
    return {f"{FOLDER}/README.md": _counts(packages, of_yaml), **made, f"{FOLDER}/yaml.md": _of_yaml(of_yaml)}


def _package(group: str) -> str:
    """The page of a module: SDK v1 has one."""
    return "azureml" if group.startswith(V1) else group


def _counts(packages: dict[str, list[Row]], of_yaml: Sequence[Row]) -> str:
    every = [row for row in rows() if row.fact.sort != "field"]
    shares = [_share(title, [row for row in every if row.fact.sort == sort]) for sort, title in SORTS.items()]
    parts = [_share(f"[{name}]({name}.md)", found) for name, found in packages.items()]
    return page(
        "# Parity",
        "What Azure's SDKs show, and how it stands here. Names and parameters are read from the real packages; "
        "of SDK v1, and of YAML, it is what public notebooks and examples use. "
        "A test asks this package about each name, keyword and field.",
        MEANING,
        "Used by: how much of the use in public files (files × what they use) works or is stored; "
        "what no public file uses counts nothing there.",
        "## By sort",
        _table([*shares, _share("[YAML fields](yaml.md)", of_yaml)]),
        "## By package",
        _table(parts),
        "## Refused, and used most",
        _most_used([row for row in rows() if row.status == REFUSED]),
    )


def _table(lines: Sequence[Sequence[str]]) -> str:
    return table(["What", "All", *STATUSES, "Taken", "Used by"], lines)


def _share(title: str, found: Sequence[Row]) -> list[str]:
    counted = Counter(row.status for row in found)
    uses = sum(row.fact.files for row in found)
    taken = [row for row in found if row.status in (WORKS, STORED)]
    used = _percent(sum(row.fact.files for row in taken), uses) if uses else ""
    return [
        title, str(len(found)), *(str(counted[status]) for status in STATUSES), _percent(len(taken), len(found)), used
    ]  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"


def _most_used(found: Sequence[Row], most: int = 40) -> str:
    ranked = sorted((row for row in found if row.fact.files), key=lambda row: (-row.fact.files, row.fact.key))
    return table(["What", "Public files"], [[code(row.fact.key), str(row.fact.files)] for row in ranked[:most]])


def _of_package(name: str, found: Sequence[Row]) -> str:
    modules = groupby(sorted(found, key=lambda row: row.fact.group), key=lambda row: row.fact.group)
    split = name == "azureml"
    sections = [page(f"## {module}" if split else "", *_of_module([*inside])) for module, inside in modules]
    return page(f"# {name}", "[What the words mean](README.md)", _table([_share("All", found)]), *sections)


def _of_module(found: Sequence[Row]) -> Iterable[str]:
    """What is built, a table for each public name; then what is not, by feature."""
    absent = [row for row in found if row.status == NOT_HERE and row.fact.sort == "name"]
    whole = {row.fact.name for row in absent}
    built = [row for row in found if row.fact.top not in whole]
    yield table(["What", "Public files", "Status", "Proof"], [_line(row) for row in _by_top(built)])
    names = {row.note: sorted(each.fact.name for each in absent if each.note == row.note) for row in absent}
    yield table(["Not here", "Names"], [[cell(feature), codes(names[feature])] for feature in sorted(names)])


def _by_top(found: Sequence[Row]) -> list[Row]:
    order = {"name": 0, "keyword": 1, "constant": 3, "call": 2}
    return sorted(found, key=lambda row: (row.fact.top, "." in row.fact.name, row.fact.name, order[row.fact.sort]))


def _line(row: Row) -> list[str]:
    what = f"{row.fact.name}({row.fact.keyword})" if row.fact.keyword else row.fact.name
    return [code(what), str(row.fact.files or ""), row.status, _proof(row)]


def _proof(row: Row) -> str:
    if row.status != WORKS:
        return cell(row.note)
    file, _, test = row.note.partition("::")
    return f"[{cell(test or file.rpartition('/')[2])}]({UP}/{file})"


def _of_yaml(found: Sequence[Row]) -> str:
    groups = {kind: [*inside] for kind, inside in groupby(found, key=lambda row: row.fact.group)}
    built = {kind: inside for kind, inside in groups.items() if kind not in NOT_BUILT}
    absent = [[code(kind), cell(NOT_BUILT[kind]), str(len(groups[kind]))] for kind in sorted(set(groups) - set(built))]
    sections = [page(f"## {kind}", _fields(inside)) for kind, inside in built.items()]
    shares = _table([_share(kind, inside) for kind, inside in built.items()])
    about = "[What the words mean](README.md). `*` is a name that the user chooses, `[]` a place in a list."
    return page(
        "# YAML fields", about, shares, *sections, "## Not here", table(["Kind", "Feature", "Fields"], absent)
    )  # fmt: skip


def _fields(found: Sequence[Row]) -> str:
    return table(["Field", "Public files", "Status", "Proof"], [_line(row) for row in found])
