"""A new tracking database: ready at once, right, and the same for everyone who comes first."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from jupyter_aml.exceptions import StoreError
from jupyter_aml.tracking import schema
from tests.unit.tracking.conftest import AWKWARD, bare_environment

PACKAGE = Path(schema.__file__).parents[1]
ENSURE = (
    "import sys; from pathlib import Path; from jupyter_aml.tracking.schema import ensure; "
    "ensure(Path(sys.argv[1]), Path(sys.argv[2])); print('mlflow' in sys.modules)"
)


def made_of(db: Path) -> set[tuple[str, ...]]:
    """Every table, index and trigger with the lines of its SQL; their order differs from migration to migration."""
    with closing(sqlite3.connect(db)) as connection:
        found = connection.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master").fetchall()
    return {(*row[:3], *sorted(line.strip(", ") for line in row[3].splitlines())) for row in found}


def test_the_template_is_what_mlflows_own_migration_makes(db: Path, tmp_path: Path) -> None:
    other = tmp_path / "migrated.db"
    migrate = [sys.executable, "-m", "jupyter_aml.tracking.mlflow_migration", str(other)]
    subprocess.run(migrate, check=True, capture_output=True)
    assert made_of(db) == made_of(other), "regenerate it: python -m jupyter_aml.tracking.schema"
    assert schema.revision(db) == schema.revision(other)


def test_a_template_is_shipped_for_the_installed_mlflow() -> None:
    shipped = {path.name for path in (PACKAGE / "tracking").glob("template-*.sql")}
    assert f"template-{schema.mlflow_version()}.sql" in shipped


def test_a_new_database_is_in_wal_and_alone_in_its_folder(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert [path.name for path in db.parent.iterdir()] == ["mlflow.db"]


def test_the_default_experiment_lies_under_the_artifact_root(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection:
        found = connection.execute("SELECT name, artifact_location, workspace FROM experiments").fetchall()
    assert found == [("Default", f"{(db.parent / 'arti facts').as_uri()}/0", "default")]


def test_ensuring_again_changes_nothing(db: Path, tmp_path: Path) -> None:
    before = db.read_bytes()
    schema.ensure(db, tmp_path / "another root")
    assert db.read_bytes() == before


def test_eight_first_users_at_once_share_one_database_without_mlflow(tmp_path: Path) -> None:
    db = tmp_path / AWKWARD / "deep" / "mlflow.db"
    roots = [tmp_path / f"root{number}" for number in range(8)]
    command = [sys.executable, "-c", ENSURE, str(db)]
    started = [subprocess.Popen([*command, str(root)], stdout=subprocess.PIPE, text=True) for root in roots]
    assert {process.communicate()[0].strip() for process in started} == {"False"}
    assert {process.returncode for process in started} == {0}
    left = {path.name for path in db.parent.iterdir()} - {"mlflow.db-wal", "mlflow.db-shm"}  # two may close at once
    assert left == {"mlflow.db"}
    with closing(sqlite3.connect(db)) as connection:
        places = connection.execute("SELECT artifact_location FROM experiments").fetchall()
    assert len(places) == 1
    assert places[0][0] in {f"{root.as_uri()}/0" for root in roots}


def test_a_file_that_is_not_mlflows_is_named_and_left_alone(tmp_path: Path) -> None:
    db = tmp_path / "mlflow.db"
    db.write_text("my notes, nothing else, and long enough to be no empty database at all")
    with pytest.raises(StoreError, match="not one of MLflow's"):
        schema.ensure(db, tmp_path)
    assert db.read_text().startswith("my notes")


def test_a_schema_of_another_mlflow_is_refused_with_the_way_out(db: Path) -> None:
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = 'cafe'")
    with pytest.raises(StoreError, match=r"schema cafe[\s\S]*mlflow db upgrade 'sqlite:///"):
        schema.ensure(db, db.parent)


def test_an_mlflow_without_template_migrates_once_and_is_remembered(tmp_path: Path) -> None:
    copy = tmp_path / "site" / "jupyter_aml"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.sql", "__pycache__"))
    environment = bare_environment(tmp_path, PYTHONPATH=str(copy.parent), XDG_CACHE_HOME=str(tmp_path / "cache"))

    def ensure(name: str) -> set[tuple[str, ...]]:
        command = [sys.executable, "-c", ENSURE, str(tmp_path / name), str(tmp_path)]
        subprocess.run(command, check=True, capture_output=True, env=environment, cwd=tmp_path)
        return made_of(tmp_path / name)

    first = ensure("first.db")
    assert [path.name for path in (tmp_path / "cache").rglob("*.sql")] == [f"template-{schema.mlflow_version()}.sql"]
    (copy / "tracking" / "mlflow_migration.py").unlink()  # a second migration would fail
    assert ensure("second.db") == first


def test_the_first_file_that_is_placed_stays(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).write_text(name)
        schema.place_first(tmp_path / name, tmp_path / "final")
    assert (tmp_path / "final").read_text() == "first"


def test_what_cannot_be_linked_is_renamed(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name / name).mkdir(parents=True)  # no system hard-links a folder
        schema.place_first(tmp_path / name, tmp_path / "final")
    assert [path.name for path in (tmp_path / "final").iterdir()] == ["first"]
