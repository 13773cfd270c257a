"""A registered model described anew, copied out, or forgotten; in MLflow's registry too. No model runs here."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_aml.entities.asset_record import AssetRecord, number
from jupyter_aml.operations import access, assets, places
from jupyter_aml.operations.downloads import copied
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import assets as rows
from jupyter_aml.store import facts


def described(workspace: Workspace, name: str, version: str, changes: Mapping[str, Any]) -> AssetRecord:
    """The version with other tags, properties or description."""
    access.require(workspace, "models/versions/write", f"models/{name}")
    found = assets.one(workspace, "model", assets.Reference(name, version))
    now = time.time()
    changed = replace(found, spec={**found.spec, **changes}, modified_at=now)
    if (known := number(version)) is not None:
        workspace.models.describe(
            name, known, str(changed.spec.get("description") or ""), changed.spec.get("tags") or {}
        )
    with workspace.database.transaction() as connection:
        rows.describe(connection, changed)
        facts.append(connection, at=now, kind="model.described", subject=name, version=version)
    return changed


def copy_to(workspace: Workspace, name: str, version: str, target: Path, *, may_exist: bool) -> Path | None:
    """A copy of the model's file or folder, in a folder; None when one of that name is there and may not be."""
    access.require(workspace, "models/versions/read", f"models/{name}")
    record = assets.one(workspace, "model", assets.Reference(name, version))
    source = places.fetch(workspace, str(record.spec["path"]))
    made = target / source.name
    if made.exists() and not may_exist:
        return None
    copied(source, made if source.is_dir() else target)
    return made


def delete(workspace: Workspace, name: str, version: str) -> None:
    """Forget a version; its number is not given out again. Files that a job wrote stay the job's."""
    access.require(workspace, "models/versions/delete", f"models/{name}")
    assets.one(workspace, "model", assets.Reference(name, version))
    if (known := number(version)) is not None:
        workspace.models.remove(name, known)
    with workspace.database.transaction() as connection:
        rows.remove(connection, "model", name, version)
        facts.append(connection, at=time.time(), kind="model.deleted", subject=name, version=version)
