"""Distributed jobs: one process per rank, each with its variables and its log; one failure ends all."""

import json

import pytest

from jupyter_aml.entities.launch import Distribution
from tests.contracts.executors.yard import Attempt, Yard

REPORT = "import json, os; print(json.dumps(dict(os.environ)))"


def reports(attempt: Attempt, *logs: str) -> list[dict[str, str]]:
    return [json.loads(attempt.log(f"std_log_process_{log}.txt")) for log in logs]


def test_pytorch_ranks_find_each_other(yard: Yard) -> None:
    attempt, outcome = yard.run(
        "python main.py", {"main.py": REPORT}, nodes=2, distribution=Distribution("pytorch", processes_per_node=2)
    )
    assert outcome.exit_code == 0, outcome.error
    found = reports(attempt, "0", "1", "2", "3")
    names = ("RANK", "NODE_RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "WORLD_SIZE", "AZUREML_CR_NODE_RANK")
    assert ["/".join(each[name] for name in names) for each in found] == [
        "0/0/0/2/4/0", "1/0/1/2/4/0", "2/1/0/2/4/1", "3/1/1/2/4/1",
    ]  # fmt: skip
    assert {each["MASTER_ADDR"] for each in found} == {"127.0.0.1"}
    assert len({each["MASTER_PORT"] for each in found}) == 1
    assert not (attempt.artifacts / "user_logs" / "std_log.txt").exists()


def test_mpi_ranks_know_their_world(yard: Yard) -> None:
    attempt, _ = yard.run(
        "python main.py", {"main.py": REPORT}, nodes=2, distribution=Distribution("mpi", processes_per_node=1)
    )
    found = reports(attempt, "0", "1")
    kinds = ("RANK", "SIZE", "LOCAL_RANK", "LOCAL_SIZE")
    assert ["/".join(each[f"OMPI_COMM_WORLD_{kind}"] for kind in kinds) for each in found] == ["0/2/0/1", "1/2/0/1"]
    assert found[1]["AZ_BATCH_MASTER_NODE"] == found[0]["AZ_BATCH_MASTER_NODE"]
    assert found[0]["AZ_BATCH_MASTER_NODE"].startswith("127.0.0.1:")


def test_tensorflow_tasks_have_one_cluster(yard: Yard) -> None:
    distribution = Distribution("tensorflow", worker_count=2, parameter_server_count=1)
    # A server is not waited for, so the workers see to it that it has said its word.
    command = (
        """case $TF_CONFIG in *'"type": "ps"'*) python main.py; touch said; sleep 600;; """
        "*) until [ -e said ]; do sleep 0.01; done; python main.py;; esac"
    )
    attempt, outcome = yard.run(command, {"main.py": REPORT}, distribution=distribution)
    assert outcome.exit_code == 0
    configs = [json.loads(each["TF_CONFIG"]) for each in reports(attempt, "0", "1", "0_ps")]
    assert [config["task"] for config in configs] == [
        {"type": "worker", "index": 0}, {"type": "worker", "index": 1}, {"type": "ps", "index": 0},
    ]  # fmt: skip
    assert configs[0]["cluster"] == configs[2]["cluster"]
    assert len(set(configs[0]["cluster"]["worker"] + configs[0]["cluster"]["ps"])) == 3


def test_a_parameter_server_is_not_waited_for(yard: Yard) -> None:
    command = 'case $TF_CONFIG in *\'"type": "ps"\'*) sleep 600;; esac'
    distribution = Distribution("tensorflow", worker_count=1, parameter_server_count=1)
    assert yard.run(command, distribution=distribution)[1].exit_code == 0


@pytest.mark.parametrize("kind", ["pytorch", "mpi"])
def test_one_failing_rank_ends_the_others(yard: Yard, kind: str) -> None:
    command = "[ ${RANK:-$OMPI_COMM_WORLD_RANK} = 1 ] && { echo broken; exit 3; }; sleep 600"
    distribution = Distribution(kind, processes_per_node=3)  # type: ignore[arg-type]  one of the two names above
    _, outcome = yard.run(command, distribution=distribution)
    assert (outcome.why, outcome.exit_code) == ("exited", 3)
    assert "user_logs/std_log_process_1.txt" in outcome.error
    assert outcome.error.endswith("broken")
