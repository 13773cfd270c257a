"""The engine against bare processes: submit, start, throughput, what the supervisor costs, the end of a tree."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from tests.benchmarks.row import Row

if TYPE_CHECKING:
    from jupyter_aml import MLClient

ROOT = Path(__file__).parents[3]
SUBMITS = 100
STARTS = 20
FRESH = 7
JOBS = 200
IDLE_SECONDS = 8.0
CANCELS = 5
SHORTEST = "python -c pass"
TREE = """
sleep 600 &
setsid sleep 601 &
( ( trap '' TERM HUP; exec sleep 602 ) & )
( setsid setsid bash -c 'sleep 603 & exec sleep 604' & )
touch up
wait
"""


def rows() -> list[Row]:
    """Every row of the engine."""
    return [*_submits(), *_starts(), _throughput(), *_costs(), _cancel(), _queue()]


def _submits() -> list[Row]:
    warm = _measured("submit")
    cold = [_measured("first_submit") for _ in range(FRESH)]
    return [
        _row("Submit call, p95, supervisor up; against Popen", _p95(warm["ours"]), _p95(warm["peer"]), 50),
        _row("Submit call, worst first one of a process, no supervisor", max(cold), _p95(warm["peer"]), 150),
    ]


def _starts() -> list[Row]:
    found = _measured("start")
    bare = _p95(found["peer"])
    return [
        _row("Submit → process start, p95, supervisor up; against Popen", _p95(found["up"]), bare, 15),
        _row("Submit → process start, p95, no supervisor", _p95(found["none"]), bare, 200),
    ]


def _throughput() -> Row:
    found = _measured("throughput")
    ours, peer = found["ours"] / JOBS * 1e3, found["peer"] / JOBS * 1e3
    name = f"`{SHORTEST}`, cold, two-wide, {JOBS} jobs wished before the supervisor starts; against bare spawn and wait"
    return Row(name, ours, peer, "ms/job", ours / peer, "≤ 1.6", ours / peer <= 1.6)


def _costs() -> list[Row]:
    found = _measured("costs")
    ours, peer = found["pss"], found["bare"]
    used = found["cpu"] / IDLE_SECONDS * 100
    return [
        Row("Supervisor's memory, PSS; against a bare Python", ours, peer, "MB", ours / peer, "≤ 20 MB", ours <= 20),
        Row(f"Supervisor's idle CPU over {IDLE_SECONDS:.0f} s", used, 0.0, "%", 0.0, "< 0.1 %", used < 0.1),
    ]


def _cancel() -> Row:
    worst = max(_measured("cancel"))
    name = "Cancel of a tree (setsid, double fork, ignores SIGTERM) until none is left, worst; against its grace"
    return Row(name, worst, 0.5, "s", worst / 0.5, "≤ 1 s", worst <= 1)


def _queue() -> Row:
    """By the processor's clock: what each of so many jobs costs the machine, from its wish to its end."""
    many, few = (_decided(jobs) / jobs for jobs in (10_000, 1_000))
    name = "What is decided for each of 10,000 jobs that wait, against 1,000"
    return Row(name, many * 1e3, few * 1e3, "ms/job", many / few, "≤ 2", many / few <= 2)


def _decided(jobs: int) -> float:
    from jupyter_aml.engine import machine
    from jupyter_aml.entities.names import ComputeName, JobName

    cluster, began = machine.Cluster(ComputeName("bench"), 0, 2, 60.0), time.process_time()
    names = [JobName(f"job-{number}") for number in range(jobs)]
    for name in names:
        cluster, _ = machine.advance(cluster, machine.JobWished(0, name))
    for name in names:
        cluster, _ = machine.advance(cluster, machine.AttemptEnded(1, name, 1, "completed"))
    assert cluster.is_empty
    return time.process_time() - began


def _row(name: str, ours: float, peer: float, bar: float) -> Row:
    """From seconds to a row in milliseconds."""
    return Row(name, ours * 1e3, peer * 1e3, "ms", ours / peer, f"≤ {bar:g} ms", ours * 1e3 <= bar)


def _p95(values: list[float]) -> float:
    return sorted(values)[len(values) * 95 // 100]


def _measured(what: str) -> Any:
    """What a child process measures in a home of its own, with byte code as users have it."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["JUPYTER_AML_HOME"] = folder
        command = [sys.executable, "-m", "tests.benchmarks.rows.engine", what]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


# ── in the child ──


def _client() -> "MLClient":
    from jupyter_aml import MLClient

    return MLClient.default()


def _ended(ml: "MLClient", line: str) -> float:
    """A job from submit to end; seconds that the submit call took."""
    from jupyter_aml import command

    draft = command(command=line, experiment_name="bench")
    began = time.perf_counter()
    job = ml.jobs.create_or_update(draft)
    took = time.perf_counter() - began
    ml.jobs.wait(job.name or "")
    return took


def _popen() -> float:
    began = time.perf_counter()
    process = subprocess.Popen(["true"])
    took = time.perf_counter() - began
    process.wait()
    return took


def _child_submit() -> dict[str, list[float]]:
    ml = _client()
    for _ in range(5):
        _ended(ml, "true")
    return {"ours": [_ended(ml, "true") for _ in range(SUBMITS)], "peer": [_popen() for _ in range(SUBMITS)]}


def _child_first_submit() -> float:
    return _ended(_client(), "true")


def _child_start() -> dict[str, list[float]]:
    from jupyter_aml.engine import lifecycle

    ml = _client()
    _started(ml)
    up = [_started(ml) for _ in range(SUBMITS)]
    none: list[float] = []
    for _ in range(STARTS):
        lifecycle.stop(ml.workspace.folder)
        none.append(_started(ml))
    return {"up": up, "none": none, "peer": [_popen() for _ in range(SUBMITS)]}


def _started(ml: "MLClient") -> float:
    """Seconds from before the submit call until the user's process existed."""
    from jupyter_aml import command
    from jupyter_aml.store import jobs

    draft = command(command="true", experiment_name="bench")
    began = time.time()
    name = ml.jobs.create_or_update(draft).name or ""
    ml.jobs.wait(name)
    return (jobs.get(ml.workspace.database, name).started_at or 0.0) - began


def _child_throughput() -> dict[str, float]:
    from jupyter_aml import command
    from jupyter_aml.engine import lifecycle
    from jupyter_aml.entities.compute import AmlCompute
    from jupyter_aml.operations import computes, jobs
    from jupyter_aml.store import jobs as rows

    ml = _client()
    computes.create_or_update(ml.workspace, AmlCompute(name="two", max_instances=2))
    draft = command(command=SHORTEST, compute="two", experiment_name="bench")
    for _ in range(JOBS):
        jobs.submit(ml.workspace, draft)
    before = _bare_loop()
    began = time.perf_counter()
    lifecycle.ensure(ml.workspace.folder)
    while rows.unfinished(ml.workspace.database):
        time.sleep(0.05)
    ours = time.perf_counter() - began
    return {"ours": ours, "peer": median([before, _bare_loop()])}


def _bare_loop() -> float:
    """Seconds for the same jobs, two at a time: spawn, wait, spawn the next."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    began = time.perf_counter()
    for number in range(JOBS + 2):
        if number >= 2:
            os.wait()
        if number < JOBS:
            os.posix_spawn("/bin/bash", ["/bin/bash", "-c", SHORTEST], {**os.environ, "PATH": path})
    return time.perf_counter() - began


def _child_costs() -> dict[str, float]:
    from jupyter_aml.engine import lifecycle

    ml = _client()
    for _ in range(30):
        _ended(ml, "true")
    pid = lifecycle.pid(ml.workspace.folder) or 0
    before = _cpu(pid)
    time.sleep(IDLE_SECONDS)
    used = _cpu(pid) - before
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", "input()"], stdin=subprocess.PIPE) as bare:
        time.sleep(0.5)
        found = {"pss": _pss(pid), "bare": _pss(bare.pid), "cpu": used}
        bare.kill()
    return found


def _cpu(pid: int) -> float:
    """Seconds of processor that the process has used, exactly."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _pss(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _child_cancel() -> list[float]:
    from jupyter_aml import command

    ml, times = _client(), list[float]()
    for _ in range(CANCELS):
        name = ml.jobs.create_or_update(command(command=TREE, experiment_name="bench")).name or ""
        up = ml.workspace.folder.jobs / name / "1" / "wd" / "up"
        while not up.exists() or len(_sleepers(name)) < 5:
            time.sleep(0.01)
        began = time.perf_counter()
        ml.jobs.begin_cancel(name).result()
        while _sleepers(name):
            time.sleep(0.01)
        times.append(time.perf_counter() - began)
    return times


def _sleepers(job: str) -> list[str]:
    """The processes of a job that are left: `sleep`s with its name in their environment."""
    found: list[str] = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "comm").read_text() == "sleep\n" and job.encode() in (entry / "environ").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found


CHILD: dict[str, Callable[[], Any]] = {
    "submit": _child_submit,
    "first_submit": _child_first_submit,
    "start": _child_start,
    "throughput": _child_throughput,
    "costs": _child_costs,
    "cancel": _child_cancel,
}


def _main(what: str) -> None:
    from jupyter_aml.engine import lifecycle

    try:
        print(json.dumps(CHILD[what]()))
    finally:
        lifecycle.stop(_client().workspace.folder)


if __name__ == "__main__":
    _main(sys.argv[1])
