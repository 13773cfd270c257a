"""Pipelines against the commands alone: what a step costs, and what a step that is reused costs."""

import json
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.benchmarks.row import Row

WIDE, DEEP = 10, 10
NODES = 2
REUSED = 6
ROUNDS = 5


def rows() -> list[Row]:
    """Every row of pipelines."""
    with tempfile.TemporaryDirectory(prefix="jupyter-aml-bench-") as folder:
        os.environ["JUPYTER_AML_HOME"] = folder
        ground = _Ground(Path(folder))
        try:
            return [ground.steps(), ground.reused()]
        finally:
            ground.close()


class _Ground:
    """A workspace of its own, with a cluster of two nodes."""

    def __init__(self, folder: Path) -> None:
        from jupyter_aml import MLClient
        from jupyter_aml.entities import AmlCompute

        self.folder, self.ml = folder, MLClient.default()
        self.ml.compute.begin_create_or_update(AmlCompute(name="two", max_instances=NODES)).result()

    def close(self) -> None:
        from jupyter_aml.engine import lifecycle

        lifecycle.stop(self.ml.workspace.folder)

    def ran(self, steps: dict[str, Any]) -> float:
        """Seconds from the submit of these steps to the end of their pipeline."""
        from jupyter_aml import load_job

        path = self.folder / "pipeline.yml"
        settings = {"default_compute": "two"}
        path.write_text(json.dumps({"type": "pipeline", "experiment_name": "e", "settings": settings, "jobs": steps}))
        draft = load_job(path)
        began = time.perf_counter()
        ended = self.ml.jobs.wait(str(self.ml.jobs.create_or_update(draft).name))
        assert ended.status == "Completed", ended.error
        return time.perf_counter() - began

    def steps(self) -> Row:
        """A hundred steps, ten of them side by side, each reading one before it."""
        steps = {f"s0_{wide}": _first(wide) for wide in range(WIDE)}
        for deep in range(1, DEEP):
            for wide in range(WIDE):
                steps[f"s{deep}_{wide}"] = _next(f"s{deep - 1}_{(wide + 1) % WIDE}")
        count = WIDE * DEEP
        ours, bare = 1e3 * self.ran(steps) / count, 1e3 * _bare(count) / count
        return Row(
            f"A pipeline of {count} steps, {WIDE} wide, on two nodes: what it adds to a two-wide loop of copies",
            ours - bare, bare, "ms/step", (ours - bare) / bare, "≤ 50 ms", ours - bare <= 50,
        )  # fmt: skip

    def reused(self) -> Row:
        """Six steps that were run before, again."""
        steps = {"s0": _first(1000)} | {f"s{n}": _next(f"s{n - 1}") for n in range(1, REUSED)}
        first = self.ran(steps)
        again = min(self.ran(steps) for _ in range(ROUNDS))
        what = f"A pipeline of {REUSED} steps that are all reused (best of {ROUNDS}); against its first run"
        return Row(what, again, first, "s", again / first, "≤ 0.5 s", again <= 0.5)


def _first(number: int) -> dict[str, Any]:
    return _node(f"echo {number} > ${{{{outputs.o}}}}/a", {})


def _next(before: str) -> dict[str, Any]:
    node = _node("cp ${{inputs.d}}/a ${{outputs.o}}/a", {"d": {"type": "uri_folder"}})
    return node | {"inputs": {"d": f"${{{{parent.jobs.{before}.outputs.o}}}}"}}


def _node(command: str, inputs: dict[str, Any]) -> dict[str, Any]:
    component = {
        "type": "command", "command": command, "inputs": inputs, "outputs": {"o": {"type": "uri_folder"}},
        "environment": "azureml:AzureML-sklearn-1.5@latest",
    }  # fmt: skip
    return {"type": "command", "component": component}


def _bare(count: int) -> float:
    """Seconds for as many copies, each by a bash of its own, two at a time."""
    import subprocess

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a").write_text("1")

        def one(number: int) -> None:
            subprocess.run(["/bin/bash", "-c", f"cp a b{number}"], cwd=folder, check=True)

        began = time.perf_counter()
        with ThreadPoolExecutor(NODES) as pool:
            list(pool.map(one, range(count)))
        return time.perf_counter() - began
