"""Sweeps against loops: what a trial costs beside a fresh interpreter, beside Optuna's own loop, and beside nothing."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from tests.benchmarks.row import Row

WIDE = 2
TRIALS = 200
FRESH = 16
MANY = 1000
FEW = 100
TRAIN = """
import sys
import mlflow
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

def trial(c):
    X, y = make_classification(200, 5, random_state=0)
    with mlflow.start_run():
        mlflow.log_param("C", c)
        score = LogisticRegression(C=c).fit(X, y).score(X, y)
        mlflow.log_metric("accuracy", score)
    return score

if __name__ == "__main__":
    trial(float(sys.argv[1]))
"""
OPTUNA = """
import sys
import optuna
from train import trial
optuna.logging.set_verbosity(optuna.logging.ERROR)
study = optuna.load_study(study_name="s", storage=sys.argv[1], sampler=optuna.samplers.RandomSampler())
trial(1.0)  # what is loaded at first use is loaded
print("ready", flush=True)
sys.stdin.readline()
study.optimize(lambda one: trial(one.suggest_float("C", 0.01, 10)), n_trials=int(sys.argv[2]))
"""
QUICK = """
import os, sqlite3, sys, time
db = sqlite3.connect(os.environ["TRACKING"], timeout=60, isolation_level=None)
db.execute("INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES ('m', ?, ?, ?, 0, 0)",
           (float(sys.argv[1]), time.time_ns(), os.environ["AZUREML_RUN_ID"]))
"""


def rows() -> list[Row]:
    """Every row of sweeps."""
    with tempfile.TemporaryDirectory(prefix="jupyter-aml-bench-") as folder:
        os.environ["JUPYTER_AML_HOME"] = folder
        ground = _Ground(Path(folder))
        try:
            return [*ground.trained(), *ground.many()]
        finally:
            ground.close()


class _Ground:
    """A workspace of its own, with a cluster of two nodes."""

    def __init__(self, folder: Path) -> None:
        from jupyter_aml import MLClient
        from jupyter_aml.entities import AmlCompute

        self.folder = folder
        self.code = folder / "code"
        self.code.mkdir()
        (self.code / "train.py").write_text(TRAIN)
        (self.code / "quick.py").write_text(QUICK)
        (self.code / "peer.py").write_text(OPTUNA)
        self.ml = MLClient.default()
        self.ml.compute.begin_create_or_update(AmlCompute(name="two", max_instances=WIDE)).result()

    def close(self) -> None:
        from jupyter_aml.engine import lifecycle

        lifecycle.stop(self.ml.workspace.folder)

    def sweep(self, script: str, metric: str, trials: int) -> str:
        """A sweep of so many trials, submitted."""
        from jupyter_aml import command
        from jupyter_aml.sweep import Uniform

        around = {"TRACKING": str(self.ml.workspace.folder.tracking_database)} if script == "quick.py" else {}
        job = command(
            command=f"python {script} ${{{{inputs.c}}}}", code=str(self.code), compute="two",
            environment_variables=around, inputs={"c": 1.0},
        )  # fmt: skip
        draft = job(c=Uniform(0.01, 10)).sweep(primary_metric=metric, goal="maximize", max_total_trials=trials)
        return str(self.ml.jobs.create_or_update(draft).name)

    def swept(self, script: str, metric: str, trials: int) -> float:
        """Seconds a trial, from the submit to the end of the sweep."""
        began = time.perf_counter()
        name = self.sweep(script, metric, trials)
        ended = self.ml.jobs.wait(name)
        assert ended.status == "Completed", ended.error
        return (time.perf_counter() - began) / trials

    # ── a small training ──

    def trained(self) -> list[Row]:
        """A warm sweep, against fresh interpreters and against Optuna's own loop."""
        self.swept("train.py", "accuracy", 20)  # the worker learns what it is to hold
        ours = self.swept("train.py", "accuracy", TRIALS)
        fresh = self._fresh()
        stock = self._optuna(f"sqlite:///{self.folder}/stock.db")
        same = self._optuna(self.ml.workspace.tracking_uri)
        what = f"A sweep of {TRIALS} small scikit-learn + mlflow trials on two nodes"
        return [
            Row(f"{what}; against a two-wide loop of fresh interpreters", 1e3 * ours, 1e3 * fresh, "ms/trial",
                ours / fresh, "≤ 0.05", ours / fresh <= 0.05),
            Row(f"{what}; against Optuna calling the function in two processes, MLflow on SQLite", 1e3 * ours,
                1e3 * stock, "ms/trial", ours / stock, "≤ 2", ours / stock <= 2),
            Row(f"{what}; against the same, MLflow on our store", 1e3 * ours, 1e3 * same, "ms/trial",
                ours / same, "none", holds=True),
        ]  # fmt: skip

    def _fresh(self) -> float:
        """Byte-compiled, logging to our store; the first one is not counted."""
        around = {**os.environ, "MLFLOW_TRACKING_URI": self.ml.workspace.tracking_uri}

        def one(number: int) -> None:
            command = [sys.executable, "train.py", str(number + 1)]
            subprocess.run(command, cwd=self.code, env=around, check=True, capture_output=True)

        one(0)
        return _two_wide(one, FRESH)

    def _optuna(self, tracking: str) -> float:
        """Two processes that share a study, begun together once both have loaded everything."""
        import optuna

        storage = f"sqlite:///{self.folder}/study{abs(hash(tracking))}.db"
        optuna.create_study(study_name="s", storage=storage, direction="maximize")
        around = {**os.environ, "MLFLOW_TRACKING_URI": tracking}
        command = [sys.executable, "peer.py", storage, str(TRIALS // WIDE)]
        loops: list[subprocess.Popen[str]] = []
        for _ in range(WIDE):
            loop = subprocess.Popen(
                command, cwd=self.code, env=around, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            _until_ready(loop)
            loops.append(loop)
        began = time.perf_counter()
        for loop in loops:
            print(file=loop.stdin, flush=True)
        assert [loop.wait() for loop in loops] == [0] * WIDE
        return (time.perf_counter() - began) / TRIALS

    # ── a thousand trials of nothing ──

    def many(self) -> list[Row]:
        """What the engine adds to a trial, and whether its memory grows with them."""
        began = time.perf_counter()
        name = self.sweep("quick.py", "m", MANY)
        few, many = self._memory_at(name, FEW), self._memory_at(name, MANY - FEW)
        assert self.ml.jobs.wait(name).status == "Completed"
        ours = 1e3 * (time.perf_counter() - began) / MANY
        bare = 1e3 * self._bare()
        added = ours - bare
        return [
            Row(f"A sweep of {MANY:,} trials of a small Python script; what it adds to a two-wide loop of them",
                added, bare, "ms/trial", added / bare, "≤ 30 ms", added <= 30),
            Row(f"Memory of a sweep's program after {MANY - FEW} trials, PSS; against {FEW}", many, few, "MB",
                many / few, "≤ 1.1", many / few <= 1.1),
        ]  # fmt: skip

    def _memory_at(self, sweep: str, count: int) -> float:
        from jupyter_aml.store import jobs

        while len(jobs.children(self.ml.workspace.database, sweep)) < count:
            time.sleep(0.1)
        return sum(one.memory_full_info().pss for one in psutil.process_iter() if _is_program(one)) / 1e6

    def _bare(self) -> float:
        around = {**os.environ, "TRACKING": str(self.ml.workspace.folder.tracking_database), "AZUREML_RUN_ID": "none"}

        def one(number: int) -> None:
            command = [sys.executable, "quick.py", str(number)]
            subprocess.run(command, cwd=self.code, env=around, check=True, stderr=subprocess.DEVNULL)

        return _two_wide(one, FEW)


def _two_wide(one: Callable[[int], None], count: int) -> float:
    """Seconds a call."""
    began = time.perf_counter()
    with ThreadPoolExecutor(WIDE) as pool:
        list(pool.map(one, range(count)))
    return (time.perf_counter() - began) / count


def _until_ready(loop: subprocess.Popen[str]) -> None:
    assert loop.stdout is not None
    while loop.stdout.readline() != "ready\n":
        assert loop.poll() is None


def _is_program(process: psutil.Process) -> bool:
    try:
        return "jupyter_aml.engine.orchestrators.sweep" in process.cmdline()
    except psutil.Error:
        return False
