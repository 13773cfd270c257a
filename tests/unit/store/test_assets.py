"""Assets and resources as rows: versions by age, names with what is newest, nothing that changes behind one's back."""

import sqlite3
from pathlib import Path

import pytest

from jupyter_aml.entities.asset_record import AssetRecord
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.store import assets, migrations, resources
from jupyter_aml.store.database import Database

OLD_SCHEMA = Path(__file__).with_name("old") / "schema-1.sql"


def _put(database: Database, name: str, *versions: str, anonymous: bool = False) -> None:
    with database.transaction() as connection:
        for version in versions:
            assets.put(connection, AssetRecord("data", name, version, {"é": 1}, 1.0, 1.0), anonymous=anonymous)


def _versions(database: Database, name: str, **which: bool | None) -> list[str]:
    return [record.version for record in assets.select(database, "data", name, page=2, **which)]


def test_the_latest_version_is_the_one_created_last(database: Database) -> None:
    _put(database, "tools", "10", "2", "x")
    latest = assets.latest(database, "data", "tools")
    assert latest is not None
    assert latest.version == "x"
    assert _versions(database, "tools") == ["x", "2", "10"]
    assert assets.get(database, "data", "tools", "3") is None
    assert assets.get(database, "model", "tools", "2") is None


def test_the_next_version_follows_the_largest_number_given_so_far(database: Database) -> None:
    _put(database, "tools", "10", "2", "x")
    found = assets.name(database, "data", "tools")
    assert found is not None
    assert found.next_version == 11


def test_names_are_listed_with_the_newest_first_and_without_those_for_one_use(database: Database) -> None:
    _put(database, "a", "1")
    _put(database, "b", "1")
    _put(database, "once", "1", anonymous=True)
    _put(database, "a", "2")
    assert [(found.name, found.latest) for found in assets.names(database, "data")] == [("a", "2"), ("b", "1")]


def test_an_archived_version_is_hidden_and_still_found(database: Database) -> None:
    _put(database, "a", "1", "2", "3")
    with database.transaction() as connection:
        assets.archive(connection, "data", "a", "3", archived=True)
    assert _versions(database, "a") == ["2", "1"]
    assert _versions(database, "a", archived=True) == ["3"]
    assert _versions(database, "a", archived=None) == ["3", "2", "1"]
    assert assets.get(database, "data", "a", "3") is not None
    latest = assets.latest(database, "data", "a")
    assert latest is not None
    assert latest.version == "2"


def test_an_archived_name_is_hidden_until_it_is_restored(database: Database) -> None:
    _put(database, "a", "1")
    with database.transaction() as connection:
        assets.archive(connection, "data", "a", None, archived=True)
    assert list(assets.names(database, "data")) == []
    assert [found.name for found in assets.names(database, "data", archived=True)] == ["a"]
    with database.transaction() as connection:
        assets.archive(connection, "data", "a", None, archived=False)
    assert [found.name for found in assets.names(database, "data")] == ["a"]


def test_the_same_version_twice_is_refused(database: Database) -> None:
    _put(database, "a", "1")
    with pytest.raises(sqlite3.IntegrityError):
        _put(database, "a", "1")


def test_a_resource_is_found_in_any_case_replaced_and_forgotten(database: Database) -> None:
    with database.transaction() as connection:
        resources.put(connection, ResourceRecord("datastore", "Blob", {"a": 1}, 1.0, 1.0, "me"))
        resources.put(connection, ResourceRecord("datastore", "blob", {"a": 2}, 2.0, 2.0, "you"))
    found = resources.get(database, "datastore", "BLOB")
    assert found == ResourceRecord("datastore", "Blob", {"a": 2}, 1.0, 2.0, "me")
    assert resources.get(database, "connection", "blob") is None
    with database.transaction() as connection:
        resources.delete(connection, "datastore", "blob")
    assert resources.select(database, "datastore") == []


def test_a_workspace_of_version_1_keeps_its_environments_and_gets_todays_tables(root: Path, database: Database) -> None:
    old = sqlite3.connect(root / "old.db", isolation_level=None)
    for statement in OLD_SCHEMA.read_text().split(";\n"):
        old.execute(statement)
    old.execute("PRAGMA user_version=1")
    old.executemany(
        "INSERT INTO environments (name, version, spec, content, created_at) VALUES (?, ?, '{}', 'c', 1.0)",
        [("tools", "1"), ("tools", "7"), ("other", "x")],
    )
    old.close()
    new = Database(root / "old.db")
    found = [(name.name, name.latest, name.next_version) for name in assets.names(new, "environment")]
    assert found == [("other", "x", 1), ("tools", "7", 8)]
    assert _shape(new) == _shape(database)
    assert new.connection.execute("PRAGMA user_version").fetchone()[0] == len(migrations.STEPS)
    new.close()


def _shape(database: Database) -> dict[str, list[tuple[str, str, int]]]:
    """Every table and index with its columns."""
    tables = [row["name"] for row in database.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = 'SELECT name, type, "notnull" FROM pragma_table_info(:table)'
    indexes = [tuple(row) for row in database.connection.execute("SELECT tbl_name, name, 0 FROM sqlite_master")]
    shape = {
        name: sorted(tuple(row) for row in database.connection.execute(columns, {"table": name})) for name in tables
    }
    return shape | {"": sorted(indexes)}
