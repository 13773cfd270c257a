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

    made = create_sqlalchemy_engine(database_uri)
    event.listen(made, "connect", _tune)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=partial(made.dispose, close=False))
    return made


def _tune(connection: _Cursor, _record: object) -> None:
    for pragma in TUNING:
        connection.execute(pragma)
