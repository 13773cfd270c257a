"""SDK v1's RunConfiguration and its sections: what a script runs in and on. Values only."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from jupyter_aml.entities.job_settings import (
    DistributionConfiguration,
    MpiDistribution,
    PyTorchDistribution,
    TensorFlowDistribution,
)
from jupyter_aml.exceptions import UserErrorException, did_you_mean
from jupyter_aml.v1.arguments import refuse, refuse_others
from jupyter_aml.v1.core.conda_dependencies import CondaDependencies
from jupyter_aml.v1.core.environment import DEFAULT_CPU_IMAGE, DEFAULT_GPU_IMAGE, Environment

__all__ = [
    "DEFAULT_CPU_IMAGE",
    "DEFAULT_GPU_IMAGE",
    "DockerConfiguration",
    "MpiConfiguration",
    "ParallelTaskConfiguration",
    "PyTorchConfiguration",
    "RunConfiguration",
    "TensorflowConfiguration",
]
LOCAL: Final = "local"
_BY_COMMUNICATOR: Final = {
    "None": "", "OpenMpi": "mpi", "IntelMpi": "mpi", "Mpi": "mpi", "Nccl": "pytorch", "Gloo": "pytorch",
    "ParameterServer": "tensorflow",
}  # fmt: skip
"""SDK v1's older word for how processes find each other: which section of a configuration says how many there are."""
_OTHER_LANGUAGES: Final = ("PySpark", "R", "CNTK")
_DATA: Final = "Give a dataset among the arguments: dataset.as_named_input('data').as_mount()."


@dataclass
class DockerConfiguration:
    """Whether a container is wanted, and how large a shared memory: neither has a meaning here, there is none.

    What else `docker run` is told, in `arguments`, is refused at submit.
    """

    use_docker: bool = False
    shared_volumes: bool = True
    arguments: list[str] | None = None
    shm_size: str | None = None

    def check(self) -> None:
        """UnsupportedFieldError for arguments of `docker run` (ours)."""
        resolution = "Variables go into environment.environment_variables."
        refuse("RunConfiguration", resolution, **{"docker.arguments": self.arguments})


@dataclass
class MpiConfiguration:
    """Several processes that find each other by MPI."""

    process_count_per_node: int = 1
    node_count: int = 1

    def distribution(self) -> DistributionConfiguration:
        """SDK v2's word for it (ours)."""
        return MpiDistribution(process_count_per_instance=self.process_count_per_node)


@dataclass
class PyTorchConfiguration:
    """Several processes of PyTorch; `process_count` over all nodes, one a node unless it is said.

    `communication_backend` has no meaning here: the script's own `init_process_group` chooses it.
    """

    communication_backend: str = "Nccl"
    process_count: int | None = None
    node_count: int = 1

    def distribution(self) -> DistributionConfiguration:
        """SDK v2's word for it (ours). UserErrorException for processes that do not spread evenly over the nodes."""
        count, nodes = self.process_count or self.node_count, self.node_count
        if count % nodes:
            raise UserErrorException(
                f"process_count: {count} processes do not spread evenly over {nodes} nodes.",
                resolution=f"Give a multiple of node_count, like {max(count // nodes, 1) * nodes}.",
            )
        return PyTorchDistribution(process_count_per_instance=count // nodes)


@dataclass
class TensorflowConfiguration:
    """Workers and parameter servers of TensorFlow."""

    worker_count: int = 1
    parameter_server_count: int = 0

    @property
    def node_count(self) -> int:
        """A node each."""
        return self.worker_count + self.parameter_server_count

    def distribution(self) -> DistributionConfiguration:
        """SDK v2's word for it (ours)."""
        return TensorFlowDistribution(
            worker_count=self.worker_count, parameter_server_count=self.parameter_server_count
        )


@dataclass
class ParallelTaskConfiguration:
    """Several processes that know nothing of each other: SDK v1's word, which a run refuses."""

    max_retries_per_worker: int = 0
    worker_count_per_node: int = 1


Distributed: TypeAlias = MpiConfiguration | PyTorchConfiguration | TensorflowConfiguration


class RunConfiguration:
    """What a run needs besides its script: `target`, `environment`, `docker`.

    `framework` has no meaning where it is Python's: a script imports what it likes. Another language is refused when
    the run is submitted; so are `data_references`, `data` and `output_data`.

    >>> RunConfiguration().target
    'local'
    """

    def __init__(
        self,
        script: str | None = None,
        arguments: list[Any] | None = None,
        framework: str | None = None,
        communicator: str | None = None,
        conda_dependencies: CondaDependencies | None = None,
        **others: object,
    ) -> None:
        known = ("script", "arguments", "framework", "communicator", "conda_dependencies")
        refuse_others("RunConfiguration", others, *known)
        self.script, self.arguments = script, arguments or []
        self.framework, self.communicator = framework or "Python", communicator or "None"
        self.target: Any = LOCAL
        self.environment = Environment("default-environment")
        self.environment.python.user_managed_dependencies = conda_dependencies is None
        if conda_dependencies is not None:
            self.environment.python.conda_dependencies = conda_dependencies
        self.docker = DockerConfiguration()
        self.node_count = 1
        self.max_run_duration_seconds: int | None = None
        self.mpi, self.pytorch, self.tensorflow = MpiConfiguration(), PyTorchConfiguration(), TensorflowConfiguration()
        self.data_references: dict[str, Any] = {}
        self.data: dict[str, Any] = {}
        self.output_data: dict[str, Any] = {}

    @property
    def environment_variables(self) -> dict[str, str]:
        """Those of the environment."""
        return self.environment.environment_variables

    @environment_variables.setter
    def environment_variables(self, given: dict[str, str]) -> None:
        self.environment.environment_variables = given

    def check(self) -> None:
        """UnsupportedFieldError for what would change a run and is not honoured here (ours)."""
        other = self.framework if self.framework in _OTHER_LANGUAGES else None
        refuse("RunConfiguration", "Give a script of Python, or command='…'.", framework=other)
        refuse(
            "RunConfiguration", _DATA,
            data_references=self.data_references, data=self.data, output_data=self.output_data,
        )  # fmt: skip
        self.docker.check()

    def distributed(self) -> Distributed | None:
        """How processes find each other, by the `communicator` (ours). UserErrorException for one that is none."""
        by_word = {word.lower(): section for word, section in _BY_COMMUNICATOR.items()}
        section = by_word.get(self.communicator.lower())
        if section is None:
            meant = did_you_mean(self.communicator, _BY_COMMUNICATOR)
            raise UserErrorException(f"communicator: '{self.communicator}' is none.", resolution=meant)
        match section:
            case "mpi":
                return MpiConfiguration(self.mpi.process_count_per_node, self.node_count)
            case "pytorch":
                return PyTorchConfiguration(process_count=self.pytorch.process_count, node_count=self.node_count)
            case "tensorflow":
                return self.tensorflow
            case _:
                return None
