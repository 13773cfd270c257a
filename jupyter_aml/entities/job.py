"""A command job, as the SDK v2 writes it: the builder `command()` and the job that comes back. Nothing is run here."""

import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, TypeVar, cast

import yaml
from pydantic import Field, GetCoreSchemaHandler, PrivateAttr, field_validator
from pydantic_core import CoreSchema, core_schema

from jupyter_aml.entities.asset import SystemData
from jupyter_aml.entities.draft import Draft, DraftError, Problems, each, mapping
from jupyter_aml.entities.environment import Environment
from jupyter_aml.entities.input_output import Input, LiteralInput, Output, as_input, as_output, literal_type
from jupyter_aml.entities.search_space import SweepDistribution
from jupyter_aml.exceptions import did_you_mean

if TYPE_CHECKING:
    from jupyter_aml.entities.sweep import SweepJob

_Given = TypeVar("_Given", Input, Output)


class _Named(dict[str, _Given], Generic[_Given]):
    """A dict whose items are attributes too, as in SDK v2: `job.inputs.rate`. What is set is checked."""

    @staticmethod
    def made(value: object) -> _Given:
        """The item from what a person may give."""
        raise NotImplementedError

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, self.made(value))

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

    def __getattr__(self, name: str) -> _Given:
        if name not in self:
            raise self._missing(name)
        return self[name]

    def __delattr__(self, name: str) -> None:
        if name not in self:
            raise self._missing(name)
        del self[name]

    def _missing(self, name: str) -> AttributeError:
        return AttributeError(f"There is no '{name}'. {did_you_mean(name, self)}")


class Inputs(_Named[Input]):
    """The inputs of a job by name; a literal or mapping becomes an Input."""

    made = staticmethod(as_input)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A dict of Inputs to pydantic."""
        return core_schema.no_info_after_validator_function(cls, handler.generate_schema(dict[str, Input]))


class Outputs(_Named[Output]):
    """The outputs of a job by name; nothing or a mapping becomes an Output."""

    made = staticmethod(as_output)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A dict of Outputs to pydantic."""
        return core_schema.no_info_after_validator_function(cls, handler.generate_schema(dict[str, Output]))


class ResourceConfiguration(Draft):
    """What a job asks for. Only `instance_count` decides anything on one machine; the rest is kept and shown."""

    instance_count: int = Field(default=1, ge=1)
    instance_type: str | None = None
    shm_size: str | None = None
    docker_args: str | None = None
    locations: list[str] | None = None
    properties: dict[str, Any] | None = None


class CommandJobLimits(Draft):
    """`timeout` in seconds: the job is canceled when it is over."""

    timeout: float | None = Field(default=None, gt=0)


class QueueSettings(Draft):
    """Kept and shown; one machine has one queue for each compute."""

    job_tier: str | None = None
    priority: str | None = None


class JobService(Draft):
    """An address of a job ('Tracking', 'Studio'), or an interactive service: kept and shown, none runs here."""

    type: str | None = None
    endpoint: str | None = None
    port: int | None = None
    status: str | None = None
    nodes: str | int | None = None
    log_dir: str | None = None
    ssh_public_keys: str | None = None
    properties: dict[str, str] | None = None


class DistributionConfiguration(Draft):
    """How many processes one job is (PyTorchDistribution, MpiDistribution, TensorFlowDistribution)."""

    type: Literal["pytorch", "mpi", "tensorflow", "ray"]
    process_count_per_instance: int = Field(default=1, ge=1)
    worker_count: int = Field(default=0, ge=0)
    parameter_server_count: int = Field(default=0, ge=0)

    @field_validator("type", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value


def PyTorchDistribution(*, process_count_per_instance: int = 1) -> DistributionConfiguration:  # noqa: N802 - SDK v2's name
    """PyTorch's environment in each process: RANK, LOCAL_RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT."""
    return DistributionConfiguration(type="pytorch", process_count_per_instance=process_count_per_instance)


def MpiDistribution(*, process_count_per_instance: int = 1) -> DistributionConfiguration:  # noqa: N802 - SDK v2's name
    """Open MPI's environment in each process: OMPI_COMM_WORLD_RANK and its kin."""
    return DistributionConfiguration(type="mpi", process_count_per_instance=process_count_per_instance)


def TensorFlowDistribution(*, worker_count: int = 0, parameter_server_count: int = 0) -> DistributionConfiguration:  # noqa: N802 - SDK v2's name
    """TensorFlow's TF_CONFIG in each process; `worker_count` 0 means one for each instance."""
    return DistributionConfiguration(
        type="tensorflow", worker_count=worker_count, parameter_server_count=parameter_server_count
    )


class Command(Draft):
    """A command job that a person is still editing. Made by `command()` or `load_job()`."""

    type: Literal["command"] = "command"
    name: str | None = None
    display_name: str | None = None
    experiment_name: str | None = None
    description: str | None = None
    command: str
    environment: str | Environment | None = None
    code: str | None = None
    compute: str | None = None
    inputs: Inputs = Field(default_factory=Inputs)
    outputs: Outputs = Field(default_factory=Outputs)
    environment_variables: dict[str, str] = Field(default_factory=dict[str, str])
    distribution: DistributionConfiguration | None = None
    resources: ResourceConfiguration = Field(default_factory=ResourceConfiguration)
    limits: CommandJobLimits = Field(default_factory=CommandJobLimits)
    queue_settings: QueueSettings | None = None
    services: dict[str, JobService] | None = None
    identity: dict[str, Any] | None = None
    tags: dict[str, str] = Field(default_factory=dict[str, str])
    properties: dict[str, str] = Field(default_factory=dict[str, str])
    is_deterministic: bool = True
    parent_job_name: str | None = None
    _swept: dict[str, SweepDistribution] = PrivateAttr(default_factory=dict[str, SweepDistribution])

    @field_validator("inputs", mode="before")
    @classmethod
    def _inputs(cls, value: object) -> dict[str, Input]:
        return each("inputs", value, as_input)

    @field_validator("outputs", mode="before")
    @classmethod
    def _outputs(cls, value: object) -> dict[str, Output]:
        return each("outputs", value, as_output)

    @field_validator("tags", "properties", "environment_variables", mode="before")
    @classmethod
    def _texts(cls, value: object) -> dict[str, str]:
        return {name: "" if given is None else str(given) for name, given in mapping(value).items()}

    @field_validator("environment_variables")
    @classmethod
    def _variables(cls, given: dict[str, str]) -> dict[str, str]:
        return _checked_variables(given)

    @field_validator("code", mode="before")
    @classmethod
    def _path(cls, value: object) -> object:
        return os.fspath(value) if isinstance(value, Path) else value

    @field_validator("identity", mode="before")
    @classmethod
    def _identity(cls, value: object) -> object:
        return as_identity(value)

    @field_validator("environment", mode="before")
    @classmethod
    def _environment(cls, value: object) -> object:
        return Environment.of(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value

    def __call__(self, **inputs: LiteralInput | Input | SweepDistribution) -> "Command":
        """A copy of this job with these inputs set: the builder used as a component.

        An input may be a distribution, e.g. `job(rate=Uniform(0, 1))`: the copy is to become a sweep by `.sweep(…)`.
        """
        swept = {name: value for name, value in inputs.items() if isinstance(value, SweepDistribution)}
        plain = {name: value for name, value in inputs.items() if name not in swept}
        kept = {name: value for name, value in self.inputs.items() if name not in swept}
        copy = self.model_copy(deep=True, update={"inputs": Inputs({**kept, **self._inputs(plain)}), "name": None})
        copy._swept = {name: value for name, value in {**self._swept, **swept}.items() if name not in plain}  # noqa: SLF001 - its own kind
        return copy

    @property
    def swept(self) -> Mapping[str, SweepDistribution]:
        """The inputs that are distributions: they have no value until the job is made a sweep."""
        return self._swept

    def sweep(
        self,
        *,
        primary_metric: str,
        goal: str,
        sampling_algorithm: object = "random",
        compute: str | None = None,
        max_concurrent_trials: int | None = None,
        max_total_trials: int | None = None,
        timeout: int | None = None,
        trial_timeout: int | None = None,
        early_termination_policy: object = None,
        search_space: Mapping[str, SweepDistribution] | None = None,
        identity: object = None,
        queue_settings: object = None,
        job_tier: str | None = None,
        priority: str | None = None,
    ) -> "SweepJob":
        """A sweep whose trials are this job: its inputs that are distributions, and `search_space`, are what varies.

        `goal` is 'maximize' or 'minimize'; times are in seconds. ValidationException for what Azure refuses at once.
        """
        from jupyter_aml.entities.sweep import of_command

        limits = {
            "max_concurrent_trials": max_concurrent_trials, "max_total_trials": max_total_trials,
            "timeout": timeout, "trial_timeout": trial_timeout or self.limits.timeout,
        }  # fmt: skip
        queue = QueueSettings(job_tier=job_tier, priority=priority) if job_tier or priority else queue_settings
        return of_command(
            self, {**self._swept, **(search_space or {})}, compute=compute or self.compute, identity=identity,
            objective={"goal": goal, "primary_metric": primary_metric}, sampling_algorithm=sampling_algorithm,
            early_termination=early_termination_policy, queue_settings=queue,
            limits={name: value for name, value in limits.items() if value is not None} or None,
        )  # fmt: skip

    def set_resources(self, **resources: object) -> None:
        """Change what the job asks for, e.g. `set_resources(instance_count=2)`."""
        self.resources = ResourceConfiguration.of({**self.resources.model_dump(exclude_none=True), **resources})

    def set_limits(self, *, timeout: float | None = None) -> None:
        """Cancel the job after `timeout` seconds."""
        self.limits = CommandJobLimits(timeout=timeout)

    def set_queue_settings(self, *, job_tier: str | None = None, priority: str | None = None) -> None:
        """Kept and shown."""
        self.queue_settings = QueueSettings(job_tier=job_tier, priority=priority)

    def spec(self) -> dict[str, Any]:
        """The job as its YAML says it: set fields only, literals as literals."""
        fields = self.model_dump(include=set(Command.model_fields), exclude_none=True, exclude_defaults=True)
        fields["inputs"] = plain_inputs(self.inputs)
        fields["outputs"] = {name: given.model_dump(exclude_none=True) for name, given in self.outputs.items()}
        if isinstance(self.environment, Environment):
            fields["environment"] = self.environment.spec()
        return {"type": "command", **{key: value for key, value in fields.items() if value not in ({}, [])}}

    def __str__(self) -> str:
        """The job as YAML, as SDK v2 prints it."""
        return yaml.safe_dump(self.spec(), sort_keys=False, allow_unicode=True)


OUR_SERVICES: Final = frozenset({"Tracking", "Studio"})
_OUR_PROPERTIES: Final = (
    "_azureml.", "azureml.", "mlflow.", "ContentSnapshotId", "environment", "best_child_run_id", "score", "sampling.",
)  # fmt: skip


class Submitted(Draft):
    """What every job has that the workspace returned."""

    id: str
    status: str
    name: str | None = None
    type: str
    experiment_name: str | None = None
    error: str = ""
    exit_code: int | None = None
    studio_url: str = ""
    creation_context: SystemData | None = None

    def _repr_html_(self) -> str:
        """Azure's own small table."""
        heads = ("Experiment", "Name", "Type", "Status", "Details Page")
        link = f'<a href="{escape(self.studio_url)}">Outputs + logs</a>'
        cells = (escape(str(value)) for value in (self.experiment_name, self.name, self.type, self.status))
        head = "".join(f"<th>{text}</th>" for text in heads)
        row = "".join(f"<td>{text}</td>" for text in (*cells, link))
        return f"<table><tr>{head}</tr><tr>{row}</tr></table>"


class Job(Command, Submitted):
    """A job as the workspace returned it. Its `status` is a snapshot: get it again to see it move.

    Submitting it again changes its names and tags only; to run it once more, submit a new `command(...)`
    or call it: `ml_client.jobs.create_or_update(job())`.
    """

    @field_validator("environment_variables")
    @classmethod
    def _variables(cls, given: dict[str, str]) -> dict[str, str]:
        return given  # a job is shown as it was stored

    def __call__(self, **inputs: LiteralInput | Input) -> Command:
        """A new draft of the same job, with these inputs set."""
        fields = {name: getattr(self, name) for name in Command.model_fields} | {"name": None}
        fields["inputs"] = {**self.inputs, **inputs}
        fields["display_name"] = None if self.display_name == self.name else self.display_name
        fields["services"] = {name: given for name, given in (self.services or {}).items() if name not in OUR_SERVICES}
        fields["properties"] = told_properties(self.properties)
        return Command.of(fields).model_copy(deep=True)

    def spec(self) -> dict[str, Any]:
        """The job as its YAML says it, without what the workspace added."""
        fields = super().spec()
        services = {name: given for name, given in fields.pop("services", {}).items() if name not in OUR_SERVICES}
        return fields | ({"services": services} if services else {})

    def __str__(self) -> str:
        """The job as YAML, as SDK v2 prints it."""
        fields = {"name": self.name, "status": self.status, **self.spec()}
        return yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)


def _checked_variables(given: dict[str, str]) -> dict[str, str]:
    """`given`, if a process can have it as its environment."""
    problems: Problems = ()
    for name, value in given.items():
        if not name or "=" in name or "\0" in name:
            problems += ((name, f"{name!r} cannot name a variable: it is empty, or holds '=' or a NUL."),)
        elif "\0" in value:
            problems += ((name, "a value cannot hold a NUL character."),)
    if problems:
        raise DraftError("mapping", problems)
    return given


def plain_inputs(inputs: Mapping[str, Input]) -> dict[str, object]:
    """Inputs as YAML says them: literals as literals."""
    return {name: _plain(given) for name, given in inputs.items()}


def as_identity(value: object) -> object:
    """An identity's configuration as a mapping, which is kept as it is."""
    return value.spec() if isinstance(value, Draft) else value


def told_properties(properties: Mapping[str, str]) -> dict[str, str]:
    """The properties that a person gave: not those that the workspace added."""
    return {name: value for name, value in properties.items() if not name.startswith(_OUR_PROPERTIES)}


def _plain(given: Input) -> object:
    dumped = given.model_dump(exclude_none=True)
    value = given.default
    is_plain = set(dumped) <= {"type", "default"} and value is not None and literal_type(value) == given.type
    return value if is_plain else dumped


_RESOURCES = frozenset(ResourceConfiguration.model_fields)


def command(
    *,
    command: str,
    environment: str | Environment | None = None,
    code: str | Path | None = None,
    compute: str | None = None,
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    name: str | None = None,
    display_name: str | None = None,
    experiment_name: str | None = None,
    description: str | None = None,
    tags: Mapping[str, str] | None = None,
    properties: Mapping[str, str] | None = None,
    environment_variables: Mapping[str, str] | None = None,
    distribution: DistributionConfiguration | Mapping[str, Any] | None = None,
    timeout: float | None = None,
    job_tier: str | None = None,
    priority: str | None = None,
    **others: object,
) -> Command:
    """A command job: `command` runs in a copy of the folder `code` on `compute`, in `environment`.

    `timeout` is in seconds. `instance_count`, `instance_type`, `shm_size`, `docker_args` and `locations` become
    `resources`. ValidationException for a field that does not exist, with the nearest one that does.

    >>> job = command(command="python train.py --rate ${{inputs.rate}}", code="src", inputs={"rate": 0.1})
    >>> job.inputs["rate"].type
    'number'
    """
    resources = {key: others.pop(key) for key in _RESOURCES & set(others) if others[key] is not None}
    queue = QueueSettings(job_tier=job_tier, priority=priority) if job_tier or priority else None
    given = {
        "command": command, "environment": environment, "code": code, "compute": compute, "inputs": inputs,
        "outputs": outputs, "name": name, "display_name": display_name, "experiment_name": experiment_name,
        "description": description, "tags": tags, "properties": properties, "resources": resources,
        "environment_variables": environment_variables, "distribution": distribution,
        "limits": {"timeout": timeout} if timeout is not None else None, "queue_settings": queue, **others,
    }  # fmt: skip
    return Command.of({key: value for key, value in given.items() if value is not None})
