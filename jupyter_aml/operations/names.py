"""The names there are, for whoever completes them while typing. Light: no draft is loaded, no content is read."""

from itertools import islice
from typing import Final

from jupyter_aml.entities.asset_record import AssetKind
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import assets as asset_rows
from jupyter_aml.store import computes as compute_rows
from jupyter_aml.store import jobs as job_rows
from jupyter_aml.store import resources
from jupyter_aml.store import schedules as schedule_rows

_COLLECTION: Final[dict[AssetKind, str]] = {
    "data": "data",
    "environment": "environments",
    "model": "models",
    "component": "components",
}


def jobs(workspace: Workspace, most: int = 200, kind: str = "") -> list[str]:
    """The newest jobs, those that are nobody's children first; of one kind, `sweep` or `pipeline`."""
    access.require(workspace, "jobs/read", "jobs")
    return job_rows.recent_names(workspace.database, most, kind)


def experiments(workspace: Workspace) -> list[str]:
    """The experiments that have jobs, by name."""
    access.require(workspace, "jobs/read", "jobs")
    return job_rows.experiments(workspace.database)


def computes(workspace: Workspace, *, hidden: bool = False) -> list[str]:
    """All computes by name; with `hidden`, those that every workspace has for jobs, too."""
    access.require(workspace, "computes/read", "computes")
    return [compute.name for compute in compute_rows.select(workspace.database, hidden=hidden)]


def assets(workspace: Workspace, kind: AssetKind) -> list[str]:
    """The assets of one kind, the one with the newest version first; curated environments last."""
    access.require(workspace, f"{_COLLECTION[kind]}/read", _COLLECTION[kind])
    own = [found.name for found in asset_rows.names(workspace.database, kind)]
    return [*own, *(_curated(own) if kind == "environment" else ())]


def versions(workspace: Workspace, kind: AssetKind, name: str, most: int = 200) -> list[str]:
    """The versions of one asset, newest first; the one of a curated environment."""
    access.require(workspace, f"{_COLLECTION[kind]}/versions/read", f"{_COLLECTION[kind]}/{name}")
    own = [found.version for found in islice(asset_rows.select(workspace.database, kind, name, archived=False), most)]
    return [*own, *(_curated_version(name) if kind == "environment" else ())]


def datastores(workspace: Workspace) -> list[str]:
    """The user's datastores, newest first, then the built-in ones."""
    access.require(workspace, "datastores/read", "datastores")
    return [*(found.name for found in resources.select(workspace.database, "datastore")), *BUILT_IN_DATASTORES]


def connections(workspace: Workspace) -> list[str]:
    """All connections, newest first."""
    access.require(workspace, "connections/read", "connections")
    return [found.name for found in resources.select(workspace.database, "connection")]


def schedules(workspace: Workspace) -> list[str]:
    """All schedules, newest first."""
    access.require(workspace, "schedules/read", "schedules")
    return schedule_rows.names(workspace.database)


def _curated_version(name: str) -> list[str]:
    from jupyter_aml.entities.curated import CURATED

    return [str(CURATED[name]["version"])] if name in CURATED else []


def _curated(own: list[str]) -> list[str]:
    from jupyter_aml.entities.curated import CURATED

    return [name for name in CURATED if name not in own]
