"""What is taken from a run's tags. Never its status."""

import time
from collections.abc import Iterable

from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, jobs
from jupyter_aml.tracking.tag_removal import remove_tags


def remove(workspace: Workspace, run: str, names: Iterable[str]) -> None:
    """Take these tags away, from MLflow's run too. Nothing for those that it has not."""
    access.require(workspace, "jobs/write", f"jobs/{run}")
    gone = set(names) & set(jobs.get(workspace.database, run).tags)
    if not gone:
        return
    remove_tags(workspace.folder.tracking_database, run, gone)
    with workspace.database.transaction() as connection:
        kept = jobs.retag(connection, run, dict.fromkeys(gone))
        facts.append(connection, at=time.time(), kind="job.described", subject=run, tags=kept)
