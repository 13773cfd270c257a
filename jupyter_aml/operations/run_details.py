"""A run's tabs, gathered: our rows, MLflow's rows and the job's files. Everything is read, nothing is painted."""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from stat import S_ISREG
from typing import Final

from jupyter_aml.entities.environment_build import BUILD_LOG
from jupyter_aml.entities.job_record import SNAPSHOT, JobRecord
from jupyter_aml.entities.names import JobName, SnapshotId
from jupyter_aml.entities.pipeline_plan import REUSED_RUN
from jupyter_aml.entities.run_details import (
    ChildRun,
    FolderLink,
    LogTail,
    NamedValue,
    RunFile,
    RunIdentity,
    RunImage,
    RunTabs,
    RunTimes,
    SnapshotFile,
)
from jupyter_aml.entities.status import MLFLOW_STATUS, JobStatus
from jupyter_aml.operations import access, pipeline_details, sweep_details
from jupyter_aml.operations.downloads import output_path
from jupyter_aml.operations.streams import OWN_LOGS
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

LOG: Final = "user_logs/std_log.txt"
TAIL_BYTES: Final = 200_000
MOST_FILES: Final = 2_000
_STATUS_OF_RUN: Final = {run: status for status, run in MLFLOW_STATUS.items()} | {"RUNNING": JobStatus.RUNNING}


def details(workspace: Workspace, name: str) -> RunTabs:
    """Everything that the tabs of `name` show now. ResourceNotFoundError when there is no such job.

    A step that did not run again shows what the run wrote and logged that it was taken from.
    """
    tabs = outline(workspace, name)
    return replace(
        tabs, metrics=workspace.runs.metrics(tabs.identity.reused or name), log=tabs.log and _with_text(tabs.log)
    )


def outline(workspace: Workspace, name: str) -> RunTabs:
    """The same without the points of metrics and without the log's text, which may be large."""
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.get(workspace.database, name)
    ran = jobs.find(workspace.database, job.properties.get(REUSED_RUN, name)) or job
    artifacts = workspace.folder.artifacts(ran.name)
    files = tuple(_files(artifacts))
    sweep = sweep_details.gathered(workspace, ran) if job.type == sweep_details.SWEEP else None
    pipeline = pipeline_details.gathered(workspace, job) if job.type == pipeline_details.PIPELINE else None
    return RunTabs(
        identity=_identity(workspace, job),
        times=RunTimes(job.created_at, job.started_at, job.ended_at),
        command=str(job.spec.get("command", "")),
        inputs=_values(job.spec.get("inputs") or {}),
        outputs=_outputs(workspace, job),
        tags=job.tags if sweep is None else sweep_details.own_tags(job),
        params=workspace.runs.params(ran.name),
        error=job.error,
        images=tuple(_images(files)),
        children=_children(workspace, ran) if sweep is None and pipeline is None else (),
        files=files,
        log=_log(files),
        snapshot=_snapshot(workspace, job.properties),
        folders=(
            FolderLink("Outputs + logs", str(artifacts)),
            FolderLink("Working directory", str(_work(workspace, ran))),
        ),
        sweep=sweep,
        pipeline=pipeline,
    )


def _identity(workspace: Workspace, job: JobRecord) -> RunIdentity:
    return RunIdentity(
        job.name, job.status, job.experiment, job.display_name, job.type, job.compute,
        environment=job.properties.get("environment", ""), workspace=workspace.id.name,
        description=job.description, parent=job.parent, reused=job.properties.get(REUSED_RUN, ""),
    )  # fmt: skip


def _values(given: Mapping[str, object]) -> tuple[NamedValue, ...]:
    return tuple(_value(name, value) for name, value in given.items())


def _value(name: str, value: object) -> NamedValue:
    if isinstance(value, Mapping):
        path = str(value.get("path", value.get("default", "")))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - YAML's own mapping
        return NamedValue(name, str(value.get("type", "")), path)  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - as above
    return NamedValue(name, type(value).__name__, str(value))


def _outputs(workspace: Workspace, job: JobRecord) -> tuple[NamedValue, ...]:
    wanted: Mapping[str, Mapping[str, str]] = job.spec.get("outputs") or {}
    return tuple(
        NamedValue(name, output.get("type", ""), output.get("path", ""), output_path(workspace, job.name, name))
        for name, output in wanted.items()
    )


def _files(root: Path) -> Iterator[RunFile]:
    found = (file for path in sorted(root.rglob("*")) if (file := _file(root, path)))
    yield from islice(found, MOST_FILES)


def _file(root: Path, path: Path) -> RunFile | None:
    """The file, unless it is none, or no longer there: jobs rename and remove while we look."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return RunFile(path.relative_to(root).as_posix(), seen.st_size, str(path)) if S_ISREG(seen.st_mode) else None


def _images(files: tuple[RunFile, ...]) -> Iterator[RunImage]:
    for file in files:
        media = mimetypes.guess_type(file.name)[0] or ""
        if media.startswith("image/"):
            yield RunImage(file.name, media, file.size, file.path)


def _log(files: tuple[RunFile, ...]) -> LogTail | None:
    """The log: of the only process, or of the first of many; before there is one, of the build."""
    logs = [file for file in files if file.name in OWN_LOGS.values()]
    logs = logs or [file for file in files if file.name.startswith("user_logs/std_log")]
    logs = logs or [file for file in files if file.name == BUILD_LOG]
    return LogTail(logs[0].name, "", logs[0].size, logs[0].path) if logs else None


def _with_text(log: LogTail) -> LogTail:
    """The end of the log, as it is now."""
    with Path(log.path).open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL_BYTES))
        return replace(log, text=file.read().decode(errors="replace"), size=size)


def _snapshot(workspace: Workspace, properties: Mapping[str, str]) -> tuple[SnapshotFile, ...]:
    if SNAPSHOT not in properties:
        return ()
    frozen = workspace.snapshots.read(SnapshotId(properties[SNAPSHOT]))
    return tuple(SnapshotFile(file.path, file.size, file.blob) for file in frozen.files)


def _children(workspace: Workspace, job: JobRecord) -> tuple[ChildRun, ...]:
    children = workspace.runs.children(job.name)
    latest = workspace.runs.latest(child.run_id for child in children)
    return tuple(
        ChildRun(JobName(child.run_id), _STATUS_OF_RUN[child.status], child.name, latest.get(child.run_id, {}))
        for child in children
    )


def _work(workspace: Workspace, job: JobRecord) -> Path:
    return workspace.folder.jobs / job.name / str(max(job.attempt, 1)) / "wd"
