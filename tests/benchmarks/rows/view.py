"""The static run view: what a run of 50 metrics × 10,000 points weighs and takes to paint, against its raw values."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import page
from jupyter_aml.widgets.markup import saved_bytes
from jupyter_aml.widgets.text import text
from tests.benchmarks.row import Row
from tests.unit.widgets import sample_runs

LOOK = Look("aml1", sample_runs.CREATED + 60)
LIMIT = 60_000
REPEATS = 5


def rows() -> list[Row]:
    """Bytes of the large run's page; its paint against dumping the same values as JSON; a usual repaint."""
    with tempfile.TemporaryDirectory() as folder:
        large = sample_runs.large(Path(folder))
        running = sample_runs.ordinary(JobStatus.RUNNING)
        return [_weight(large), _paint(large), _repaint(running)]


def _weight(large: RunTabs) -> Row:
    ours = saved_bytes(page(large, LOOK)) + saved_bytes(text(large, LOOK))
    name = "saved view of 50 metrics × 10,000 points, 20 images, 100,000 log lines"
    return Row(name, ours / 1000, LIMIT / 1000, "kB", ours / LIMIT, "≤ 1 × 60 kB", ours <= LIMIT)


def _paint(large: RunTabs) -> Row:
    ours = _seconds(lambda: page(large, LOOK))
    peer = _seconds(lambda: json.dumps(large.to_dict()))
    name = "painting that view, against json.dumps of its values"
    return Row(name, ours, peer, "s", ours / peer, "≤ 2 ×", ours <= 2 * peer)


def _repaint(running: RunTabs) -> Row:
    ours, interval = _seconds(lambda: page(running, LOOK)), 0.25
    name = "a repaint of a running job with 8 metrics, against the 0.25 s between repaints"
    return Row(name, ours, interval, "s", ours / interval, "≤ 0.2 ×", ours <= 0.2 * interval)


def _seconds(act: Callable[[], object]) -> float:
    taken = list[float]()
    for _ in range(REPEATS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
