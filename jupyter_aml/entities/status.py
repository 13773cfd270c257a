"""The states of a job, a run and a node. Names and their order only; who changes them is `engine`."""

from enum import StrEnum
from typing import Final, Literal, TypeAlias


class JobStatus(StrEnum):
    """Azure ML's job states, with Azure's spelling."""

    NOT_STARTED = "NotStarted"
    QUEUED = "Queued"
    PREPARING = "Preparing"
    PROVISIONING = "Provisioning"
    STARTING = "Starting"
    RUNNING = "Running"
    FINALIZING = "Finalizing"
    CANCEL_REQUESTED = "CancelRequested"
    COMPLETED = "Completed"
    FAILED = "Failed"
    CANCELED = "Canceled"
    NOT_RESPONDING = "NotResponding"
    PAUSED = "Paused"
    UNKNOWN = "Unknown"


FINISHED: Final = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELED})
MlflowStatus: TypeAlias = Literal["SCHEDULED", "RUNNING", "FINISHED", "FAILED", "KILLED"]

ON_THE_WAY: Final = (JobStatus.PREPARING, JobStatus.PROVISIONING, JobStatus.STARTING)
"""Between a job's launch and its process: it prepares until that is there, and passes the others."""
WAITING: Final = frozenset({JobStatus.NOT_STARTED, JobStatus.QUEUED})

MLFLOW_STATUS: Final[dict[JobStatus, MlflowStatus]] = {
    JobStatus.NOT_STARTED: "SCHEDULED",
    JobStatus.QUEUED: "SCHEDULED",
    JobStatus.PREPARING: "SCHEDULED",
    JobStatus.PROVISIONING: "SCHEDULED",
    JobStatus.STARTING: "SCHEDULED",
    JobStatus.RUNNING: "RUNNING",
    JobStatus.FINALIZING: "RUNNING",
    JobStatus.CANCEL_REQUESTED: "RUNNING",
    JobStatus.COMPLETED: "FINISHED",
    JobStatus.FAILED: "FAILED",
    JobStatus.CANCELED: "KILLED",
}


class NodeState(StrEnum):
    """What a cluster's node is doing (`AmlComputeNodeInfo.node_state`)."""

    IDLE = "idle"
    RUNNING = "running"
    PREPARING = "preparing"
    LEAVING = "leaving"
    UNUSABLE = "unusable"
    PREEMPTED = "preempted"
