"""Registered models: MLflow's rows and the workspace's, version by version the same. MLflow is not imported here.

Whoever registers, the other side is told: `operations.models` adds MLflow's rows here, and MLflow's registry store
(`mlflow_store.RegistryStore`) tells the workspace of what `mlflow.register_model` made. A version that is no number
is the workspace's alone: MLflow has no place for it.
"""

import json
import sqlite3
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from jupyter_aml.entities.asset_record import AssetRecord, number
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.store import assets, facts
from jupyter_aml.store.database import Database
from jupyter_aml.tracking.connection import Connections

_ADD_MODEL: Final = """
INSERT INTO registered_models (name, creation_time, last_updated_time, description) VALUES (:name, :at, :at, '')
ON CONFLICT DO UPDATE SET last_updated_time = :at"""
_ADD_VERSION: Final = """
INSERT INTO model_versions (name, version, creation_time, last_updated_time, description, user_id, current_stage,
                            source, run_id, status, storage_location)
VALUES (:name, :version, :at, :at, :description, :user, coalesce(:stage, 'None'), :source, :run, 'READY', :source)
ON CONFLICT DO UPDATE SET description = excluded.description, last_updated_time = excluded.last_updated_time,
                          current_stage = coalesce(:stage, current_stage)
WHERE source = excluded.source"""
_STAGES: Final = ("Staging", "Production", "Archived")
"""Those of Azure's that MLflow has too."""
_ADD_TAG: Final = """
INSERT INTO model_version_tags (key, value, name, version) VALUES (?, ?, ?, ?)
ON CONFLICT DO UPDATE SET value = excluded.value"""

_DESCRIBE: Final = "UPDATE model_versions SET description = ?, last_updated_time = ? WHERE name = ? AND version = ?"
_TAGS_GONE: Final = "DELETE FROM model_version_tags WHERE name = ? AND version = ?"
# As MLflow deletes: the row stays, so that the number is not given out again.
_DELETE: Final = """
UPDATE model_versions SET current_stage = 'Deleted_Internal', last_updated_time = ?, description = NULL, user_id = NULL,
    source = 'REDACTED-SOURCE-PATH', run_id = 'REDACTED-RUN-ID', run_link = 'REDACTED-RUN-LINK', status_message = NULL
WHERE name = ? AND version = ?"""


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version as MLflow keeps it. `source` is where its files lie, `run` the job that made it."""

    name: str
    version: int
    source: str
    description: str = ""
    run: str = ""
    user: str = ""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    stage: str = ""


class RegisteredModels:
    """The registered models of one tracking database."""

    def __init__(self, db: Path) -> None:
        self._connections = Connections(db)

    def newest(self, name: str) -> int:
        """The largest version MLflow ever gave out for that name; 0 when there is none."""
        return _newest(self._connections.get(), name)

    def add(self, model: ModelVersion) -> None:
        """The version in MLflow's registry, as `mlflow.register_model` would have left it.

        One that is there stays, described anew.
        """
        with self._connections.writing() as db:
            _add(db, model)

    def give(self, model: ModelVersion) -> int:
        """A number that nobody has, for this model, which is in MLflow's registry with it from then on.

        It is `model.version`, or the next one after MLflow's newest; whoever asks at the same time gets another.
        """
        with self._connections.writing() as db:
            numbered = replace(model, version=max(model.version, _newest(db, model.name) + 1))
            _add(db, numbered)
        return numbered.version

    def describe(self, name: str, version: int, description: str, tags: Mapping[str, str]) -> None:
        """Another description and other tags of a version, in MLflow's registry; nothing where it has none."""
        with self._connections.writing() as db:
            done = db.execute(_DESCRIBE, (description, time.time_ns() // 1_000_000, name, version))
            if done.rowcount:
                db.execute(_TAGS_GONE, (name, version))
                db.executemany(_ADD_TAG, [(key, value, name, version) for key, value in tags.items()])

    def remove(self, name: str, version: int) -> None:
        """Delete a version from MLflow's registry, as MLflow does: its number is not given out again."""
        with self._connections.writing() as db:
            db.execute(_DELETE, (time.time_ns() // 1_000_000, name, version))
            db.execute(_TAGS_GONE, (name, version))

    def of_run(self, name: str, run: str, source: str) -> int | None:
        """The version that was made of those files of a run, if MLflow has one."""
        query = "SELECT max(version) FROM model_versions WHERE name = ? AND run_id = ? AND source = ?"
        found = self._connections.read(query, name, run, source)[0][0]
        return found if isinstance(found, int) else None

    def close(self) -> None:
        """Close this process's connections."""
        self._connections.close()


def _newest(db: sqlite3.Connection, name: str) -> int:
    return db.execute("SELECT max(version) FROM model_versions WHERE name = ?", (name,)).fetchone()[0] or 0


def _add(db: sqlite3.Connection, model: ModelVersion) -> None:
    row = {
        "name": model.name, "version": model.version, "at": time.time_ns() // 1_000_000, "user": model.user,
        "description": model.description, "source": model.source, "run": model.run or None,
        "stage": next((stage for stage in _STAGES if stage == model.stage.title()), None),
    }  # fmt: skip
    db.execute(_ADD_MODEL, row)
    db.execute(_ADD_VERSION, row)
    db.executemany(_ADD_TAG, [(key, value, model.name, model.version) for key, value in model.tags.items()])


def tell_workspace(tracking_database: Path, model: ModelVersion, flavors: Mapping[str, Any]) -> None:
    """The version that MLflow registered, as a model of the workspace whose database lies beside; once."""
    folder = WorkspaceFolder(tracking_database.parent)
    if not folder.database.exists():
        return
    now, spec = time.time(), _spec(folder, model, flavors)
    content = json.dumps([spec["type"], spec["path"]])
    record = AssetRecord("model", model.name, str(model.version), spec, now, now, content, model.user)
    with closing(Database(folder.database)) as database, database.transaction() as connection:
        if assets.get(database, "model", record.name, record.version) is None:
            assets.put(connection, record)
            facts.append(connection, at=now, kind="model.created", subject=record.name, version=record.version)


def forget_in_workspace(tracking_database: Path, name: str, version: int | None = None) -> None:
    """MLflow deleted the version, or all it had: they are gone here too (§12, the one way to delete a model)."""
    folder = WorkspaceFolder(tracking_database.parent)
    if not folder.database.exists():
        return
    with closing(Database(folder.database)) as database, database.transaction() as connection:
        known = [found.version for found in assets.select(database, "model", name, archived=None)]
        for gone in [one for one in known if number(one) is not None] if version is None else [str(version)]:
            assets.remove(connection, "model", name, gone)
            facts.append(connection, at=time.time(), kind="model.deleted", subject=name, version=gone)


def stages_in_workspace(tracking_database: Path, name: str, moved: int) -> None:
    """MLflow moved a version to another stage, and maybe others out of it: the models say so.

    Those that MLflow knows no stage of keep theirs: Azure has some that MLflow has not.
    """
    folder = WorkspaceFolder(tracking_database.parent)
    if not folder.database.exists():
        return
    with closing(Database(folder.database)) as database, database.transaction() as connection:
        stages = _stages(tracking_database, name)
        for found in assets.select(database, "model", name, archived=None):
            stage = stages.get(found.version, "None")
            if stage != found.spec.get("stage") and (stage != "None" or found.version == str(moved)):
                assets.describe(connection, _at_stage(found, stage))


def datastore_uri(folder: WorkspaceFolder, source: str) -> str:
    """`azureml://datastores/…` of a file in one of the workspace's own datastores; any other address as it is."""
    path, root = local_path(source), folder.root / "datastores"
    if not path.is_absolute() or not path.is_relative_to(root):
        return source
    datastore, _, below = path.relative_to(root).as_posix().partition("/")
    return f"azureml://datastores/{datastore}/paths/{below}"


def local_path(source: str) -> Path:
    """The path of a `file:` URI, or of a path."""
    return Path(unquote(urlsplit(source).path)) if source.startswith("file:") else Path(source)


def _spec(folder: WorkspaceFolder, model: ModelVersion, flavors: Mapping[str, Any]) -> dict[str, Any]:
    said = {"description": model.description, "job_name": model.run, "flavors": dict(flavors)}
    return {
        "name": model.name,
        "version": str(model.version),
        "type": "mlflow_model" if flavors else "custom_model",
        "path": datastore_uri(folder, model.source),
        "tags": dict(model.tags),
        **{key: value for key, value in said.items() if value},
    }


def _stages(tracking_database: Path, name: str) -> dict[str, str]:
    connections = Connections(tracking_database)
    rows = connections.read("SELECT version, current_stage FROM model_versions WHERE name = ?", name)
    connections.close()
    return {str(version): str(stage) for version, stage in rows}


def _at_stage(found: AssetRecord, stage: str) -> AssetRecord:
    return replace(found, spec={**found.spec, "stage": stage}, modified_at=time.time())
