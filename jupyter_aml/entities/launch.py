"""What a runner is told and what it answers: two frozen records and their JSON. Stdlib only; nothing is run here."""

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

from jupyter_aml.entities.environment_build import EnvironmentPlan, plan_from_json

LOG_NAME: Final = "user_logs/std_log.txt"

Json: TypeAlias = dict[str, Any]  # Any: this is the door where JSON text becomes records
LiteralValue: TypeAlias = str | int | float | bool


@dataclass(frozen=True, slots=True)
class InputSpec:
    """An input as the runner needs it. `value` is a literal, or the URI or path of data; None: not given.

    `remote`: its bytes are elsewhere and must be brought here before the start (`Launch.transfer`).
    """

    type: str
    value: LiteralValue | None
    mode: str = ""
    optional: bool = False
    remote: bool = False


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """An output: a folder or file at an absolute local `path`, made before the start.

    A `path` that is a URI is storage elsewhere: the job writes to a folder of the attempt's, which is sent there.
    """

    type: str
    path: str
    mode: str = "rw_mount"

    @property
    def is_remote(self) -> bool:
        return "://" in self.path and not self.path.startswith("/")

    @property
    def is_sent(self) -> bool:
        """Whether it must be brought to its place when the job is over (`direct`: the job sends it itself)."""
        return self.is_remote and self.mode != "direct"


@dataclass(frozen=True, slots=True)
class WarmPlan:
    """Whether a warm worker may run it: the modules it should hold, or why it must start cold."""

    modules: tuple[str, ...] = ()
    cold_because: str = ""

    @property
    def is_warm(self) -> bool:
        return not self.cold_because


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many processes one job is, and which environment they find (§7.5)."""

    type: Literal["none", "pytorch", "mpi", "tensorflow"] = "none"
    processes_per_node: int = 1
    worker_count: int = 0
    parameter_server_count: int = 0


@dataclass(frozen=True, slots=True)
class Launch:
    """Everything a runner knows. Paths are absolute strings; the folder and this are all it needs."""

    job: str
    command: str
    interpreter: str
    artifacts: str
    experiment: str
    experiment_id: str
    tracking_uri: str
    snapshot: str = ""
    blobs: str = ""
    inputs: dict[str, InputSpec] = field(default_factory=dict[str, InputSpec])
    outputs: dict[str, OutputSpec] = field(default_factory=dict[str, OutputSpec])
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    datastores: dict[str, str] = field(default_factory=dict[str, str])
    workspace: dict[str, str] = field(default_factory=dict[str, str])
    timeout: float | None = None
    nodes: int = 1
    distribution: Distribution = field(default_factory=Distribution)
    nice: int = 0
    doorbell: str = ""
    warm: WarmPlan = field(default_factory=WarmPlan)
    environment: EnvironmentPlan = field(default_factory=EnvironmentPlan)
    transfer: tuple[str, ...] = ()
    """The program that moves data for the job: `<transfer> fetch|send <attempt's folder>`; none when all is here."""
    root: str = ""
    """The job that it is a part of; '' for one that stands alone."""

    def to_json(self) -> str:
        return json.dumps(self, default=_fields, separators=(",", ":"))


def _fields(record: Any) -> Json:  # noqa: ANN401 - Any: one of the records in a launch
    """What `asdict` gives of one record; that copies all that is in it, at four times the cost of the rest."""
    return {known.name: getattr(record, known.name) for known in fields(record)}


def launch_from_json(text: str) -> Launch:
    """The record that `to_json` wrote."""
    raw = cast("Json", json.loads(text))
    raw["inputs"] = {k: InputSpec(**v) for k, v in raw["inputs"].items()}
    raw["outputs"] = {k: OutputSpec(**v) for k, v in raw["outputs"].items()}
    raw["distribution"] = Distribution(**raw["distribution"])
    raw["warm"] = WarmPlan(tuple(raw["warm"]["modules"]), raw["warm"]["cold_because"])
    raw["environment"] = plan_from_json(raw.get("environment", {}))
    raw["transfer"] = tuple(raw.get("transfer", ()))
    return Launch(**raw)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended. `why` decides the job's status; `error` is for people, with the log's tail."""

    why: Literal["exited", "canceled", "timeout", "refused", "lost"]
    exit_code: int | None = None
    error: str = ""
    began_at: float = 0.0
    started_at: float = 0.0
    ended_at: float = 0.0
    warm: bool = False
    cold_because: str = ""

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def read_outcome(path: Path) -> Outcome | None:
    """The outcome at `path`, or None while there is none."""
    try:
        return Outcome(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None
