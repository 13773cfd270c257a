"""Tags taken from a run in MLflow's database, by SQL. MLflow is not imported here."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from jupyter_aml.tracking.connection import Connections
from jupyter_aml.tracking.runs import JOB_TAG

_REMOVE: Final = "DELETE FROM tags WHERE run_uuid = ? AND key = ?"


def remove_tags(db: Path, run_id: str, names: Iterable[str]) -> None:
    """Take these tags from the run, as far as it has them; the mark of a job's run stays."""
    with closing(Connections(db)) as connections, connections.writing() as open_db:
        open_db.executemany(_REMOVE, [(run_id, name) for name in names if name != JOB_TAG])
