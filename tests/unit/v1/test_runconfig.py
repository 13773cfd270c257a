"""RunConfiguration of SDK v1: what of it reaches the job, and what is refused by its name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core import RunConfiguration, ScriptRunConfig
from jupyter_aml.v1.core.runconfig import (
    DockerConfiguration,
    MpiConfiguration,
    ParallelTaskConfiguration,
    PyTorchConfiguration,
    TensorflowConfiguration,
)


@pytest.fixture(autouse=True)
def src(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("src").mkdir()
    Path("src/train.py").touch()
    Path("other.py").touch()


def job(**said: Any) -> Any:
    return ScriptRunConfig("src", "train.py", **said).job("e")


def configured(change: Callable[[RunConfiguration], None]) -> Any:
    base = RunConfiguration()
    change(base)
    return job(run_config=base)


@pytest.mark.parametrize(
    ("config", "kind", "per_node", "nodes"),
    [
        (MpiConfiguration(2, 3), "mpi", 2, 3),
        (PyTorchConfiguration(process_count=4, node_count=2), "pytorch", 2, 2),
        (PyTorchConfiguration(node_count=2), "pytorch", 1, 2),
        (TensorflowConfiguration(2, 1), "tensorflow", 1, 3),
    ],
)
def test_several_processes_are_sdk_v2s_distribution(config: Any, kind: str, per_node: int, nodes: int) -> None:
    made = job(distributed_job_config=config)
    assert (made.distribution.type, made.distribution.process_count_per_instance) == (kind, per_node)
    assert made.resources.instance_count == nodes


def test_processes_that_do_not_fit_on_the_nodes_are_refused() -> None:
    with pytest.raises(UserErrorException, match="process_count: 3 processes do not spread evenly over 2 nodes"):
        job(distributed_job_config=PyTorchConfiguration(process_count=3, node_count=2))


@pytest.mark.parametrize(
    ("communicator", "kind"),
    [
        ("OpenMpi", "mpi"),
        ("IntelMpi", "mpi"),
        ("Nccl", "pytorch"),
        ("Gloo", "pytorch"),
        ("ParameterServer", "tensorflow"),
    ],
)
def test_the_older_word_for_a_distribution_is_honoured(communicator: str, kind: str) -> None:
    def change(base: RunConfiguration) -> None:
        base.communicator, base.node_count, base.mpi.process_count_per_node = communicator, 2, 2

    made = configured(change)
    assert made.distribution.type == kind
    assert made.resources.instance_count == (1 if kind == "tensorflow" else 2)


def test_without_a_communicator_there_is_one_process() -> None:
    assert configured(lambda base: None).distribution is None


def test_a_communicator_that_is_none_is_told() -> None:
    with pytest.raises(UserErrorException, match=r"communicator: 'OpenMp'(.|\n)*Did you mean 'OpenMpi'"):
        configured(lambda base: setattr(base, "communicator", "OpenMp"))


@pytest.mark.parametrize("framework", ["Python", "TensorFlow", "PyTorch"])
def test_a_framework_is_whatever_the_script_imports(framework: str) -> None:
    assert configured(lambda base: setattr(base, "framework", framework)).command == "python train.py"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("framework", "PySpark"),
        ("framework", "R"),
        ("data_references", {"old": object()}),
        ("data", {"old": object()}),
        ("output_data", {"old": object()}),
        ("docker", DockerConfiguration(use_docker=True, arguments=["--gpus", "all"])),
    ],
)
def test_what_would_change_the_run_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(UnsupportedFieldError, match=f"{field}.*not available locally"):
        configured(lambda base: setattr(base, field, value))


def test_a_container_is_asked_for_in_vain_and_its_arguments_are_refused() -> None:
    assert job(docker_runtime_config=DockerConfiguration(use_docker=True, shm_size="2g")).command == "python train.py"
    with pytest.raises(UnsupportedFieldError, match=r"docker\.arguments is not available locally"):
        job(docker_runtime_config=DockerConfiguration(use_docker=True, arguments=["-e", "A=1"]))


def test_parallel_tasks_are_refused_by_their_name() -> None:
    with pytest.raises(UnsupportedFieldError, match="distributed_job_config: a ParallelTaskConfiguration"):
        job(distributed_job_config=ParallelTaskConfiguration())


def test_a_run_ends_when_its_configuration_says_so() -> None:
    def change(base: RunConfiguration) -> None:
        base.max_run_duration_seconds = 60

    assert configured(change).limits.timeout == 60
    base = RunConfiguration()
    base.max_run_duration_seconds = 60
    assert job(run_config=base, max_run_duration_seconds=30).limits.timeout == 30


@pytest.mark.parametrize("script", ["../other.py", "{folder}/other.py", "../src/../other.py"])
def test_a_script_lies_in_its_folder(script: str, tmp_path: Path) -> None:
    with pytest.raises(UserErrorException, match="leads out of its source_directory"):
        ScriptRunConfig("src", script.format(folder=tmp_path)).job("e")


def test_a_typo_in_a_keyword_is_told() -> None:
    with pytest.raises(TypeError, match="Did you mean 'arguments'"):
        RunConfiguration(argumnts=[])
