"""A run as a person reads it: its tabs as plain data. Painters, protocols and tests read it; nothing is opened here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from jupyter_aml.entities.log_progress import LogProgress, progress
from jupyter_aml.entities.metric import MetricSeries
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.pipeline_details import PipelineDetails
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.entities.sweep_details import JsonValue, SweepDetails, json_number


class Tab(StrEnum):
    """The tabs of a run, in Azure's order and with Azure's captions."""

    DETAILS = "Details"
    METRICS = "Metrics"
    IMAGES = "Images"
    CHILD_RUNS = "Child runs"
    OUTPUTS_AND_LOGS = "Outputs + logs"
    SNAPSHOT = "Snapshot"
    EXPLANATIONS = "Explanations"
    FAIRNESS = "Fairness"


TOLD: Final = 16_000
"""Characters of a log's end that may tell of progress."""
TRIALS: Final = "Trials"
GRAPH: Final = "Graph"


def caption(tab: Tab, sweep: SweepDetails | None, pipeline: PipelineDetails | None = None) -> str:
    """What a tab is called: the children of a sweep are its trials, those of a pipeline its graph, as in Azure."""
    if tab is not Tab.CHILD_RUNS:
        return tab.value
    return TRIALS if sweep is not None else (GRAPH if pipeline is not None else tab.value)


def in_order(pipeline: PipelineDetails | None) -> tuple[Tab, ...]:
    """The tabs from left to right: a pipeline's graph is the first."""
    return tuple(Tab) if pipeline is None else tuple(sorted(Tab, key=lambda tab: tab is not Tab.CHILD_RUNS))


@dataclass(frozen=True, slots=True)
class RunIdentity:
    """Who a run is. Empty text: it has none."""

    name: JobName
    status: JobStatus
    experiment: str
    display_name: str = ""
    type: str = "command"
    compute: str = ""
    environment: str = ""
    workspace: str = ""
    description: str = ""
    parent: str = ""
    reused: str = ""
    """The earlier run whose log, metrics and files these are: a step of a pipeline that did not run again."""


@dataclass(frozen=True, slots=True)
class RunTimes:
    """When, in seconds since the epoch; None: not yet."""

    created: float
    started: float | None = None
    ended: float | None = None

    def waited(self, now: float) -> float:
        """Seconds between the submit and the start of the user's process, so far."""
        return max(0.0, _first(self.started, self.ended, now) - self.created)

    def ran(self, now: float) -> float | None:
        """Seconds the user's process has run, or None before it started."""
        return None if self.started is None else max(0.0, _first(self.ended, now) - self.started)


@dataclass(frozen=True, slots=True)
class NamedValue:
    """An input or output: its literal, or the URI and local path of its data."""

    name: str
    type: str
    value: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class RunFile:
    """A file of the run: its name below the run's folder, its size in bytes, where it lies."""

    name: str
    size: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class RunImage:
    """A logged image; the painter decides whether its bytes fit."""

    name: str
    media_type: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class SnapshotFile:
    """A file of the frozen code folder, by its content's hash."""

    name: str
    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class LogTail:
    """The end of a log. `size` is the whole file's, in bytes; `text` may be all of it."""

    name: str
    text: str
    size: int
    path: str = ""


@dataclass(frozen=True, slots=True)
class ChildRun:
    """A child and the last value of each of its metrics."""

    name: JobName
    status: JobStatus
    display_name: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class FolderLink:
    """A folder worth opening, by what it holds."""

    label: str
    path: str


@dataclass(frozen=True, slots=True)
class RunTabs:
    """Everything the tabs of a run show, at one moment."""

    identity: RunIdentity
    times: RunTimes
    command: str = ""
    inputs: tuple[NamedValue, ...] = ()
    outputs: tuple[NamedValue, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    error: str = ""
    metrics: tuple[MetricSeries, ...] = ()
    images: tuple[RunImage, ...] = ()
    children: tuple[ChildRun, ...] = ()
    files: tuple[RunFile, ...] = ()
    log: LogTail | None = None
    snapshot: tuple[SnapshotFile, ...] = ()
    folders: tuple[FolderLink, ...] = ()
    sweep: SweepDetails | None = None
    pipeline: PipelineDetails | None = None

    @property
    def is_final(self) -> bool:
        """Whether nothing here will change again."""
        return self.identity.status in FINISHED

    @property
    def progress(self) -> LogProgress | None:
        """How far the run's log says that it is, while it goes on. A sweep or a pipeline says so by itself."""
        if self.is_final or self.log is None or self.sweep is not None or self.pipeline is not None:
            return None
        return progress(self.log.text[-TOLD:].split("\n"))

    def to_dict(self) -> dict[str, JsonValue]:
        """The same as JSON values; metrics as columns; a number that JSON lacks as 'NaN', 'Infinity', '-Infinity'."""
        return {
            "identity": _record(self.identity),
            "times": _record(self.times),
            "command": self.command,
            "inputs": _records(self.inputs),
            "outputs": _records(self.outputs),
            "tags": dict(self.tags),
            "params": dict(self.params),
            "error": self.error,
            "metrics": [_columns(series) for series in self.metrics],
            "images": _records(self.images),
            "children": [_child(child) for child in self.children],
            "files": _records(self.files),
            "log": None if self.log is None else _record(self.log),
            "snapshot": _records(self.snapshot),
            "folders": _records(self.folders),
            "sweep": None if self.sweep is None else self.sweep.to_dict(),
            "pipeline": None if self.pipeline is None else self.pipeline.to_dict(),
        }


_Flat: TypeAlias = (
    RunIdentity | RunTimes | NamedValue | RunFile | RunImage | SnapshotFile | LogTail | FolderLink
)  # fmt: skip


def _record(thing: _Flat) -> dict[str, JsonValue]:
    return {name: getattr(thing, name) for name in thing.__slots__}


def _records(things: Iterable[_Flat]) -> list[JsonValue]:
    return [_record(thing) for thing in things]


def _columns(series: MetricSeries) -> JsonValue:
    return {
        "key": series.key,
        "steps": [point.step for point in series.points],
        "timestamps_ms": [point.timestamp_ms for point in series.points],
        "values": [json_number(point.value) for point in series.points],
    }


def _child(child: ChildRun) -> JsonValue:
    values: dict[str, JsonValue] = {key: json_number(value) for key, value in child.metrics.items()}
    return {"name": child.name, "status": child.status, "display_name": child.display_name, "metrics": values}


def _first(*moments: float | None) -> float:
    return next(moment for moment in moments if moment is not None)
