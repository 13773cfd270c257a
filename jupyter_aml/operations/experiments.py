"""Experiments: named, tagged, put out of sight, deleted. Their runs are never touched here.

Tags lie in MLflow's database, where MLflow sees them too. An experiment is archived until its next run.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Final

from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs
from jupyter_aml.tracking import experiment_tags

_ARCHIVED: Final = "azureml.archivedAt"
_OTHERS: Final = "mlflow."
_DEFAULT: Final = "0"


def names(workspace: Workspace, *, archived: bool | None = False) -> list[str]:
    """The experiments that have jobs, by name. `archived`: False hides those that are, None shows all."""
    access.require(workspace, "jobs/read", "jobs")
    known = jobs.experiments(workspace.database)
    if archived is None:
        return known
    marked = _tags(workspace)
    return [name for name in known if (_since(workspace, name, marked.get(name, {})) is not None) == archived]


def tags(workspace: Workspace, name: str) -> dict[str, str]:
    """The tags of an experiment, without MLflow's own; none for one that is not there."""
    access.require(workspace, "jobs/read", "jobs")
    found = _tags(workspace).get(name, {})
    return {key: text for key, text in found.items() if key != _ARCHIVED and not key.startswith(_OTHERS)}


def set_tags(workspace: Workspace, name: str, given: Mapping[str, str]) -> None:
    """Set these tags; the others stay. An experiment that is not there comes into being."""
    access.require(workspace, "experiments/write", f"experiments/{name}")
    experiment_id = workspace.runs.experiment_id(name)
    experiment_tags.set_tags(workspace.folder.tracking_database, experiment_id, given)


def remove_tags(workspace: Workspace, name: str, gone: Iterable[str]) -> None:
    """Take these tags away; nothing for those that it has not."""
    access.require(workspace, "experiments/write", f"experiments/{name}")
    experiment_id = workspace.runs.experiment_id(name)
    experiment_tags.remove_tags(workspace.folder.tracking_database, experiment_id, gone)


def archive(workspace: Workspace, name: str, *, archived: bool = True) -> None:
    """Hide an experiment from lists until its next run, or show it again. Its runs stay as they are."""
    if archived:
        set_tags(workspace, name, {_ARCHIVED: repr(time.time())})
    else:
        remove_tags(workspace, name, [_ARCHIVED])


def archived_at(workspace: Workspace, name: str) -> float | None:
    """Since when it is archived, in seconds since the epoch; None when it is not."""
    access.require(workspace, "jobs/read", "jobs")
    return _since(workspace, name, _tags(workspace).get(name, {}))


def delete(workspace: Workspace, experiment_id: str) -> None:
    """Delete an experiment without runs, by its id.

    Raises ResourceNotFoundError for an id that none has; UserErrorException, as Azure, while it has runs, and for the
    default one, in which MLflow keeps where artifacts go.
    """
    access.require(workspace, "experiments/delete", f"experiments/{experiment_id}")
    db = workspace.folder.tracking_database
    name = experiment_tags.name_of(db, experiment_id) if experiment_id.isdecimal() and db.exists() else ""
    if not name:
        raise ResourceNotFoundError(
            f"There is no experiment with the id '{experiment_id}'.", resolution="Its id: Experiment(ws, name).id"
        )
    if experiment_id == _DEFAULT:
        raise UserErrorException(f"Experiment '{name}' is part of every workspace and cannot be deleted.")
    if jobs.newest_at(workspace.database, name) is not None or not experiment_tags.delete(db, experiment_id):
        raise UserErrorException(f"Experiment '{name}' has runs.", resolution="Hide it instead: experiment.archive().")


def _tags(workspace: Workspace) -> dict[str, dict[str, str]]:
    db = workspace.folder.tracking_database
    return experiment_tags.tags(db) if db.exists() else {}


def _since(workspace: Workspace, name: str, marks: Mapping[str, str]) -> float | None:
    """When it was archived, unless a run has been added since then."""
    if _ARCHIVED not in marks:
        return None
    since = float(marks[_ARCHIVED])
    newest = jobs.newest_at(workspace.database, name)
    return since if newest is None or newest <= since else None
