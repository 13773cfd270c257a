"""The processes that one job is, and what each finds in its environment (§7.5). Nothing is started here."""

import json
import socket
from dataclasses import dataclass, replace
from typing import Final

from jupyter_aml.entities.launch import LOG_NAME, Distribution

_HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Rank:
    """One process of a job: its log below the artifacts, and its own environment variables.

    A server (TensorFlow's ps) is not waited for: it leaves when the others have.
    """

    log: str
    variables: dict[str, str]
    is_server: bool = False


def ranks_of(distribution: Distribution, nodes: int) -> list[Rank]:
    """Every process of the job, rank 0 first. All nodes are this machine."""
    match distribution.type:
        case "none":
            return [Rank(LOG_NAME, {})]
        case "pytorch":
            return _pytorch(nodes, distribution.processes_per_node)
        case "mpi":
            return _mpi(nodes, distribution.processes_per_node)
        case "tensorflow":
            return _tensorflow(distribution.worker_count or nodes, distribution.parameter_server_count)


def _pytorch(nodes: int, per_node: int) -> list[Rank]:
    port = _free_ports(1)[0]
    return [_torch_rank(rank, nodes, per_node, port) for rank in range(nodes * per_node)]


def _torch_rank(rank: int, nodes: int, per_node: int, port: int) -> Rank:
    node, local = divmod(rank, per_node)
    variables = {
        "MASTER_ADDR": _HOST,
        "MASTER_PORT": str(port),
        "WORLD_SIZE": str(nodes * per_node),
        "RANK": str(rank),
        "NODE_RANK": str(node),
        "LOCAL_RANK": str(local),
        "LOCAL_WORLD_SIZE": str(per_node),
    }
    return _ranked(rank, node, variables)


def _mpi(nodes: int, per_node: int) -> list[Rank]:
    port = _free_ports(1)[0]
    return [_mpi_rank(rank, nodes, per_node, port) for rank in range(nodes * per_node)]


def _mpi_rank(rank: int, nodes: int, per_node: int, port: int) -> Rank:
    node, local = divmod(rank, per_node)
    variables = {
        "OMPI_COMM_WORLD_RANK": str(rank),
        "OMPI_COMM_WORLD_SIZE": str(nodes * per_node),
        "OMPI_COMM_WORLD_LOCAL_RANK": str(local),
        "OMPI_COMM_WORLD_LOCAL_SIZE": str(per_node),
        "AZ_BATCH_MASTER_NODE": f"{_HOST}:{port}",
        "AZ_BATCHAI_MPI_MASTER_NODE": _HOST,
    }
    return _ranked(rank, node, variables)


def _tensorflow(workers: int, servers: int) -> list[Rank]:
    addresses = [f"{_HOST}:{port}" for port in _free_ports(workers + servers)]
    cluster = {"worker": addresses[:workers], **({"ps": addresses[workers:]} if servers else {})}
    tasks = [("worker", index) for index in range(workers)] + [("ps", index) for index in range(servers)]
    return [_tensorflow_rank(number, cluster, *task) for number, task in enumerate(tasks)]


def _tensorflow_rank(number: int, cluster: dict[str, list[str]], kind: str, index: int) -> Rank:
    config = json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})
    ranked = _ranked(index, number, {"TF_CONFIG": config})
    is_server = kind == "ps"
    return replace(ranked, is_server=True, log=ranked.log.replace(".txt", "_ps.txt")) if is_server else ranked


def _ranked(rank: int, node: int, variables: dict[str, str]) -> Rank:
    where = {
        "AZUREML_CR_NODE_RANK": str(node),
        "AZ_BATCHAI_TASK_INDEX": str(node),
        "AZUREML_PROCESS_NAME": f"rank_{rank}",
    }
    return Rank(f"user_logs/std_log_process_{rank}.txt", {**where, **variables})


def _free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, distinct from each other."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind((_HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()
