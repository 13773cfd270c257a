"""How much of a run is shown: the ladder from everything to what fits. Numbers only; `html` climbs down it."""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

MOST_BYTES: Final = 56_000  # of HTML; with the plain text and the notebook's own words 60 kB
IMAGE_SHARE: Final = 24_000  # bytes that pictures may claim before charts and logs get finer
SMALL_IMAGE_SHARE: Final = 2_500  # … once charts are small
_BARE: Final = 6  # lines of a pipeline's log below which its boxes say no more than their table
_SMALL: Final = 60  # trials below which a sweep's other charts are small too


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and when: the view's id in the page, this moment, the clock's zone, a remark from the view itself."""

    view: str
    now: float
    zone: tzinfo | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One rung: points and tooltips per chart, charts, table rows per metric, list lengths, log lines and width.

    `trials`: rows of a sweep's table; of its charts as many lines and three times as many marks. `steps`: rows of a
    pipeline's table; `boxes`: the largest graph that is drawn; `levels`: of pipelines within it; `titles`: whether a
    box that says not all says it when a pointer rests on it.
    """

    points: int
    hints: int
    charts: int
    rows: int
    items: int
    lines: int
    width: int
    text: int = 2_000
    compact: bool = False
    trials: int = 0
    steps: int = 0
    boxes: int = 0
    levels: int = 0
    titles: bool = True

    @property
    def dots(self) -> int:
        """How many trials have a mark in a chart."""
        return self.trials * 3


LADDER: Final = (
    Detail(points=400, hints=60, charts=60, rows=40, items=200, lines=200, width=500),
    Detail(points=300, hints=30, charts=60, rows=20, items=100, lines=200, width=300),
    Detail(points=200, hints=0, charts=60, rows=12, items=60, lines=200, width=200),
    Detail(points=120, hints=0, charts=60, rows=8, items=40, lines=200, width=160),
    Detail(points=80, hints=0, charts=60, rows=6, items=30, lines=200, width=140),
    Detail(points=60, hints=0, charts=60, rows=3, items=20, lines=200, width=120, text=1_000),
    Detail(points=48, hints=0, charts=60, rows=0, items=20, lines=200, width=110, text=1_000, compact=True),
    Detail(points=40, hints=0, charts=60, rows=0, items=12, lines=200, width=100, text=600, compact=True),
    Detail(points=32, hints=0, charts=60, rows=0, items=8, lines=200, width=90, text=600, compact=True),
    Detail(points=28, hints=0, charts=60, rows=0, items=8, lines=140, width=90, text=600, compact=True),
    Detail(points=24, hints=0, charts=60, rows=0, items=8, lines=100, width=90, text=600, compact=True),
    Detail(points=20, hints=0, charts=60, rows=0, items=6, lines=60, width=90, text=300, compact=True),
    Detail(points=16, hints=0, charts=40, rows=0, items=6, lines=40, width=90, text=200, compact=True),
    Detail(points=16, hints=0, charts=24, rows=0, items=5, lines=20, width=80, text=100, compact=True),
)

SWEEP_LADDER: Final = tuple(
    Detail(
        points=n,
        hints=24,
        charts=60,
        rows=0,
        items=max(6, n // 4),
        lines=min(40, n),
        width=120,
        text=10 * n,
        compact=n < _SMALL,
        trials=n,
    )
    for n in (240, 160, 136, 120, 112, 104, 96, 88, 80, 70, 60, 50, 40, 30, 20, 12, 6)
)
"""The same for a sweep, whose trials matter more than its log."""

PIPELINE_LADDER: Final = tuple(
    Detail(
        points=60,
        hints=hints,
        charts=20,
        rows=3,
        items=items,
        lines=lines,
        width=160,
        text=10 * items,
        compact=not hints,
        steps=steps,
        boxes=boxes,
        levels=levels,
        titles=lines > _BARE,
    )
    for steps, boxes, levels, hints, items, lines in (
        (400, 400, 3, 60, 200, 200),
        (400, 400, 3, 60, 60, 60),
        (400, 400, 2, 30, 40, 40),
        (400, 400, 1, 30, 30, 20),
        (400, 400, 1, 0, 20, 12),
        (400, 400, 0, 0, 20, 8),
        (100, 400, 0, 0, 12, 6),
        (90, 400, 0, 0, 12, 6),
        (80, 400, 0, 0, 8, 6),
        (60, 400, 0, 0, 8, 4),
        (40, 400, 0, 0, 8, 4),
        (20, 400, 0, 0, 6, 4),
        (200, 0, 0, 0, 6, 4),
        (170, 0, 0, 0, 6, 4),
        (140, 0, 0, 0, 6, 4),
        (110, 0, 0, 0, 6, 4),
        (80, 0, 0, 0, 6, 4),
        (60, 0, 0, 0, 6, 4),
        (40, 0, 0, 0, 5, 4),
        (20, 0, 0, 0, 5, 2),
        (6, 0, 0, 0, 5, 2),
    )
)
"""The same for a pipeline: its graph and its table are there as long as they fit."""
