"""Computes in the store. Rows in, rows out; sizes are wishes, node states are the supervisor's word."""

import json
import sqlite3
from collections.abc import Mapping

from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.names import ComputeName
from jupyter_aml.exceptions import ResourceNotFoundError, did_you_mean
from jupyter_aml.store.database import Database, Transaction


def put(connection: Transaction, compute: ComputeRecord) -> None:
    """Create the compute, or change its sizes; inside the caller's transaction."""
    row = {
        "name": compute.name, "type": compute.type, "min_nodes": compute.min_nodes, "max_nodes": compute.max_nodes,
        "idle_seconds": compute.idle_seconds, "low_priority": compute.low_priority, "warm": compute.warm,
        "hidden": compute.hidden, "spec": json.dumps(compute.spec), "created_at": compute.created_at,
    }  # fmt: skip
    connection.execute(
        """
        INSERT INTO computes
            (name, type, min_nodes, max_nodes, idle_seconds, low_priority, warm, hidden, spec, created_at)
        VALUES (:name, :type, :min_nodes, :max_nodes, :idle_seconds, :low_priority, :warm, :hidden, :spec, :created_at)
        ON CONFLICT (name) DO UPDATE SET min_nodes = :min_nodes, max_nodes = :max_nodes,
            idle_seconds = :idle_seconds, low_priority = :low_priority, warm = :warm, spec = :spec
        """,
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


def set_nodes(connection: Transaction, name: str, nodes: Mapping[str, int]) -> None:
    """The supervisor's word on what the nodes are doing."""
    connection.execute(
        "UPDATE computes SET nodes = :nodes WHERE name = :name", {"name": name, "nodes": json.dumps(dict(nodes))}
    )


def _record(row: sqlite3.Row) -> ComputeRecord:
    return ComputeRecord(
        name=ComputeName(row["name"]), type=row["type"], min_nodes=row["min_nodes"], max_nodes=row["max_nodes"],
        idle_seconds=row["idle_seconds"], low_priority=bool(row["low_priority"]), warm=bool(row["warm"]),
        hidden=bool(row["hidden"]), spec=json.loads(row["spec"]), nodes=json.loads(row["nodes"]),
        created_at=row["created_at"],
    )  # fmt: skip
