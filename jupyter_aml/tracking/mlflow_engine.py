"""How MLflow's own SQL reaches our database. A door to mlflow: load it inside a function."""

# pyright: standard
# MLflow's engine has no annotations.

import os
from functools import cache, partial
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Engine, event

from jupyter_aml.tracking.connection import TUNING


class _Cursor(Protocol):
    def execute(self, statement: str, /) -> object: ...


def database_uri(db: Path) -> str:
    """SQLAlchemy's URI of a file, whatever characters its path has."""
    return URL.create("sqlite", database=str(db.absolute())).render_as_string(hide_password=False)


@cache
def engine(database_uri: str) -> Engine:
    """The process's one engine for a database; a forked child starts with no connection of its parent's.

    MLflow's own constructor would make the parent folders of the *encoded* path, so it is not used.
    """
    from mlflow.store.db.utils import create_sqlalchemy_engine

    _look_once_for_the_newest_schema()
    made = create_sqlalchemy_engine(database_uri)
    event.listen(made, "connect", _tune)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=partial(made.dispose, close=False))
    return made


def _look_once_for_the_newest_schema() -> None:
    """MLflow loads its 67 migration scripts for each store to learn its own version: 70 ms, and always the same."""
    from mlflow.store.db import utils

    if not hasattr(utils._get_latest_schema_revision, "cache_info"):  # noqa: SLF001 - a constant of the installed MLflow
        utils._get_latest_schema_revision = cache(utils._get_latest_schema_revision)  # noqa: SLF001 - as above


def _tune(connection: _Cursor, _record: object) -> None:
    for pragma in TUNING:
        connection.execute(pragma)
