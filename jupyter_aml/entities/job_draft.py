"""What every kind of job has, while a person edits it. The kinds themselves: `job.py`, `sweep.py`."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft, each, mapping, to_yaml
from jupyter_aml.entities.input_output import (
    Input,
    LiteralInput,
    Output,
    SearchInput,
    as_input,
    as_output,
    literal_type,
)
from jupyter_aml.entities.job_settings import Inputs, JobService, Outputs, QueueSettings
from jupyter_aml.entities.search_space import SweepDistribution

GivenInput = LiteralInput | Input | SweepDistribution
Kind = TypeVar("Kind", bound="JobDraft")
_HEAD = ("type", "name", "display_name", "experiment_name", "description")


class JobDraft(Draft):
    """The fields that jobs share, each checked; its kind adds what runs."""

    type: str
    name: str | None = None
    display_name: str | None = None
    experiment_name: str | None = None
    description: str | None = None
    compute: str | None = None
    inputs: Inputs = Field(default_factory=Inputs)
    outputs: Outputs = Field(default_factory=Outputs)
    queue_settings: QueueSettings | None = None
    services: dict[str, JobService] | None = None
    identity: dict[str, Any] | None = None
    tags: dict[str, str] = Field(default_factory=dict[str, str])
    properties: dict[str, str] = Field(default_factory=dict[str, str])

    def __init__(self, **fields: object) -> None:
        super().__init__(**fields)

    @field_validator("inputs", mode="before")
    @classmethod
    def _inputs(cls, value: object) -> dict[str, Input]:
        return each("inputs", value, as_input)

    @field_validator("outputs", mode="before")
    @classmethod
    def _outputs(cls, value: object) -> dict[str, Output]:
        return each("outputs", value, as_output)

    @field_validator("tags", "properties", mode="before")
    @classmethod
    def _texts(cls, value: object) -> dict[str, str]:
        return texts(value)

    @field_validator("identity", mode="before")
    @classmethod
    def _identity(cls, value: object) -> object:
        return value.spec() if isinstance(value, Draft) else value

    def set_queue_settings(self, *, job_tier: str | None = None, priority: str | None = None) -> None:
        """Kept and shown."""
        self.queue_settings = QueueSettings(job_tier=job_tier, priority=priority)

    def __str__(self) -> str:
        """The job as YAML, as SDK v2 prints it."""
        return to_yaml(self.spec())


def copy_of(job: JobDraft, kind: type[Kind], inputs: Mapping[str, GivenInput]) -> Kind:
    """A nameless draft of `kind` with the same fields, and these inputs set."""
    fields = {name: getattr(job, name) for name in kind.model_fields} | {"name": None}
    return kind.of(fields | {"inputs": {**job.inputs, **inputs}}).model_copy(deep=True)


def texts(value: object) -> dict[str, str]:
    """A mapping whose values become texts, as the service does with tags; nothing is the empty text."""
    return {name: "" if given is None else str(given) for name, given in mapping(value).items()}


def in_order(fields: Mapping[str, Any], *then: str) -> dict[str, Any]:
    """A job's fields as its YAML lists them: what it is, what runs, the rest; what says nothing is left out."""
    order = dict.fromkeys((*_HEAD, *then, *fields))
    return {name: fields[name] for name in order if name in fields and fields[name] not in ({}, [])}


def plain_inputs(inputs: Inputs) -> dict[str, object]:
    """Inputs as YAML says them: a literal as a literal."""
    return {name: _plain(given) for name, given in inputs.items()}


def plain_outputs(outputs: Outputs) -> dict[str, object]:
    """Outputs as YAML says them."""
    return {name: given.model_dump(exclude_none=True) for name, given in outputs.items()}


def _plain(given: Input) -> object:
    if isinstance(given, SearchInput):
        return given.space.spec()
    dumped = given.model_dump(exclude_none=True)
    value = given.default
    is_plain = set(dumped) <= {"type", "default"} and value is not None and literal_type(value) == given.type
    return value if is_plain else dumped
