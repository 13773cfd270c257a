"""The page of a run that goes on, in Chromium: lines as they are printed, what travels, cancelling, opening again."""

import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

from playwright.sync_api import Page

from jupyter_aml import command
from tests.benchmarks.page import LIMIT, WHERE, Bench, alive, at_most, bench, clicked, log, p95
from tests.benchmarks.row import Row
from tests.journeys.lab.conftest import TOKEN

LINES: Final = 20_000
EVENTS: Final = 150
REOPENED: Final = 3
CANCELS: Final = 5
SAYS: Final = """
for number in range(150):
    print("said at", time.time(), "by number", number, flush=True)
    time.sleep(0.05 + number % 7 / 500)
"""
POURS: Final = """
began, pause = time.time(), float(sys.argv[2])
for number in range(20_000):
    print(f"2026-11-26 03:30:01,123 INFO trainer: epoch {number} loss={1 / (number + 1):.6f}", flush=pause > 0)
    if pause and number % 100 == 99: time.sleep(pause)
print("poured since", began, flush=True)
time.sleep(2)
"""
STAYS: Final = """
for number in range(10_000): print("line", number)
print("all", flush=True)
time.sleep(600)
"""
TREE: Final = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
others = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) for _ in range(2)]
pathlib.Path("pids.part").write_text(json.dumps([os.getpid(), *[one.pid for one in others]]))
os.rename("pids.part", "pids")
time.sleep(600)
"""
_BEGIN: Final = """import json, os, pathlib, signal, subprocess, sys, time
os.chdir(sys.argv[1])
while not os.path.exists("go"): time.sleep(0.01)
"""
_TABS: Final = "root.querySelector('[role=tab]')"
_LOG: Final = "[...root.querySelectorAll('[role=tab]')].find(one => one.textContent.startsWith('Outputs'))"
_WATCH: Final = """() => {
  // when each line of this kind was first in the page, beside when it says it was printed
  const seen = window.seen = new Map();
  const look = () => {
    const now = (performance.timeOrigin + performance.now()) / 1000;
    for (const line of document.getElementById('run').shadowRoot.querySelectorAll('.log .line code')) {
      const found = /^said at ([0-9.]+) by number ([0-9]+)/.exec(line.textContent);
      if (found && !seen.has(found[2])) seen.set(found[2], now - Number(found[1]));
    }
  };
  new MutationObserver(look).observe(document.getElementById('run').shadowRoot, {
    subtree: true, childList: true, characterData: true });
}"""
_POURED: Final = """() => new Promise(done => {
  const look = () => {
    for (const line of document.getElementById('run').shadowRoot.querySelectorAll('.log .line code')) {
      const found = /^poured since ([0-9.]+)/.exec(line.textContent);
      if (found) return done((performance.timeOrigin + performance.now()) / 1000 - Number(found[1]));
    }
    requestAnimationFrame(look);
  };
  look();
})"""


@dataclass(frozen=True)
class _Job:
    """A job that waits for a file before it does anything, so that its page can be open by then."""

    name: str
    folder: Path

    def go(self) -> None:
        """Let it begin."""
        (self.folder / "go").touch()


def rows() -> list[Row]:
    """Each with a job of its own."""
    with bench() as opened:
        return [*_events(opened), *_poured(opened), _reopened(opened), _canceled(opened)]


def _begun(opened: Bench, code: str, *words: object) -> _Job:
    folder = Path(tempfile.mkdtemp(dir=opened.server.folder))
    (folder / "job.py").write_text(_BEGIN + code)
    line = " ".join(map(str, (sys.executable, folder / "job.py", folder, *words)))
    job = opened.client.jobs.create_or_update(command(command=line))
    return _Job(str(job.name), folder)


def _events(opened: Bench) -> list[Row]:
    job = _begun(opened, SAYS)
    with opened.page(job.name, until=_TABS) as page:
        clicked(page, _LOG, "root.querySelector('.log')")
        page.evaluate(_WATCH)
        job.go()
        page.wait_for_function(f"window.seen.has('{EVENTS - 1}')")
        seen = [1000 * float(one) for one in page.evaluate("[...window.seen.values()]")]
    assert len(seen) > 0.9 * EVENTS, f"{len(seen)} of {EVENTS} lines were seen"
    what = "a line that a job prints → in the page's DOM"
    return [at_most(f"{what}, median", statistics.median(seen), 100), at_most(f"{what}, p95", p95(seen), 100)]


def _poured(opened: Bench) -> list[Row]:
    burst, _ = _pour(opened, 0)
    spread, wire = _pour(opened, 0.01)
    return [
        at_most(f"{LINES:,} lines printed at once: the first is printed → the last is in the page", burst, 3, "s"),
        at_most(f"{LINES:,} lines printed over 2 s: the first is printed → the last is in the page", spread, 3, "s"),
        at_most(f"{LINES:,} lines printed over 2 s: what travels to the page", wire / 1e6, 2, "MB"),
    ]


def _pour(opened: Bench, pause: float) -> tuple[float, int]:
    """Seconds until the last line is there, and the bytes that were received for it."""
    job = _begun(opened, POURS, pause)
    with opened.page(job.name, until=_TABS) as page:
        clicked(page, _LOG, "root.querySelector('.log')")
        received = _received(page)
        job.go()
        took = float(page.evaluate(_POURED))
        opened.client.jobs.wait(job.name, LIMIT)
        return took, sum(received)


def _received(page: Page) -> list[int]:
    """The bytes of each answer from now on, its headers among them."""
    sizes = list[int]()
    session = page.context.new_cdp_session(page)
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    return sizes


def _reopened(opened: Bench) -> Row:
    """After the server was killed: status, a chart and the log, whatever of it the new server has to load."""
    job = _begun(opened, STAYS)
    log(opened.workspace, job.name, ((f"metric {key}", n, 1 / (n + key + 1)) for n in range(1_000) for key in range(8)))
    job.go()
    worst = max(_again(opened, job.name) for _ in range(REOPENED))
    opened.client.jobs.begin_cancel(job.name).result()
    what = "a run that goes on, its page opened again after its server was killed: status, charts and log on the screen"
    return at_most(f"{what}, worst", worst, 2, "s")


def _again(opened: Bench, run: str) -> float:
    opened.server.kill()
    opened.server.start()
    with opened.page(run, until="root.querySelector('.head') && root.querySelector('.card canvas')") as page:
        shown = float(page.evaluate("window.first"))
        return (shown + clicked(page, _LOG, "root.querySelector('.log .line')")) / 1000


def _canceled(opened: Bench) -> Row:
    worst = max(_cancel(opened) for _ in range(CANCELS))
    return at_most("cancel by REST → a tree that ignores SIGTERM is dead, worst", worst, 2, "s")


def _cancel(opened: Bench) -> float:
    job = _begun(opened, TREE)
    job.go()
    until = time.monotonic() + LIMIT
    while not (job.folder / "pids").exists():
        assert time.monotonic() < until, "the job never began"
        time.sleep(0.01)
    pids = json.loads((job.folder / "pids").read_text())
    began = time.perf_counter()
    _asked(opened, "cancel", run=job.name)
    while alive(pids):
        assert time.monotonic() < until, f"{alive(pids)} outlived their job"
        time.sleep(0.002)
    return time.perf_counter() - began


def _asked(opened: Bench, question: str, **args: object) -> Any:
    """A question as any program asks it."""
    where = {**WHERE, "name": WHERE["workspace"]}
    del where["workspace"]
    body = json.dumps({"workspace": where, "view": "", "args": args}).encode()
    address = f"{opened.server.base}/jupyter-aml/ask/{question}"
    with urlopen(Request(address, data=body, headers={"Authorization": f"token {TOKEN}"}), timeout=LIMIT) as answer:
        return json.load(answer)
