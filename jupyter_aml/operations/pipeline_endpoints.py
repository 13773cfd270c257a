"""Endpoints over published pipelines: a name, versions, the one that is meant by default. Nothing is submitted here."""

import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.resource_record import ResourceKind, ResourceRecord
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, resources
from jupyter_aml.store.database import Transaction

ACTIVE: Final = "Active"
DISABLED: Final = "Disabled"
_KIND: Final[ResourceKind] = "pipeline endpoint"
_FIRST: Final = "0"


def create(workspace: Workspace, name: str, description: str | None, pipeline: str) -> ResourceRecord:
    """An endpoint whose version 0 is a published pipeline, by its id. UserErrorException for a name that is taken."""
    access.require(workspace, "endpoints/pipelines/write", f"endpoints/pipelines/{name}")
    spec = {
        "name": name, "description": description, "status": ACTIVE, "default_version": _FIRST,
        "versions": {_FIRST: pipeline},
    }  # fmt: skip
    now = time.time()
    record = ResourceRecord(_KIND, str(uuid.uuid4()), spec, now, now, workspace.principal)
    with workspace.database.transaction() as connection:
        _write(workspace, connection, record, "created")
    return record


def get(workspace: Workspace, endpoint: str = "", name: str = "") -> ResourceRecord:
    """The endpoint of an id, or of a name. ResourceNotFoundError with the nearest name."""
    access.require(workspace, "endpoints/pipelines/read", "endpoints/pipelines")
    there = resources.select(workspace.database, _KIND)
    for one in there:
        if one.name == endpoint or (name and one.spec["name"] == name):
            return one
    known = [str(one.spec["name"]) for one in there]
    raise ResourceNotFoundError(
        f"Not found pipeline endpoint '{name or endpoint}' in workspace {workspace.id.name}.",
        resolution=did_you_mean(name, known) if name else "PipelineEndpoint.list(ws)",
    )


def every(workspace: Workspace) -> list[ResourceRecord]:
    """All of them, newest first."""
    access.require(workspace, "endpoints/pipelines/read", "endpoints/pipelines")
    return resources.select(workspace.database, _KIND)


def change(workspace: Workspace, endpoint: str, **said: object) -> ResourceRecord:
    """Say something else of it: `name`, `status` or `default_version`. UserErrorException for what cannot be."""
    access.require(workspace, "endpoints/pipelines/write", f"endpoints/pipelines/{endpoint}")

    def changed(spec: Spec) -> Spec:
        wanted = said.get("default_version", spec["default_version"])
        if wanted not in spec["versions"]:
            resolution = f"It has {', '.join(spec['versions'])}."
            raise UserErrorException(f"'{spec['name']}' has no version '{wanted}'.", resolution=resolution)
        return {**spec, **said}

    return _change(workspace, endpoint, changed)


def add(workspace: Workspace, endpoint: str, pipeline: str, *, is_default: bool = False) -> ResourceRecord:
    """One more version of it: a published pipeline, by its id."""
    access.require(workspace, "endpoints/pipelines/write", f"endpoints/pipelines/{endpoint}")

    def longer(spec: Spec) -> Spec:
        version = str(len(spec["versions"]))
        made = {**spec, "versions": {**spec["versions"], version: pipeline}}
        return made | ({"default_version": version} if is_default else {})

    return _change(workspace, endpoint, longer)


def _change(workspace: Workspace, endpoint: str, changed: Callable[[Spec], Spec]) -> ResourceRecord:
    """What is read and what is written belong together: nobody else's change is lost."""
    with workspace.database.transaction() as connection:
        known = get(workspace, endpoint)
        made = replace(known, spec=changed(known.spec), modified_at=time.time())
        _write(workspace, connection, made, "described")
    return made


def _write(workspace: Workspace, connection: Transaction, record: ResourceRecord, what: str) -> None:
    for one in resources.select(workspace.database, _KIND):
        if one.spec["name"] == record.spec["name"] and one.name != record.name:
            raise UserErrorException(
                f"There is a pipeline endpoint '{record.spec['name']}' already.", resolution="Choose another name."
            )
    resources.put(connection, record)
    facts.append(connection, at=record.modified_at, kind=f"pipeline_endpoint.{what}", subject=record.name)
