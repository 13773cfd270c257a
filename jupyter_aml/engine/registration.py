"""Outputs that a completed job names become assets (§4.1); those of another do not. No status is decided here."""

import json
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.entities.asset_record import AssetKind, AssetRecord
from jupyter_aml.entities.launch import launch_from_json
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.store import assets, facts, jobs
from jupyter_aml.store.database import Database, Transaction
from jupyter_aml.tracking.models import ModelVersion, RegisteredModels, datastore_uri

_MODELS: Final = frozenset({"custom_model", "mlflow_model", "triton_model"})


class Registrar:
    """Registers the named outputs of completed jobs in one workspace."""

    def __init__(self, database: Database, folder: WorkspaceFolder) -> None:
        self._database, self._folder = database, folder
        self._models = RegisteredModels(folder.tracking_database)

    def planned(self, name: JobName, at: float) -> list[AssetRecord]:
        """The assets that this job's outputs become: the version they name, else the next one."""
        job = jobs.find(self._database, name)
        wanted = cast("dict[str, dict[str, Any]]", (job.spec.get("outputs") if job else None) or {})
        if not any(output.get("name") for output in wanted.values()):
            return []
        launch = launch_from_json(jobs.launch_text(self._database, name))
        return [
            self._planned(name, at, output, launch.outputs[key].path)
            for key, output in wanted.items()
            if output.get("name") and key in launch.outputs
        ]

    def _planned(self, job: JobName, at: float, output: dict[str, Any], path: str) -> AssetRecord:
        type_ = str(output.get("type") or "uri_folder")
        kind: AssetKind = "model" if type_ in _MODELS else "data"
        place = self._uri(path) + ("" if type_ == "uri_file" or Path(path).is_file() else "/")
        version = str(output.get("version") or self._next(kind, str(output["name"])))
        spec = {"name": output["name"], "version": version, "type": type_, "path": place}
        if kind == "model":
            spec["job_name"] = job
        return AssetRecord(kind, str(output["name"]), version, spec, at, at, json.dumps([type_, place]), job)

    def _uri(self, path: str) -> str:
        return datastore_uri(self._folder, path).rstrip("/") if "://" not in path else path.rstrip("/")

    def _next(self, kind: AssetKind, name: str) -> int:
        found = assets.name(self._database, kind, name)
        ours = found.next_version if found else 1
        return max(ours, self._models.newest(name) + 1) if kind == "model" else ours

    def tell_mlflow(self, planned: list[AssetRecord]) -> None:
        """The models among them, in MLflow's registry; before our own transaction, like all that MLflow is told."""
        for record in planned:
            if record.kind == "model" and record.version.isdecimal():
                path, job = str(record.spec["path"]), str(record.spec["job_name"])
                self._models.add(ModelVersion(record.name, int(record.version), path, run=job))

    def write(self, connection: Transaction, planned: list[AssetRecord]) -> None:
        """The assets and their facts. A version that somebody else took meanwhile is told, and stays theirs."""
        for record in planned:
            known = assets.get(self._database, record.kind, record.name, record.version)
            if known is None:
                assets.put(connection, record)
            if known is None or known.content != record.content:
                what = "created" if known is None else "refused"
                facts.append(
                    connection, at=record.created_at, kind=f"{record.kind}.{what}", subject=record.name,
                    version=record.version, job=record.created_by,
                )  # fmt: skip
