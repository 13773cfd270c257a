"""The reference pages are what tables, docstrings and schemas make of them today; every link leads somewhere."""

import re
from functools import cache
from pathlib import Path

import pytest

from jupyter_aml.verbs import MAGICS, NOUNS
from notebooks.reference import kinds
from notebooks.reference.__main__ import HERE, main, written
from notebooks.reference.pages import pages

LINK = re.compile(r"\]\(([^)#]*)(?:#([^)]*))?\)")
made = cache(pages)


def test_the_committed_pages_are_what_the_generator_makes() -> None:
    stale = {path for path in {*made(), *written()} if made().get(path) != written().get(path)}
    assert stale == set(), "run: python -m notebooks.reference"


def test_every_noun_magic_and_kind_has_its_page() -> None:
    wanted = {
        *(f"commands/{noun}.md" for noun in NOUNS),
        *(f"magics/aml_{name}.md" for name in (*MAGICS, "job", "jobs", "sweep", "workspace")),
        *(f"yaml/{kind}.md" for kind in kinds.kinds()),
    }
    assert wanted <= set(made())
    assert {"data", "datastore", "environment", "compute", "model", "component", "job"} <= set(kinds.kinds())


@pytest.mark.parametrize("path", sorted(made()))
def test_every_link_leads_to_a_file_and_a_heading(path: str) -> None:
    for target, heading in LINK.findall(made()[path]):
        file = (HERE / path).parent / target if target else HERE / path
        assert file.exists(), target
        if heading:
            assert heading in headings(made()[path]), heading


def headings(text: str) -> set[str]:
    """What a page's headings are called in links, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_field_of_a_schema_is_on_its_page() -> None:
    for kind in kinds.kinds():
        fields = set(re.findall(r"^\| `([^`]+)` \|", made()[f"yaml/{kind}.md"], re.MULTILINE))
        (top, *_) = [part for name, part in kinds.schema(kind)["$defs"].items() if f"## {name}\n" in kinds_page(kind)]
        assert set(top["properties"]) - {"$schema"} <= fields


def kinds_page(kind: str) -> str:
    return made()[f"yaml/{kind}.md"]


def test_what_is_no_more_loses_its_page(tmp_path: Path) -> None:
    (tmp_path / "commands").mkdir()
    (tmp_path / "commands" / "gone.md").touch()
    main(tmp_path)
    assert written(tmp_path) == made()
