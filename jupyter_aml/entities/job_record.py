"""A job as the store keeps it and everyone reads it: frozen, and free of any framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, JobStatus

Spec: TypeAlias = Mapping[str, Any]  # Any: a job as its YAML says it, whose values are the user's


SNAPSHOT: Final = "ContentSnapshotId"
"""The property of a job that names the code it runs."""
ORCHESTRATORS: Final = ComputeName("_orchestrators")
"""Where the programs of jobs that are made of other jobs run: on no compute of the user's."""
INTERACTIVE: Final = "interactive"
"""The type of a run that is a part of somebody's own process: of a notebook's kernel, of a script."""
ATTACHED: Final = ComputeName("_attached")
"""Where interactive runs are: on nothing that has nodes."""
_RUNS_ON: Final = {"sweep": ORCHESTRATORS, "pipeline": ORCHESTRATORS, INTERACTIVE: ATTACHED}


@dataclass(frozen=True, slots=True)
class JobRecord:
    """One job. Times are seconds since the epoch; `spec` is the job as its YAML would say it."""

    name: JobName
    type: str
    status: JobStatus
    experiment: str
    display_name: str
    compute: ComputeName
    spec: Spec
    created_at: float
    description: str = ""
    parent: str = ""
    nodes: int = 1
    max_attempts: int = 1
    attempt: int = 0
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
    archived: bool = False
    exit_code: int | None = None
    error: str = ""
    started_at: float | None = None
    ended_at: float | None = None

    @property
    def runs_on(self) -> ComputeName:
        """Where its process runs: of a sweep not its `compute`, which is that of its trials."""
        return _RUNS_ON.get(self.type, self.compute)

    @property
    def named_outputs(self) -> dict[str, Spec]:
        """The outputs that become assets when it completes, by key."""
        outputs: dict[str, Spec] = self.spec.get("outputs") or {}
        return {key: output for key, output in outputs.items() if output.get("name")}

    @property
    def is_finished(self) -> bool:
        """Whether its status can no longer change."""
        return self.status in FINISHED


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """What is to be known of one child among many."""

    name: JobName
    status: JobStatus
    tags: Mapping[str, str]
    started_at: float | None = None
    ended_at: float | None = None
    type: str = "command"
    properties: Mapping[str, str] = field(default_factory=dict[str, str])
