"""How far a run is, as its log says: told with every answer while it goes on, and never as something new."""

from collections.abc import Callable

import pytest

from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.run_changes import Cursor
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.operations.run_changes import changes
from jupyter_aml.operations.run_details import details
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

NAME = JobName("calm_owl")
STD = "user_logs/std_log.txt"


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """A workspace in which `calm_owl` runs."""
    job = JobRecord(NAME, "command", JobStatus.RUNNING, "e", "owl", ComputeName("local"), {"command": "echo"}, 1e9)
    workspace.runs.create(NAME, "e", display_name="owl", artifact_uri="file:///x", tags={}, start_ms=0)
    with workspace.database.transaction() as connection:
        jobs.insert(connection, job, "{}")
    return workspace


@pytest.fixture
def write(workspace: Workspace) -> Callable[[str], None]:
    def written(text: str) -> None:
        path = workspace.folder.artifacts(NAME) / STD
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(text)

    return written


def test_it_is_told_until_the_end(workspace: Workspace, write: Callable[[str], None]) -> None:
    assert changes(workspace, NAME, Cursor()).progress is None
    write("loading\nepoch 1/10\n")
    first = changes(workspace, NAME, Cursor())
    write("epoch 2/10\nloss 0.5\n")
    then = changes(workspace, NAME, first.cursor)
    again = changes(workspace, NAME, then.cursor)
    told = [(one.progress.label, one.progress.done) for one in (first, then, again) if one.progress]
    assert (told, again.is_empty) == ([("epoch", 1), ("epoch", 2), ("epoch", 2)], True)
    assert (then.details, details(workspace, NAME).progress) == (None, again.progress)
    with workspace.database.transaction() as connection:
        jobs.set_status(connection, NAME, JobStatus.COMPLETED, ended_at=1e9 + 1)
    assert (changes(workspace, NAME, then.cursor).progress, details(workspace, NAME).progress) == (None, None)
