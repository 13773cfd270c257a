"""What MLflow's experiments are tagged with, and their deletion, by SQL. MLflow is not imported here."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from jupyter_aml.tracking.connection import Connections

_ALL: Final = """
SELECT experiments.name, experiment_tags.key, experiment_tags.value
FROM experiments JOIN experiment_tags USING (experiment_id) ORDER BY experiment_tags.key"""
_SET: Final = """
INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)
ON CONFLICT (key, experiment_id) DO UPDATE SET value = excluded.value"""
_REMOVE: Final = "DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?"
_NAME: Final = "SELECT name FROM experiments WHERE experiment_id = ? AND lifecycle_stage = 'active'"
_DELETE: Final = """
UPDATE experiments SET lifecycle_stage = 'deleted' WHERE experiment_id = :id
AND NOT EXISTS (SELECT 1 FROM runs WHERE experiment_id = :id AND lifecycle_stage = 'active')"""


def tags(db: Path) -> dict[str, dict[str, str]]:
    """The tags of all experiments that have any, by the experiment's name."""
    found: dict[str, dict[str, str]] = {}
    with closing(Connections(db)) as connections:
        for experiment, key, value in connections.read(_ALL):
            found.setdefault(str(experiment), {})[str(key)] = str(value or "")
    return found


def name_of(db: Path, experiment_id: str) -> str:
    """The name of the experiment of that id; '' when there is none, or none any more."""
    with closing(Connections(db)) as connections:
        return next((str(name) for (name,) in connections.read(_NAME, experiment_id)), "")


def set_tags(db: Path, experiment_id: str, given: Mapping[str, str]) -> None:
    """Set these tags; the experiment's other tags stay."""
    with closing(Connections(db)) as connections, connections.writing() as open_db:
        open_db.executemany(_SET, [(int(experiment_id), key, value) for key, value in given.items()])


def remove_tags(db: Path, experiment_id: str, names: Iterable[str]) -> None:
    """Take these tags away, as far as it has them."""
    with closing(Connections(db)) as connections, connections.writing() as open_db:
        open_db.executemany(_REMOVE, [(int(experiment_id), name) for name in names])


def delete(db: Path, experiment_id: str) -> bool:
    """Delete it as MLflow would; False when it has runs, and stays."""
    with closing(Connections(db)) as connections, connections.writing() as open_db:
        return bool(open_db.execute(_DELETE, {"id": int(experiment_id)}).rowcount)
