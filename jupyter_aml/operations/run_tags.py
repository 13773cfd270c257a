"""What is taken from a run's tags and added to its properties. Never its status."""

import time
from collections.abc import Iterable, Mapping

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import access
from jupyter_aml.operations import jobs as described
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


def add_properties(workspace: Workspace, run: str, properties: Mapping[str, str]) -> None:
    """Add properties. UserErrorException for one that is there with another value."""
    access.require(workspace, "jobs/write", f"jobs/{run}")
    _check(jobs.get(workspace.database, run).properties, properties)
    _check(described.describe(workspace, run, properties=properties).properties, properties)  # others add them too


def _check(known: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    for name, text in wanted.items():
        if known.get(name, text) != text:
            raise UserErrorException(
                f"properties: '{name}' is '{known[name]}' already.", resolution="A property never changes; use a tag."
            )
