"""What a notebook loses on its way to a script, and what the script reads like: snapshots, for people to read."""

import pytest
from syrupy.assertion import SnapshotAssertion

from jupyter_aml.notebook.script import Script, convert
from tests.journeys.notebook.corpus import CORPUS, FLAGGED, NOTEBOOKS

WHOLE = ("course_train_diabetes", "shell_habits", "typed_parameters")


def converted(name: str) -> Script:
    return convert(CORPUS / f"{name}.ipynb", parameters=FLAGGED.get(name, ()))


def shown(text: str) -> str:
    """On one line."""
    return " ⏎ ".join(text.split("\n"))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_what_a_notebook_loses(name: str, snapshot: SnapshotAssertion) -> None:
    script = converted(name)
    changes = [
        f"{change.cell:>2}:{change.line:<2} {change.rule:<14} {shown(change.before)}"
        + (f"  →  {shown(change.after)}" if change.after else "")
        for change in script.changes
    ]
    assert "\n".join([*changes, *(f"remark: {remark}" for remark in script.remarks)]) == snapshot


@pytest.mark.parametrize("name", WHOLE)
def test_what_a_script_reads_like(name: str, snapshot: SnapshotAssertion) -> None:
    assert converted(name).text == snapshot


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_change_stands_where_it_says(name: str) -> None:
    script = converted(name)
    for change in script.changes:
        lines = script.sources[change.cell].split("\n")
        assert 0 < change.line <= len(lines)
        if change.rule not in {"path", "unused-imports"}:
            first = change.before.split("\n")[0].removesuffix(" …")
            assert " ".join(first.split()) in " ".join(lines[change.line - 1].split())


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_whatever_is_dropped_can_be_kept(name: str) -> None:
    dropped = {change.cell for change in converted(name).changes if not change.after and change.rule == "looking"}
    kept = convert(
        CORPUS / f"{name}.ipynb", parameters=FLAGGED.get(name, ()), keep=tuple(str(cell) for cell in dropped)
    )
    assert [change for change in kept.changes if change.cell in dropped and change.rule == "looking"] == []
