"""The programs of jobs that are made of other jobs: how each is launched, where its plan is kept. None is run here."""

import shlex
import sys
from pathlib import Path
from typing import Final, Literal, TypeAlias

from jupyter_aml.entities.launch import Launch, WarmPlan
from jupyter_aml.entities.names import JobName
from jupyter_aml.operations import command_jobs
from jupyter_aml.operations.workspaces import Workspace

Program: TypeAlias = Literal["sweep", "pipeline"]
ATTEMPTS: Final = 100
"""A program that is killed so often is killed for a reason."""


def launch(
    workspace: Workspace, name: JobName, program: Program, experiment: str, timeout: float | None = None
) -> Launch:
    """The program of a job: in this interpreter, on nobody's compute, with none of its children's environment."""
    folder = workspace.folder
    return Launch(
        job=name,
        command=f"python -m jupyter_aml.engine.orchestrators.{program} {shlex.quote(str(folder.root))}",
        interpreter=sys.executable,
        artifacts=str(folder.artifacts(name)),
        experiment=experiment,
        experiment_id=workspace.runs.experiment_id(experiment),
        tracking_uri="",
        workspace=command_jobs.identity(workspace),
        timeout=timeout,
        doorbell=str(folder.doorbell),
        warm=WarmPlan(cold_because=f"it is the program of a {program}"),
    )


def keep(path: Path, plan: str) -> None:
    """Keep a plan beside the job's attempts, whole, before there is a row that needs it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(plan)
    beside.rename(path)
