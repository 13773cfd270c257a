"""A submitted job as text that submits it again: YAML, Python, lines for a shell, a cell. Nothing is submitted here."""

import shlex
from functools import partial
from typing import Any, Final, cast

from jupyter_aml.entities import job_magic, job_python
from jupyter_aml.entities.curated import KERNEL
from jupyter_aml.entities.draft import to_yaml
from jupyter_aml.entities.job_record import INTERACTIVE, SNAPSHOT, JobRecord, Spec
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.entities.pipeline_job import as_said
from jupyter_aml.entities.run_code import RunCode
from jupyter_aml.notebook.folder import COMMAND, LABEL
from jupyter_aml.notebook.modules import CELL_FILE
from jupyter_aml.operations import access, inputs
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs

_SCHEMA: Final = "https://azuremlschemas.azureedge.net/latest/{}Job.schema.json"
_END: Final = "YAML"
_THIS_PYTHON: Final = f"azureml:{KERNEL}:1"
_WITHIN: Final = ("trial", "component")


def code(workspace: Workspace, name: str) -> RunCode:
    """The job in every form that can say all of it. ResourceNotFoundError when there is no such job."""
    access.require(workspace, "jobs/read", f"jobs/{name}")
    job = jobs.get(workspace.database, name)
    if job.type == INTERACTIVE:  # what it ran is in somebody's own process
        return RunCode("", "", "", "")
    spec: dict[str, Any] = {"type": job.type, **as_said(job.spec)}
    spec.pop("name", None)  # a name is given once
    yaml = to_yaml({"$schema": _SCHEMA.format(job.type), **_complete(spec)})
    return RunCode(
        yaml, job_python.program(spec, workspace.id), _lines(workspace, job, yaml), _cell(workspace, job, spec)
    )


def _complete(fields: Spec) -> dict[str, Any]:
    """The YAML with an environment wherever a command has none: it runs in this Python, and Azure asks for a name."""
    made = {
        name: _complete(cast("Spec", value)) if name in _WITHIN and value and not isinstance(value, str) else value
        for name, value in fields.items()
    }
    if "jobs" in fields:
        made["jobs"] = {name: _complete(step) for name, step in cast("Spec", fields["jobs"]).items()}
    return made | ({"environment": _THIS_PYTHON} if "command" in fields and not fields.get("environment") else {})


def _lines(workspace: Workspace, job: JobRecord, yaml: str) -> str:
    """For a shell: the YAML beside, and its submit to this workspace."""
    end = _END
    while end in yaml.splitlines():
        end += "_"
    file = shlex.quote(f"{job.name}.yml")
    where = {"-w": workspace.id.name, "-g": workspace.id.resource_group, "--subscription": workspace.id.subscription_id}
    options = " ".join(f"{option} {shlex.quote(value)}" for option, value in where.items())
    return f"cat > {file} <<'{end}'\n{yaml}{end}\naml job create -f {file} {options}\n"


def _cell(workspace: Workspace, job: JobRecord, spec: Spec) -> str:
    """The magic of a command job; of a cell that ran, the cell itself."""
    if job.type != "command":
        return ""
    variables = dict(spec.get("environment_variables") or {})
    if not (variables.pop(LABEL, "") and spec.get("command") == COMMAND and SNAPSHOT in job.properties):
        return job_magic.cell(spec, partial(inputs.type_at, workspace))
    frozen = workspace.snapshots.read(SnapshotId(job.properties[SNAPSHOT]))
    bare = {**spec, "environment_variables": variables}
    del bare["code"]
    source = (workspace.snapshots.text(frozen, CELL_FILE) or "").strip()
    return job_magic.cell(bare, partial(inputs.type_at, workspace), source)
