"""MLflow's own tables, made by MLflow's own migration in an empty file. A door to mlflow: run it in a child process."""

# pyright: standard
# MLflow's migration has no annotations.

import sys
from pathlib import Path


def migrate(db: Path) -> None:
    """Make the tables of the installed MLflow in `db`, a file that is not there yet."""
    from mlflow.store.db import utils

    from jupyter_aml.tracking.mlflow_engine import database_uri

    engine = utils.create_sqlalchemy_engine(database_uri(db))
    utils._initialize_tables(engine)  # noqa: SLF001  # MLflow has no public name for it
    engine.dispose()


if __name__ == "__main__":
    migrate(Path(sys.argv[1]))
