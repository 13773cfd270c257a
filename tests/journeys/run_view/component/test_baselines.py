"""How the view looks, beside how it looked when somebody last looked at it: `baselines/`, renewed by --snapshot-update.

Pictures are compared small and grey, so that fonts and their smoothing may differ; what moved, vanished or lost its
colours shows.
"""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageChops, ImageStat

from jupyter_aml.entities.status import JobStatus
from tests.journeys.run_view.component.conftest import Show, View
from tests.journeys.run_view.component.test_metrics import INKED, curves
from tests.unit.widgets import sample_pipelines, sample_runs, sample_sweeps

pytestmark = pytest.mark.browser
KEPT: Final = Path(__file__).with_name("baselines")
SIZE: Final = (125, 100)
MOST: Final = 3.0  # of 255: a tab that is not there differs by 10, other fonts by less than 1

DRAWN: Final = f"""() => {{
  // every chart is drawn, and the frame is over
  const inked = {INKED}, root = document.getElementById('place').shadowRoot;
  const charts = [...root.querySelectorAll('figure.card')].map(one => one.querySelector('canvas'));
  const isDone = charts.every(one => one && inked(one) > 100);
  return isDone && new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true))));
}}"""


def metrics(show: Show, look: str) -> View:
    told = curves()
    return show(
        sample_runs.ordinary(), told.answers(), tab="Metrics", look=look, series=told.summaries(), is_final=True
    )


def graph(show: Show, look: str) -> View:
    return show(sample_pipelines.failed(), look=look, is_final=True)


def trials(show: Show, look: str) -> View:
    return show(sample_sweeps.sweep(60, 60, status=JobStatus.COMPLETED, running=0), look=look, is_final=True)


def details(show: Show, look: str) -> View:
    return show(sample_runs.failed(), look=look, tab="Details", is_final=True)


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("shown", [metrics, graph, trials, details])
def test_a_view_looks_as_it_did(
    show: Show, shown: Callable[[Show, str], View], look: str, request: pytest.FixtureRequest
) -> None:
    page = shown(show, look).page
    page.wait_for_function(DRAWN)
    seen = page.screenshot(animations="disabled")
    kept = KEPT / f"{shown.__name__}-{look}.png"
    if request.config.getoption("update_snapshots"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(seen)
    assert kept.exists(), "look at it, then: --snapshot-update"
    assert difference(seen, kept.read_bytes()) < MOST


def difference(one: bytes, other: bytes) -> float:
    """How far two pictures are apart, 0 to 255, the mean over their pixels."""
    small = [Image.open(io.BytesIO(each)).convert("L").resize(SIZE) for each in (one, other)]
    return float(ImageStat.Stat(ImageChops.difference(*small)).mean[0])


def test_the_measure_tells_views_apart() -> None:
    pictures = sorted(KEPT.glob("*.png"))
    assert len(pictures) == 8
    for one in pictures:
        for other in pictures:
            if one != other:
                assert difference(one.read_bytes(), other.read_bytes()) > MOST, (one.name, other.name)
