"""Jobs in the store. Rows in, rows out; no process is started here and no status is decided.

Who asks for a parent says `parent <> ''` too: SQLite takes the index of children for nothing less.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jupyter_aml.entities.job_record import ChildRecord, JobRecord
from jupyter_aml.entities.names import ComputeName, JobName
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.exceptions import ResourceExistsError, ResourceNotFoundError, did_you_mean
from jupyter_aml.store.database import Database, Transaction

_COLUMNS = (
    "name, type, status, experiment, display_name, description, compute, parent, nodes, max_attempts, attempt, "
    "spec, tags, properties, archived, exit_code, error, created_at, started_at, ended_at"
)


def insert(connection: Transaction, job: JobRecord, launch: str) -> None:
    """A new job, inside the caller's transaction. ResourceExistsError when the name is taken."""
    row = {
        "name": job.name, "type": job.type, "status": job.status, "experiment": job.experiment,
        "display_name": job.display_name, "description": job.description, "compute": job.compute,
        "parent": job.parent, "nodes": job.nodes, "max_attempts": job.max_attempts,
        "spec": json.dumps(job.spec), "launch": launch, "tags": json.dumps(dict(job.tags)),
        "properties": json.dumps(dict(job.properties)), "created_at": job.created_at,
    }  # fmt: skip
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    try:
        connection.execute(f"INSERT INTO jobs ({names}) VALUES ({values})", row)
    except sqlite3.IntegrityError as error:
        raise name_taken(job.name) from error


def name_taken(name: JobName) -> ResourceExistsError:
    """What to say of a name that another job has."""
    message = f"A job named '{name}' exists in this workspace already."
    return ResourceExistsError(message, resolution="Leave the name out to get a new one.")


def get(database: Database, name: str) -> JobRecord:
    """The job of that name; ResourceNotFoundError with the nearest name otherwise."""
    row = database.connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE name = :name", {"name": name}).fetchone()
    if row is None:
        message = f"Not found job with name '{name}' in this workspace."
        raise ResourceNotFoundError(message, resolution=did_you_mean(name, recent_names(database)))
    return _record(row)


def find(database: Database, name: str) -> JobRecord | None:
    """The job of that name, or None."""
    row = database.connection.execute(f"SELECT {_COLUMNS} FROM jobs WHERE name = :name", {"name": name}).fetchone()
    return _record(row) if row else None


def several(database: Database, names: Iterable[str]) -> list[JobRecord]:
    """The jobs of these names."""
    rows = database.connection.execute(
        f"SELECT {_COLUMNS} FROM jobs WHERE name IN (SELECT value FROM json_each(:names))",
        {"names": json.dumps(list(names))},
    )
    return [_record(row) for row in rows]


def recent_names(database: Database, limit: int = 200, kind: str = "") -> list[str]:
    """The newest jobs' names, for completion and did-you-mean; children, of which there may be thousands, last."""
    sql = "SELECT name FROM jobs WHERE :kind IN ('', type) ORDER BY parent <> '', seq DESC LIMIT :limit"
    return [row["name"] for row in database.connection.execute(sql, {"limit": limit, "kind": kind})]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which jobs a list shows; empty fields do not filter. `archived`: False hides them, True shows only them.

    `parent`: only its children; '' those of nobody, as Azure lists them, None any.
    """

    experiment: str = ""
    status: str = ""
    parent: str | None = None
    archived: bool | None = False
    type: str = ""


def select(database: Database, which: Filter, *, page: int = 200) -> Iterator[JobRecord]:
    """Jobs newest first, read a page at a time so that a long history costs nothing until it is walked."""
    before = 1 << 62
    while rows := _page(database, which, before, page):
        yield from (_record(row) for row in rows)
        before = rows[-1]["seq"]


def _page(database: Database, which: Filter, before: int, page: int) -> list[sqlite3.Row]:
    conditions = [
        "seq < :before",
        *(f"{name} = :{name}" for name in ("experiment", "status", "type") if getattr(which, name)),
        *(("parent = :parent",) if which.parent is not None else ()),
        *(("parent <> ''",) if which.parent else ()),
    ]
    if which.archived is not None:
        conditions.append(f"archived = {int(which.archived)}")
    return database.connection.execute(
        f"SELECT seq, {_COLUMNS} FROM jobs WHERE {' AND '.join(conditions)} ORDER BY seq DESC LIMIT :page",
        {
            "experiment": which.experiment,
            "status": which.status,
            "type": which.type,
            "parent": which.parent,
            "before": before,
            "page": page,
        },
    ).fetchall()


def unfinished(database: Database) -> list[JobRecord]:
    """Jobs whose status may still change, oldest first."""
    rows = database.connection.execute(
        f"SELECT {_COLUMNS} FROM jobs WHERE status NOT IN ('Completed', 'Failed', 'Canceled') ORDER BY seq"
    )
    return [_record(row) for row in rows]


def children(database: Database, parent: str) -> list[ChildRecord]:
    """The children of a job in the order of their wishes: what a table of a thousand needs, and no more."""
    return children_of(database, [parent]).get(parent, [])


def children_of(database: Database, parents: Iterable[str]) -> dict[str, list[ChildRecord]]:
    """The children of several jobs at once, by their parents."""
    rows = database.connection.execute(
        "SELECT parent, name, status, tags, started_at, ended_at, type, properties FROM jobs "
        "WHERE parent IN (SELECT value FROM json_each(:parents)) AND parent <> '' ORDER BY seq",
        {"parents": json.dumps(list(parents))},
    )
    found = dict[str, list[ChildRecord]]()
    for parent, name, status, tags, started, ended, kind, properties in rows:
        child = ChildRecord(
            JobName(name), JobStatus(status), json.loads(tags), started, ended, kind, json.loads(properties)
        )
        found.setdefault(parent, []).append(child)
    return found


def statuses(database: Database, names: Iterable[str]) -> dict[JobName, JobStatus]:
    """How these jobs stand."""
    rows = database.connection.execute(
        "SELECT name, status FROM jobs WHERE name IN (SELECT value FROM json_each(:names))",
        {"names": json.dumps(list(names))},
    )
    return {JobName(row["name"]): JobStatus(row["status"]) for row in rows}


def unfinished_children(connection: Transaction, parent: str, *, but: str = "") -> list[JobName]:
    """The children whose status may still change; `but`: not those of that type."""
    rows = connection.execute(
        "SELECT name FROM jobs WHERE parent = :parent AND parent <> '' "
        "AND status NOT IN ('Completed', 'Failed', 'Canceled') AND type <> :but",
        {"parent": parent, "but": but},
    )
    return [JobName(row["name"]) for row in rows]


def may_have_children(connection: Transaction, name: str) -> bool:
    """Whether a job still runs and nobody wished its end: what is started below it now is not left alone."""
    row = connection.execute("SELECT status FROM jobs WHERE name = :name", {"name": name}).fetchone()
    return row is not None and JobStatus(row["status"]) not in {*FINISHED, JobStatus.CANCEL_REQUESTED}


def launch_text(database: Database, name: str) -> str:
    """The job's frozen launch record, as JSON."""
    return database.connection.execute("SELECT launch FROM jobs WHERE name = :name", {"name": name}).fetchone()[
        "launch"
    ]


def set_status(connection: Transaction, name: str, status: JobStatus, **changes: float | str | None) -> None:
    """The supervisor's word on a job, inside its transaction. A finished job never changes."""
    sets = "".join(f", {column} = :{column}" for column in changes)
    connection.execute(
        f"UPDATE jobs SET status = :status{sets} "
        "WHERE name = :name AND status NOT IN ('Completed', 'Failed', 'Canceled')",
        {"name": name, "status": status, **changes},
    )


def describe(connection: Transaction, name: str, changes: Mapping[str, str | int]) -> None:
    """Change what a job is called or tagged; never its status."""
    allowed = {"display_name", "description", "tags", "properties", "archived"}
    sets = ", ".join(f"{column} = :{column}" for column in changes if column in allowed)
    if sets:
        connection.execute(f"UPDATE jobs SET {sets} WHERE name = :name", {"name": name, **changes})


def retag(connection: Transaction, name: str, tags: Mapping[str, str | None]) -> str:
    """Set these tags of a job, and take those away that are None; all that it has then, as JSON. '' for no job.

    Within one statement: of two who tag at once, both are heard.
    """
    row = connection.execute(
        "UPDATE jobs SET tags = json_patch(tags, :tags) WHERE name = :name RETURNING tags",
        {"name": name, "tags": json.dumps(dict(tags))},
    ).fetchone()
    return row["tags"] if row else ""


def add_properties(connection: Transaction, name: str, properties: Mapping[str, str]) -> str:
    """Add these properties to a job, and change none that it has; all that it has then, as JSON. '' for no job.

    Within one statement: of two who add at once, both are heard.
    """
    row = connection.execute(
        "UPDATE jobs SET properties = json_patch(:properties, properties) WHERE name = :name RETURNING properties",
        {"name": name, "properties": json.dumps(dict(properties))},
    ).fetchone()
    return row["properties"] if row else ""


def experiments(database: Database) -> list[str]:
    """The experiments that have jobs, by name."""
    rows = database.connection.execute("SELECT DISTINCT experiment FROM jobs ORDER BY experiment")
    return [row["experiment"] for row in rows]


def newest_at(database: Database, experiment: str) -> float | None:
    """When the newest job of an experiment was wished; None when it has none."""
    row = database.connection.execute(
        "SELECT created_at FROM jobs WHERE experiment = :experiment ORDER BY seq DESC LIMIT 1",
        {"experiment": experiment},
    ).fetchone()
    return row["created_at"] if row else None


def _record(row: sqlite3.Row) -> JobRecord:
    return JobRecord(
        name=JobName(row["name"]), type=row["type"], status=JobStatus(row["status"]), experiment=row["experiment"],
        display_name=row["display_name"], description=row["description"], compute=ComputeName(row["compute"]),
        parent=row["parent"], nodes=row["nodes"], max_attempts=row["max_attempts"], attempt=row["attempt"],
        spec=json.loads(row["spec"]), tags=json.loads(row["tags"]), properties=json.loads(row["properties"]),
        archived=bool(row["archived"]), exit_code=row["exit_code"], error=row["error"],
        created_at=row["created_at"], started_at=row["started_at"], ended_at=row["ended_at"],
    )  # fmt: skip
