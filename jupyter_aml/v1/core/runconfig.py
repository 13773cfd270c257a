"""SDK v1's RunConfiguration and its sections: what a script runs in and on. Values only."""

from dataclasses import dataclass
from typing import Any, Final

from jupyter_aml.entities.job_settings import (
    DistributionConfiguration,
    MpiDistribution,
    PyTorchDistribution,
    TensorFlowDistribution,
)
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


@dataclass
class DockerConfiguration:
    """Whether a container is wanted: kept, there is none here."""

    use_docker: bool = False
    shared_volumes: bool = True
    arguments: list[str] | None = None
    shm_size: str | None = None


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
    """Several processes of PyTorch; `process_count` over all nodes, one a node unless it is said."""

    communication_backend: str = "Nccl"
    process_count: int | None = None
    node_count: int = 1

    def distribution(self) -> DistributionConfiguration:
        """SDK v2's word for it (ours)."""
        return PyTorchDistribution(
            process_count_per_instance=(self.process_count or self.node_count) // self.node_count
        )


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
    """Several processes that know nothing of each other: SDK v1's word, kept."""

    max_retries_per_worker: int = 0
    worker_count_per_node: int = 1


class RunConfiguration:
    """What a run needs besides its script: `target`, `environment`, `docker`.

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
        **_: object,
    ) -> None:
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
