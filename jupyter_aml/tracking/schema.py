"""MLflow's database made ready from a template. MLflow is not imported here; a new version of it migrates in a child.

`python -m jupyter_aml.tracking.schema` writes the template of the installed MLflow into this folder.
"""

import importlib.util
import os
import re
import sqlite3
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from jupyter_aml.exceptions import StoreError

PAGE: Final = 1024
"""Bytes of a page. A logged metric touches five pages, and each is copied: with SQLite's usual 4096 it costs 1.5 times
the CPU, while a database of 50 MB reads no slower."""


def ensure(db: Path, artifact_root: Path) -> None:
    """Make `db` a database that the installed MLflow accepts, unless it is one already.

    It appears whole: of several first users one places its file, the others find it. New runs put their
    artifacts below `artifact_root`, which the database remembers as the folder of its default experiment.

    Raises: StoreError when the file is there and is not this MLflow's.
    """
    schema = template()
    if not db.exists():
        _place(db, schema, artifact_root)
    _check(db, schema)


def template() -> str:
    """The schema of the installed MLflow, as SQL: shipped, else kept from the last time, else migrated now."""
    name = f"template-{mlflow_version()}.sql"
    shipped = Path(__file__).with_name(name)
    if shipped.exists():
        return shipped.read_text("utf-8")
    kept = _cache() / name
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with _beside(kept) as draft:
            draft.write_text(migrated(), "utf-8")
            draft.replace(kept)
    return kept.read_text("utf-8")


def migrated() -> str:
    """The schema that MLflow's own migration makes, as SQL. Takes seconds: a child process imports MLflow.

    Raises: StoreError with MLflow's words when the migration fails.
    """
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder, "mlflow.db")
        child = [sys.executable, "-m", "jupyter_aml.tracking.mlflow_migration", str(db)]
        done = subprocess.run(child, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode:
            raise StoreError(
                f"MLflow {mlflow_version()} could not make its tables:\n{done.stderr[-2000:].strip()}",
                resolution="Install a version of MLflow that works with this Python: pip install -U 'mlflow>=3.5,<4'.",
            )
        return _dump(db)


def mlflow_version() -> str:
    """The version of the installed MLflow.

    Raises: StoreError when there is none.
    """
    spec = importlib.util.find_spec("mlflow")
    if spec is None or spec.origin is None:
        raise StoreError("MLflow is not installed.", resolution="Install it: pip install 'mlflow>=3.5,<4'.")
    # importlib.metadata knows it as well, but costs 25 ms to import: half of what this room may take.
    text = Path(spec.origin).with_name("version.py").read_text("utf-8")
    if found := re.search(r'^VERSION = "([^"]+)"', text, re.MULTILINE):
        return found[1]
    from importlib.metadata import version

    return version("mlflow")


def revision(db: Path) -> str | None:
    """The version of MLflow's schema that `db` has; None when it is not MLflow's."""
    with closing(sqlite3.connect(f"{db.absolute().as_uri()}?mode=rw", uri=True, timeout=20)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return None
    return row and str(row[0])


def place_first(draft: Path, final: Path) -> None:
    """Give `draft` the name `final`, unless something has it already: of many who try, the first one wins."""
    try:
        os.link(draft, final)
    except FileExistsError:
        return
    except OSError:
        # Hard links are refused here: then the last of several wins, in the moment before any of them is used.
        if not final.exists():
            draft.replace(final)


def _check(db: Path, schema: str) -> None:
    found = revision(db)
    wanted = re.search(r"""INSERT INTO "alembic_version" VALUES\('(\w+)'\)""", schema)
    if wanted and found == wanted[1]:
        return
    if found is None:
        raise StoreError(
            f"'{db}' should be the tracking database, and is not one of MLflow's.",
            resolution="Move the file away; the next start makes a new one.",
        )
    raise StoreError(
        f"The tracking database '{db}' has MLflow's schema {found}; "
        f"the installed MLflow {mlflow_version()} has another one.",
        resolution=f"Copy the file, then upgrade it: mlflow db upgrade 'sqlite:///{db}'. "
        "If a newer MLflow wrote it, install that one again.",
    )


def _place(db: Path, schema: str, artifact_root: Path) -> None:
    db.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _beside(db) as draft:
        _write(draft, schema, artifact_root)
        place_first(draft, db)


def _write(draft: Path, schema: str, artifact_root: Path) -> None:
    now = time.time_ns() // 1_000_000
    with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        # Nobody else sees the draft yet, and one fsync below covers it all.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute(f"PRAGMA page_size = {PAGE}")
        connection.executescript(schema)
        connection.execute(
            "INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, "
            "last_update_time) VALUES (0, 'Default', ?, 'active', ?, ?)",
            (f"{artifact_root.absolute().as_uri()}/0", now, now),
        )
        connection.execute("PRAGMA journal_mode = WAL")
    _sync(draft)


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _beside(final: Path) -> Generator[Path]:
    draft = final.with_name(f".{final.name}.{os.urandom(8).hex()}")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _dump(db: Path) -> str:
    with closing(sqlite3.connect(db)) as connection:
        lines = "\n".join(connection.iterdump()).splitlines()
    # MLflow leaves blanks at line ends; in a file of ours they would be noise.
    return "\n".join(map(str.rstrip, lines)) + "\n"


def _cache() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("jupyter_aml", appauthor=False)


if __name__ == "__main__":
    Path(__file__).with_name(f"template-{mlflow_version()}.sql").write_text(migrated(), "utf-8")
