"""Facts are numbered, appended, and never changed."""

import sqlite3

import pytest

from jupyter_aml.store import facts
from jupyter_aml.store.database import Database
from jupyter_aml.store.facts import Fact, Seq


def _append(database: Database, kind: str, subject: str = "s", **body: facts.FactValue) -> Seq:
    with database.transaction() as connection:
        return facts.append(connection, at=1.5, kind=kind, subject=subject, **body)


def test_numbers_grow_by_one_and_reading_goes_on_where_it_stopped(database: Database) -> None:
    assert [_append(database, kind) for kind in "abc"] == [1, 2, 3]
    assert [fact.kind for fact in facts.since(database, Seq(1))] == ["b", "c"]
    assert [fact.kind for fact in facts.since(database, Seq(0), limit=2)] == ["a", "b"]
    assert facts.since(database, Seq(3)) == []


def test_a_story_is_of_one_subject_in_order(database: Database) -> None:
    _append(database, "job.wished", "mine", experiment="é 'x'", n=1, none=None, yes=True)
    _append(database, "job.wished", "other")
    _append(database, "job.status", "mine")
    first, second = facts.story(database, "mine")
    assert first == Fact(Seq(1), 1.5, "job.wished", "mine", {"experiment": "é 'x'", "n": 1, "none": None, "yes": True})
    assert second.seq == 3


def test_wishes_are_what_the_supervisor_has_yet_to_read(database: Database) -> None:
    for kind in ("job.wished", "job.status", "job.cancel.wished", "compute.wished", "job.described"):
        _append(database, kind)
    assert [fact.kind for fact in facts.wishes(database, Seq(1))] == ["job.cancel.wished", "compute.wished"]


@pytest.mark.parametrize("change", ["UPDATE facts SET kind = 'y'", "DELETE FROM facts"])
def test_a_fact_can_neither_be_changed_nor_removed(database: Database, change: str) -> None:
    _append(database, "x")
    with pytest.raises(sqlite3.IntegrityError, match="a fact never"):
        database.connection.execute(change)


def test_a_reader_is_remembered_where_it_stopped(database: Database) -> None:
    assert facts.cursor(database, "supervisor") == 0
    for seq in (Seq(4), Seq(9)):
        with database.transaction() as connection:
            facts.move_cursor(connection, "supervisor", seq)
    assert facts.cursor(database, "supervisor") == 9
    assert facts.cursor(database, "audit") == 0
