"""Claims about sweeps on every surface: the same sweep in Python, on the command line and in a cell, the same rows."""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from jupyter_aml import MLClient, command
from jupyter_aml.cli.main import run
from jupyter_aml.sweep import BanditPolicy, Choice, RandomSamplingAlgorithm, Uniform
from tests.journeys.cli.test_aml_sweep import LOGS
from tests.journeys.magics.conftest import Kernel

COMMAND = "python train.py ${{inputs.x}} ${{inputs.y}} ${{inputs.z}}"
JOB: dict[str, Any] = {
    "command": COMMAND,
    "code": "./src",
    "environment": "azureml:sklearn-1.5@latest",
    "experiment_name": "surfaces",
    "inputs": {"x": 0.5, "y": 1, "z": 9},
    "tags": {"who": "me"},
}
SWEEP: dict[str, Any] = {
    "type": "sweep",
    "name": "tuned",
    "experiment_name": "surfaces",
    "tags": {"who": "me"},
    "trial": {
        "command": COMMAND.replace("inputs.x", "search_space.x").replace("inputs.y", "search_space.y"),
        "code": "./src",
        "environment": "azureml:sklearn-1.5@latest",
    },
    "inputs": {"z": 9},
    "search_space": {
        "x": {"type": "uniform", "min_value": 0, "max_value": 1},
        "y": {"type": "choice", "values": [1, 2]},
    },
    "sampling_algorithm": {"type": "random", "seed": 7},
    "objective": {"goal": "minimize", "primary_metric": "score"},
    "limits": {"max_total_trials": 3, "max_concurrent_trials": 1, "trial_timeout": 60},
    "early_termination": {"type": "bandit", "slack_factor": 0.1, "evaluation_interval": 5},
}
CELL = (
    "%aml_sweep job.yml --name tuned --space x=uniform(0, 1) --space y=choice(1, 2) --seed 7 --metric score"
    " --goal minimize --trials 3 --concurrent 1 --timeout 60 --wait"
    " --policy bandit(slack_factor=0.1, evaluation_interval=5)"
)
OF_ONE_RUN = {"seq", "created_at", "started_at", "ended_at", "attempt", "process", "node", "launch"}
FLOAT = re.compile(r"\d{10}\.\d+")


def by_sdk(work: Path) -> None:
    around = json.loads((work / "job.yml").read_text())["environment_variables"]
    job = command(**JOB, environment_variables=around)
    sweep = job(x=Uniform(0, 1), y=Choice([1, 2])).sweep(
        primary_metric="score",
        goal="minimize",
        sampling_algorithm=RandomSamplingAlgorithm(seed=7),
        max_total_trials=3,
        max_concurrent_trials=1,
        trial_timeout=60,
        early_termination_policy=BanditPolicy(slack_factor=0.1, evaluation_interval=5),
    )
    sweep.name = "tuned"
    ml_client = MLClient.default()
    ml_client.jobs.wait(str(ml_client.jobs.create_or_update(sweep).name))


def by_cli(work: Path) -> None:
    assert run(["job", "create", "-f", "sweep.yml", "--stream", "-o", "none"]) == 0


def by_magic(work: Path) -> None:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(work), env=dict(os.environ))
    try:
        kernel = Kernel(client)
        kernel.run("%load_ext jupyter_aml")
        seen = kernel.run(CELL)
        assert seen.status == "ok", seen.text + seen.error
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


SURFACES: dict[str, Callable[[Path], None]] = {"sdk": by_sdk, "cli": by_cli, "magic": by_magic}


def test_a_sweep_leaves_the_same_rows_on_every_surface(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = home.parent / "work"
    (work / "src").mkdir(parents=True)
    (work / "src" / "train.py").write_text(LOGS)
    monkeypatch.chdir(work)
    seen: dict[str, list[str]] = {}
    for surface, carry_out in SURFACES.items():
        monkeypatch.setenv("JUPYTER_AML_HOME", str(home / surface))
        around = {"TRACKING": str(MLClient.default().workspace.folder.tracking_database)}
        (work / "job.yml").write_text(json.dumps({**JOB, "environment_variables": around}))
        trial = {**SWEEP["trial"], "environment_variables": around}
        (work / "sweep.yml").write_text(json.dumps({**SWEEP, "trial": trial}))
        carry_out(work)
        seen[surface] = rows(home / surface)
    assert len(seen["sdk"]) == 4 + 3 + 1
    assert seen["cli"] == seen["sdk"]
    assert seen["magic"] == seen["sdk"]


def rows(folder: Path) -> list[str]:
    """The sweep, its trials, and what the sweep said of them, as text without its times."""
    database = MLClient.default().workspace.database.connection
    jobs = [dict(row) for row in database.execute("SELECT * FROM jobs ORDER BY name")]
    told = [dict(row) for row in database.execute("SELECT * FROM facts WHERE kind LIKE 'sweep.trial' ORDER BY seq")]
    best = [f"best {job['properties']}" for job in jobs if job["type"] == "sweep"]
    found = [_row(row) for row in jobs] + [_row({"kind": row["kind"], "body": row["body"]}) for row in told] + best
    return [FLOAT.sub("TIME", line.replace(f"/home/{folder.name}/", "/HOME/")) for line in found]


def _row(row: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in row.items() if key not in OF_ONE_RUN}, sort_keys=True)
