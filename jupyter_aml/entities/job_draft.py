"""What every kind of job has, while a person edits it. The kinds themselves: `job.py`, `sweep.py`."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import Field, field_validator

from jupyter_aml.entities.draft import Draft, DraftError, each, mapping, to_yaml
from jupyter_aml.entities.environment import Environment
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
from jupyter_aml.exceptions import ValidationException

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
        return identity_of(value)

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


def identity_of(value: object) -> object:
    """Who a job runs as, as its YAML says it: it is kept and shown."""
    if not isinstance(value, Mapping):
        return value.spec() if isinstance(value, Draft) else value
    from jupyter_aml.entities.credentials import OF_JOBS, credentials_of

    given = mapping(cast("Mapping[object, object]", value))
    if "type" not in given:
        raise DraftError("identity", (("type", "required, and not given."),))
    alias = {"type": "managed_identity"} if given["type"] == "managed" else {}
    return credentials_of(given | alias, OF_JOBS).spec()


def environment_of(value: object) -> object:
    """An environment given as a mapping; Azure gives it a name and a version of its own when it dumps one."""
    if not isinstance(value, Mapping):
        return value
    fields = mapping(cast("Mapping[object, object]", value))
    named = fields.get("name") != "CliV2AnonymousEnvironment"
    try:
        return Environment.of({key: given for key, given in fields.items() if named or key not in {"name", "version"}})
    except DraftError:
        raise
    except ValidationException as error:
        path, _, told = error.message.partition(": ")
        raise DraftError("environment", ((path, f"{told} {error.resolution}".rstrip()),)) from None


def texts(value: object) -> dict[str, str]:
    """A mapping whose values become texts, as the service does with tags; nothing is the empty text."""
    given = mapping(value)
    if problems := tuple(
        (name, f"a text is expected (found {text!r})") for name, text in given.items() if _is_nested(text)
    ):
        raise DraftError("mapping", problems)
    return {name: "" if text is None else str(text) for name, text in given.items()}


def _is_nested(value: object) -> bool:
    return isinstance(value, Mapping | list)


def in_order(fields: Mapping[str, Any], *then: str) -> dict[str, Any]:
    """A job's fields as its YAML lists them: what it is, what runs, the rest; what says nothing is left out."""
    order = dict.fromkeys((*_HEAD, *then, *fields))
    return {name: fields[name] for name in order if name in fields and fields[name] not in ({}, [])}


def plain_inputs(inputs: Inputs) -> dict[str, object]:
    """Inputs as YAML says them: a literal as a literal."""
    return {name: plain_input(given) for name, given in inputs.items()}


def plain_outputs(outputs: Outputs) -> dict[str, object]:
    """Outputs as YAML says them."""
    return {name: given.model_dump(exclude_none=True) for name, given in outputs.items()}


def plain_input(given: Input) -> object:
    """An input as YAML says it: a literal as a literal."""
    if isinstance(given, SearchInput):
        return given.space.spec()
    dumped = given.model_dump(exclude_none=True)
    value = given.default
    is_plain = set(dumped) <= {"type", "default"} and value is not None and literal_type(value) == given.type
    return value if is_plain else dumped
