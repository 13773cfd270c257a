"""What the machine is told, and what it says is to be done. Values only."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from jupyter_aml.engine.machine.task import Leaving
from jupyter_aml.entities.compute_record import InstanceState, Operation, Power, Trigger
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus

Result: TypeAlias = Literal["completed", "failed", "canceled", "expired"]
"""How an attempt ended: `canceled` because it was told to, `expired` because its time was over."""

# ── what can happen ──────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class JobWished:
    """Somebody submitted a job."""

    at: float
    job: JobName
    nodes: int = 1
    max_attempts: int = 1


@dataclass(frozen=True, slots=True)
class JobBegun:
    """A job that is a part of somebody's own process: its only attempt runs already, on no node."""

    at: float
    job: JobName


@dataclass(frozen=True, slots=True)
class CancelWished:
    """Somebody asked for the end of a job."""

    at: float
    job: JobName


@dataclass(frozen=True, slots=True)
class JobRefused:
    """A waiting job can never start: its compute is gone."""

    at: float
    job: JobName


@dataclass(frozen=True, slots=True)
class Resized:
    """The compute has new sizes. `shutdown_seconds`: of an instance, until it is shut down when idle, 0: never."""

    at: float
    min_nodes: int
    max_nodes: int
    idle_seconds: float
    low_priority: bool = False
    shutdown_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PowerWished:
    """Somebody, or a schedule, starts, stops or restarts a compute instance."""

    at: float
    power: Power
    trigger: Trigger = "User"


@dataclass(frozen=True, slots=True)
class NodePreempted:
    """A node of a low-priority cluster is taken away."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time went by."""

    at: float


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """The user's process exists."""

    at: float
    job: JobName
    attempt: int


@dataclass(frozen=True, slots=True)
class AttemptFinishing:
    """The user's process is gone; its outputs are being collected."""

    at: float
    job: JobName
    attempt: int


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """The attempt wrote its outcome."""

    at: float
    job: JobName
    attempt: int
    result: Result


@dataclass(frozen=True, slots=True)
class AttemptLost:
    """The attempt is gone without an outcome. `begun`: it may have run some of the user's code."""

    at: float
    job: JobName
    attempt: int
    begun: bool


ClusterFact: TypeAlias = (
    JobWished
    | JobBegun
    | CancelWished
    | JobRefused
    | Resized
    | PowerWished
    | NodePreempted
    | Ticked
    | AttemptStarted
    | AttemptFinishing
    | AttemptEnded
    | AttemptLost
)

# ── what is to be done ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Record:
    """Write this status down; the one place from which a job's status comes. `why`: when it was not the job's doing."""

    job: JobName
    status: JobStatus
    attempt: int
    why: Leaving = Leaving.NOT


@dataclass(frozen=True, slots=True)
class Became:
    """Write down what the instance is doing; the one place from which its state comes."""

    state: InstanceState
    operation: Operation


@dataclass(frozen=True, slots=True)
class Launch:
    """Start this attempt."""

    job: JobName
    attempt: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End this attempt's processes, for that reason; its outcome will say when they are gone."""

    job: JobName
    attempt: int
    why: Leaving = Leaving.CANCELED


Command: TypeAlias = Record | Became | Launch | Stop
