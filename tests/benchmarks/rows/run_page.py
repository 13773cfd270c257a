"""The page of a finished run: mounting, charts of a million points, a large sweep, many runs side by side."""

import random
import statistics
from collections.abc import Iterator
from itertools import count
from typing import Final

from jupyter_aml import command
from jupyter_aml.widgets.carriers import MODULE
from tests.benchmarks.page import CLICK, Bench, Work, at_most, bench, clicked, log
from tests.benchmarks.row import Row
from tests.unit.operations import stored_sweeps

POINTS: Final = 1_000_000
CHARTS: Final = 20
POINTS_EACH: Final = 10_000
TRIALS: Final = 1_000
RUNS: Final = 100
METRICS: Final = 50
REPEATS: Final = 7
WORKED: Final = 3
_TRIALS: Final = "root.querySelectorAll('[data-row]').length > 5 && root.querySelector('svg, canvas')"
_SAID: Final = "root.querySelector('.head') && root.querySelectorAll('.card figcaption b').length === 4"
_DRAWN: Final = "root.querySelector('.head') && root.querySelectorAll('.card canvas').length === 4"
_TABS: Final = "root.querySelector('[role=tab]')"
_METRICS: Final = "[...root.querySelectorAll('[role=tab]')].find(one => one.textContent.startsWith('Metrics'))"
_numbers = count()


def rows() -> list[Row]:
    """Each on the same server, which has answered others before. The sweep first: no supervisor looks after it yet."""
    with bench() as opened:
        return [_bundle(), *_sweep(opened), *_mounted(opened), *_charts(opened), *_compared(opened)]


def _bundle() -> Row:
    return at_most("the run view's module, minified", MODULE.stat().st_size / 1000, 150, "kB")


def _sweep(opened: Bench) -> list[Row]:
    stored_sweeps.many(opened.workspace, TRIALS)
    stored_sweeps.end(opened.workspace, best=1, importance={"rate": 0.7, "depth": 0.2, "drop": 0.1})
    taken = [opened.mounted(stored_sweeps.NAME, until=_TRIALS) for _ in range(REPEATS)]
    with opened.page(stored_sweeps.NAME, until=_TRIALS) as page:
        sorts = [clicked(page, f"[...root.querySelectorAll('th button')][{place}]") for place in range(3)]
    what = f"a sweep of {TRIALS:,} trials"
    return [
        at_most(f"{what}: module asked for → charts and table painted, median", statistics.median(taken), 500),
        at_most(f"{what}: sorted by a column → painted, worst", max(sorts), 100),
    ]


def _mounted(opened: Bench) -> list[Row]:
    """Its charts need two questions, one after the other: how it stands, and then the points of four metrics."""
    run = _ended(opened, "echo hello")
    log(opened.workspace, run, _curves(4, 200))
    again = opened.mounted_again(run, _DRAWN, 3 * REPEATS)
    said = [opened.mounted(run, until=_SAID) for _ in range(REPEATS)]
    drawn = [opened.mounted(run, until=_DRAWN) for _ in range(REPEATS)]
    told, asked = (
        "the loaded module is told to show a finished run",
        "a fresh page of a finished run asks for the module",
    )
    return [
        at_most(f"{told} → header, metrics and their charts painted, median", statistics.median(again), 100),
        at_most(f"{asked} → header, metrics and their values painted, median", statistics.median(said), 100),
        at_most(f"{asked} → their charts painted, too, median", statistics.median(drawn), 150),
    ]


def _charts(opened: Bench) -> list[Row]:
    """Of failed runs: their page begins with the details, so that the charts can be told from the rest."""
    small, long, many = (_failed(opened, *size) for size in ((1, 1_000), (1, POINTS), (CHARTS, POINTS_EACH)))
    first = _drawn(opened, long, 1)
    least, work, works = _worked(opened, small), _worked(opened, long), _worked(opened, many)
    what, those = "1e6 points of a metric", f"{CHARTS} charts of 1e4 points each"
    return [
        at_most(f"{what}: tab opened → drawn, when nobody asked for them before", first, 2_000),
        at_most(f"{what}: tab opened → drawn", _drawn(opened, long, 1), 500),
        _work(f"{what}: what the page works to draw them; against 1,000 points", work, least, 200),
        at_most(f"{those}: tab opened → drawn", _drawn(opened, many, CHARTS), 1_000),
        _work(f"{those}: what the page works to draw them; against one of 1,000", works, least, 150),
    ]


def _work(name: str, ours: float, peer: float, limit: float) -> Row:
    return Row(name, ours, peer, "ms", ours / peer, f"≤ {limit:g} ms", ours <= limit)


def _drawn(opened: Bench, run: str, charts: int) -> float:
    with opened.page(run, until=_TABS, height=3000) as page:
        return clicked(page, _METRICS, f"root.querySelectorAll('.card canvas').length === {charts}")


def _worked(opened: Bench, run: str) -> float:
    """The median: what else the machine does takes caches, if not time."""
    return statistics.median(_works(opened, run) for _ in range(WORKED))


def _works(opened: Bench, run: str) -> float:
    with opened.page(run, until=_TABS, height=3000) as page:
        return Work(page).of(lambda: page.evaluate(CLICK, _METRICS))


def _compared(opened: Bench) -> list[Row]:
    names = [_ended(opened, "true") for _ in range(RUNS)]
    for seed, name in enumerate(names):
        log(opened.workspace, name, _curves(METRICS, 20, seed))
    table = f"root.querySelectorAll('thead th').length === {RUNS}"
    taken = [opened.mounted(*names, until=table) for _ in range(5)]
    with opened.page(*names, until=table) as page:
        switched = clicked(page, "root.querySelector('[role=switch]')")
    what = f"{RUNS} runs × {METRICS} metrics side by side"
    return [
        at_most(f"{what}: module asked for → painted, median", statistics.median(taken), 1_000),
        at_most(f"{what}: all rows instead of those that differ → painted", switched, 500),
    ]


def _ended(opened: Bench, line: str) -> str:
    job = opened.client.jobs.create_or_update(command(command=line, name=f"bench_{next(_numbers)}"))
    opened.client.jobs.wait(str(job.name), 60)
    return str(job.name)


def _failed(opened: Bench, keys: int, points: int) -> str:
    name = _ended(opened, "exit 1")
    log(opened.workspace, name, _curves(keys, points))
    return name


def _curves(keys: int, points: int, seed: int = 0) -> Iterator[tuple[str, int, float]]:
    noise = random.Random(seed)
    return (
        (f"metric {key}", step, 1 / (1 + step / 1000) + 0.1 * noise.random())
        for step in range(points)
        for key in range(keys)
    )
