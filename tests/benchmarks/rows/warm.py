"""Attempts against bare processes: what a runner costs, what a warm start saves, how fast and how whole a cancel is."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from jupyter_aml.engine.executors.base import State
from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.launch import WarmPlan
from tests.benchmarks.row import Row
from tests.contracts.executors.yard import COLD, Attempt, Yard, wait_for

ROOT = Path(__file__).parents[3]
WIDE = 2
ROUNDS = 5
PASSES = 150
WARM_JOBS = 40
FRESH_JOBS = 8
NOTHING = "python -c pass"
SCRIPT = """
import mlflow
from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression
X, y = make_classification(200, 5, random_state=0)
with mlflow.start_run():
    mlflow.log_param("C", 1.0)
    mlflow.log_metric("accuracy", LogisticRegression().fit(X, y).score(X, y))
"""
MODULES = ("mlflow", "sklearn.datasets", "sklearn.linear_model")
FAMILY = """
sleep 600 &
(sleep 600 & sleep 600) &
setsid sleep 600 &
(setsid sleep 600 &)
touch ready
sleep 600
"""
MEMBERS = 6


def rows() -> list[Row]:
    """Every row of attempts."""
    return [_overhead(), _warm(), *_cancel()]


# ── what a runner costs ──


def _overhead() -> Row:
    """In a child without `site`, as the supervisor runs."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.benchmarks.rows.warm import passes; passes()"
    done = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    ours, bare = (1e3 * seconds / PASSES for seconds in json.loads(done.stdout))
    return Row(
        f"{NOTHING}, two wide, through the executor", ours, bare, "ms/job", ours / bare, "≤ 1.6", ours / bare <= 1.6
    )


def passes() -> None:
    """Both loops in turn, several times; prints the medians of their times in seconds."""
    with _yard() as yard:
        pairs = [(_ours(yard, PASSES, lambda: yard.start(NOTHING)), _bare(PASSES)) for _ in range(ROUNDS)]
    print(json.dumps([median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)]))


def _ours(yard: Yard, count: int, start: Callable[[], Attempt]) -> float:
    began = time.perf_counter()
    running: list[Attempt] = []
    while count or running:
        while count and len(running) < WIDE:
            running.append(start())
            count -= 1
        _await_news(yard)
        running = [attempt for attempt in running if yard.executor.look(attempt.folder).state != State.ENDED]
    return time.perf_counter() - began


def _await_news(yard: Yard) -> None:
    """Sleep as the supervisor does: until a child ends, or a descriptor has something to say."""
    reader = _signals()
    ready, _, _ = select.select([reader, *yard.executor.filenos()], [], [], 0.05)
    for descriptor in ready:
        if descriptor == reader:
            os.read(reader, 4096)
        else:
            yard.executor.drain(descriptor)
    yard.executor.reap()


def _signals(pipe: list[int] = []) -> int:  # noqa: B006  one pipe for the process
    """The reading end of the pipe that SIGCHLD writes to."""
    if not pipe:
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        pipe += [reader, writer]
    return pipe[0]


def _bare(count: int) -> float:
    """The same commands as plain children, as many at a time."""
    began = time.perf_counter()
    running: list[int] = []
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    while count or running:
        while count and len(running) < WIDE:
            running.append(os.posix_spawn(sys.executable, [*NOTHING.split()], {**os.environ, "PATH": path}))
            count -= 1
        running.remove(os.waitpid(0, 0)[0])  # of our own group: a runner that leaves is the executor's to reap
    return time.perf_counter() - began


# ── what a warm start saves ──


def _warm() -> Row:
    with _yard() as yard:
        start = _tracked(yard)
        while not yard.outcome(start(WarmPlan(MODULES))).warm:
            yard.turn(0.1)
        warm = _ours(yard, WARM_JOBS, lambda: start(WarmPlan(MODULES))) / WARM_JOBS
        fresh = _ours(yard, FRESH_JOBS, lambda: start(COLD)) / FRESH_JOBS
    what = "A small scikit-learn + mlflow job, two wide: warm against fresh interpreters"
    return Row(what, 1e3 * warm, 1e3 * fresh, "ms/job", warm / fresh, "≤ 0.06", warm / fresh <= 0.06)


def _tracked(yard: Yard) -> Callable[[WarmPlan], Attempt]:
    """Starts the script as a job with a run of its own in our tracking database, for warm and fresh alike."""
    from jupyter_aml.tracking import plugin, schema
    from jupyter_aml.tracking.runs import Runs

    database = yard.root / "mlflow.db"
    schema.ensure(database, yard.root / "mlartifacts")
    yard.tracking_uri = plugin.uri(database)
    runs = Runs(database)

    def start(plan: WarmPlan) -> Attempt:
        attempt = yard.prepare("python train.py", {"train.py": SCRIPT}, warm=plan)
        runs.create(attempt.launch.job, "Default", display_name="x", artifact_uri="file:///x", tags={}, start_ms=1)
        yard.executor.launch(attempt.folder, attempt.launch)
        return attempt

    return start


@contextmanager
def _yard() -> Iterator[Yard]:
    with tempfile.TemporaryDirectory(prefix="jupyter-aml-bench-") as folder:
        executor = SubprocessExecutor()
        yield Yard(Path(folder), executor)
        executor.close()


# ── how fast and how whole a cancel is ──


def _cancel() -> list[Row]:
    with _yard() as yard:
        times = [_canceled(yard) for _ in range(ROUNDS)]
    seconds, left = median(time for time, _ in times), max(left for _, left in times)
    what = "Cancel of a job with children, a setsid child and a double fork"
    return [
        Row(f"{what}: until all are gone", seconds, 1.0, "s", seconds, "≤ 1 s", seconds <= 1.0),
        Row(f"{what}: processes left (against killpg)", left, _left_by_killpg(), "processes", 0.0, "0", left == 0),
    ]


def _canceled(yard: Yard) -> tuple[float, int]:
    attempt = yard.start(FAMILY)
    wait_for((attempt.folder.code / "ready").exists)
    began = time.perf_counter()
    yard.executor.stop(attempt.folder, "measured")
    yard.outcome(attempt)
    return time.perf_counter() - began, len(_alive(f"JUPYTER_AML_ATTEMPT={attempt.folder.root}"))


def _left_by_killpg() -> int:
    with tempfile.TemporaryDirectory() as folder:
        mark = f"JUPYTER_AML_BENCH={folder}"
        name, _, value = mark.partition("=")
        child = subprocess.Popen(
            ["/bin/bash", "-c", FAMILY], cwd=folder, env={**os.environ, name: value}, start_new_session=True
        )
        wait_for((Path(folder) / "ready").exists)
        os.killpg(child.pid, signal.SIGTERM)
        child.wait()
        time.sleep(1.0)
        left = _alive(mark)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        return len(left)


def _alive(mark: str) -> list[int]:
    """Processes that have `mark` in their environment."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark.encode() in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue
    return found
