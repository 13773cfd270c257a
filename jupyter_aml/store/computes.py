"""Computes in the store. Rows in, rows out; sizes are wishes, node states are the supervisor's word."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from jupyter_aml.entities.compute_record import ComputeRecord, NodeRecord, Operation, Provisioning
from jupyter_aml.entities.names import ComputeName
from jupyter_aml.exceptions import ResourceNotFoundError, did_you_mean
from jupyter_aml.store.database import Database, Transaction


def put(connection: Transaction, compute: ComputeRecord) -> None:
    """Create the compute, or change what is wished of it; inside the caller's transaction."""
    row = {
        "name": compute.name, "type": compute.type, "min_nodes": compute.min_nodes, "max_nodes": compute.max_nodes,
        "idle_seconds": compute.idle_seconds, "low_priority": compute.low_priority, "warm": compute.warm,
        "hidden": compute.hidden, "spec": json.dumps(compute.spec), "created_at": compute.created_at,
        "state": compute.state, "owner": compute.owner,
    }  # fmt: skip
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(
        f"INSERT INTO computes ({names}) VALUES ({values}) ON CONFLICT (name) DO UPDATE SET "
        "min_nodes = :min_nodes, max_nodes = :max_nodes, idle_seconds = :idle_seconds, "
        "low_priority = :low_priority, warm = :warm, spec = :spec",
        row,
    )


def get(database: Database, name: str) -> ComputeRecord:
    """The compute of that name (any case); ResourceNotFoundError with the nearest name otherwise."""
    row = database.connection.execute("SELECT * FROM computes WHERE name = :name", {"name": name}).fetchone()
    if row is None:
        message = f"Not found compute with name {name} in this workspace."
        known = [compute.name for compute in select(database)]
        raise ResourceNotFoundError(message, resolution=did_you_mean(name, known))
    return _record(row)


def select(database: Database, *, hidden: bool = False) -> list[ComputeRecord]:
    """All computes by name; the hidden ones ('serverless', 'local') only when asked for."""
    rows = database.connection.execute(
        "SELECT * FROM computes WHERE hidden <= :hidden ORDER BY name", {"hidden": hidden}
    )
    return [_record(row) for row in rows]


def delete(connection: Transaction, name: str) -> None:
    """Forget the compute; its jobs stay."""
    connection.execute("DELETE FROM computes WHERE name = :name", {"name": name})


def begin_delete(connection: Transaction, name: str) -> None:
    """It is to be deleted: the supervisor takes its nodes away, and then the row."""
    set_state(connection, name, Provisioning.DELETING)


def set_state(connection: Transaction, name: str, state: str) -> None:
    """The supervisor's word on whether the compute was made."""
    connection.execute("UPDATE computes SET state = :state WHERE name = :name", {"name": name, "state": state})


def set_instance(connection: Transaction, name: str, state: str, operation: Operation) -> None:
    """The supervisor's word on what a compute instance is doing; one that is to be deleted is not told to live on."""
    connection.execute(
        "UPDATE computes SET state = :state, operation = :operation WHERE name = :name AND state <> 'Deleting'",
        {"name": name, "state": state, "operation": json.dumps(asdict(operation))},
    )


def set_nodes(connection: Transaction, name: str, nodes: Mapping[str, int], each: Sequence[NodeRecord] = ()) -> None:
    """The supervisor's word on what the nodes are doing."""
    known = {"counts": dict(nodes), "each": [[node.number, node.state, node.job, node.since] for node in each]}
    connection.execute(
        "UPDATE computes SET nodes = :nodes WHERE name = :name", {"name": name, "nodes": json.dumps(known)}
    )


def _record(row: sqlite3.Row) -> ComputeRecord:
    nodes = json.loads(row["nodes"])
    return ComputeRecord(
        name=ComputeName(row["name"]), type=row["type"], min_nodes=row["min_nodes"], max_nodes=row["max_nodes"],
        idle_seconds=row["idle_seconds"], low_priority=bool(row["low_priority"]), warm=bool(row["warm"]),
        hidden=bool(row["hidden"]), spec=json.loads(row["spec"]), created_at=row["created_at"],
        nodes=nodes.get("counts", {}), each=tuple(NodeRecord(*node) for node in nodes.get("each", ())),
        state=row["state"], operation=Operation(**json.loads(row["operation"])), owner=row["owner"],
    )  # fmt: skip
