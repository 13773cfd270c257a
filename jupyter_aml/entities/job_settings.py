"""What jobs are made of: named inputs and outputs, resources, limits, queues, services, distribution. Drafts only."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import Field, GetCoreSchemaHandler, field_validator
from pydantic_core import CoreSchema, core_schema

from jupyter_aml.entities.draft import Draft
from jupyter_aml.entities.input_output import Input, Output, as_input, as_output
from jupyter_aml.exceptions import did_you_mean

_Given = TypeVar("_Given", Input, Output)


class _Named(dict[str, _Given], Generic[_Given]):
    """A dict whose items are attributes too, as in SDK v2: `job.inputs.rate`. What is set is checked."""

    @staticmethod
    def _made(value: object) -> _Given:
        """The item from what a person may give; its own name is private, or it would hide an item called so."""
        raise NotImplementedError

    def __setitem__(self, name: str, value: object) -> None:
        super().__setitem__(name, self._made(value))

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

    _made = staticmethod(as_input)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A dict of Inputs to pydantic."""
        return core_schema.no_info_after_validator_function(cls, handler.generate_schema(dict[str, Input]))


class Outputs(_Named[Output]):
    """The outputs of a job by name; nothing or a mapping becomes an Output."""

    _made = staticmethod(as_output)

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

    @field_validator("properties")
    @classmethod
    def _some(cls, given: dict[str, Any] | None) -> dict[str, Any] | None:
        return given or None


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
