"""Outputs that a completed job names become assets (§4.1); those of another do not. No status is decided here."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from jupyter_aml.entities.asset_record import AssetKind, AssetRecord, number
from jupyter_aml.entities.job_record import JobRecord, Spec
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

    def told(self, completed: Iterable[JobRecord]) -> list["Planned"]:
        """What the named outputs of these jobs become, the models in MLflow's registry, which gives them their numbers.

        Before our own transaction, like all that MLflow is told; told again after a crash, it is the same version.
        Data that names no version gets its own later.
        """
        planned = [one for job in completed for one in self._of(job)]
        return [self._told(one) if one.kind == "model" else one for one in planned]

    def _of(self, job: JobRecord) -> list["Planned"]:
        launch = launch_from_json(jobs.launch_text(self._database, job.name))
        named = job.named_outputs.items()
        return [self._planned(job.name, output, launch.outputs[key].path) for key, output in named]

    def _planned(self, job: JobName, output: Spec, path: str) -> "Planned":
        type_, name = str(output.get("type") or "uri_folder"), str(output["name"])
        kind: AssetKind = "model" if type_ in _MODELS else "data"
        is_file = type_ == "uri_file" or Path(path).is_file()
        place = self._uri(path).rstrip("/") + ("" if is_file else "/")
        source = path if "://" in path else Path(path).as_uri()
        spec: Spec = {"type": type_, "path": place} | ({"job_name": job} if kind == "model" else {})
        if text := output.get("description"):
            spec["description"] = str(text)
        return Planned(kind, name, str(output.get("version") or ""), spec, source, job)

    def _uri(self, path: str) -> str:
        return path if "://" in path else datastore_uri(self._folder, path)

    def _next(self, kind: AssetKind, name: str) -> int:
        found = assets.name(self._database, kind, name)
        return found.next_version if found else 1

    def _told(self, one: "Planned") -> "Planned":
        text = str(one.spec.get("description") or "")
        model = ModelVersion(one.name, self._next("model", one.name), one.source, text, one.job)
        if not one.version:
            known = self._models.of_run(one.name, one.job, one.source)
            return replace(one, version=str(known or self._models.give(model)))
        if (version := number(one.version)) is not None:
            self._models.add(replace(model, version=version))
        return one

    def write(self, connection: Transaction, planned: Iterable["Planned"], at: float) -> None:
        """The assets and their facts. A version that somebody else took meanwhile is told, and stays theirs."""
        for wanted in planned:
            one = replace(wanted, version=wanted.version or str(self._next(wanted.kind, wanted.name)))
            content = json.dumps([one.spec["type"], one.spec["path"]])
            spec = {"name": one.name, "version": one.version, **one.spec}
            record = AssetRecord(one.kind, one.name, one.version, spec, at, at, content)
            known = assets.get(self._database, one.kind, one.name, one.version)
            if known is None:
                assets.put(connection, record)
            if known is None or known.content != content:
                what = "created" if known is None else "refused"
                facts.append(
                    connection, at=at, kind=f"{one.kind}.{what}", subject=one.name, version=one.version, job=one.job
                )


@dataclass(frozen=True, slots=True)
class Planned:
    """An asset that is about to be; `version` is '' until it gets its number, `source` is where MLflow finds it."""

    kind: AssetKind
    name: str
    version: str
    spec: Spec
    source: str
    job: JobName
