"""Claims about the surfaces: what is said in Python, on the command line and in a cell leaves the same rows."""

import json
import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_aml import MLClient
from jupyter_aml.cli.main import run
from tests.journeys.magics.conftest import Kernel
from tests.journeys.surfaces.acts import ACTS, FILES, KEY

TABLES = ("assets", "asset_names", "resources", "computes", "secrets")
OF_ONE_RUN = {"seq", "newest", "created_at", "modified_at", "value", "nodes", "operation", "at", "id"}
"""Columns that tell when, not what; of secrets, ciphertext; of computes, the supervisor's own word."""
NOUNS = "data|model|environment|component|datastore|connection|schedule|secret|role|workspace"
BY_HAND = re.compile(rf"({NOUNS})\.|compute\.wished")
TIMES = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(Z|\+00:00)?|\b\d{10}\.\d+\b")


def by_sdk(work: Path) -> None:
    for act in ACTS:
        act.sdk(MLClient.default())


def by_cli(work: Path) -> None:
    for act in ACTS:
        assert run(shlex.split(act.cli)) == 0, act.cli


def by_magic(work: Path) -> None:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(work), env=dict(os.environ))
    try:
        kernel = Kernel(client)
        kernel.run("%load_ext jupyter_aml")
        for act in ACTS:
            seen = kernel.run(act.cell)
            assert seen.status == "ok", f"{act.cell}\n{seen.text}{seen.error}"
            assert KEY not in seen.text + "".join(seen.html)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


SURFACES: dict[str, Callable[[Path], None]] = {"sdk": by_sdk, "cli": by_cli, "magic": by_magic}


def test_every_surface_leaves_the_same_rows(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = home.parent / "work"
    (work / "files").mkdir(parents=True)
    for name, text in FILES.items():
        (work / name).write_text(text)
    monkeypatch.chdir(work)
    seen: dict[str, list[str]] = {}
    for surface, carry_out in SURFACES.items():
        monkeypatch.setenv("JUPYTER_AML_HOME", str(home / surface))
        carry_out(work)
        seen[surface] = rows(home / surface)
    assert len(ACTS) >= 20
    for surface in ("cli", "magic"):
        assert seen[surface] == seen["sdk"], surface
    assert sum(line.startswith("fact ") for line in seen["sdk"]) >= 20  # an act that changes nothing leaves none


def rows(folder: Path) -> list[str]:
    """Every row that the acts left, as text without its times."""
    workspace = MLClient.default().workspace
    found = [_row(table, row) for table in TABLES for row in _select(workspace.database.connection, table)]
    found += [_row("fact", row) for row in _select(workspace.database.connection, "facts") if _is_act(row)]
    for table in ("role_definitions", "role_assignments"):
        found += [_row(table, row) for row in _select(workspace.directory.database.connection, table)]
    found += [
        f"secret {name} is {workspace.vault.get(name)}" for name in ("api-key", "datastore/lake", "connection/code")
    ]
    found += [f"workspace {one.name}: {one.description}" for one in MLClient.default().workspaces.list()]
    here = f"/home/{folder.name}/"  # a launch is JSON within JSON: the rest of the path is escaped there
    return [TIMES.sub("TIME", line.replace(str(folder), "HOME").replace(here, "/HOME/")) for line in found]


def _select(connection: Any, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


def _is_act(row: dict[str, Any]) -> bool:
    return bool(BY_HAND.match(row["kind"]))


def _row(table: str, row: dict[str, Any]) -> str:
    return f"{table} {json.dumps({key: value for key, value in row.items() if key not in OF_ONE_RUN}, sort_keys=True)}"
