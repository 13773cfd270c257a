"""The Metrics tab: numbers as tiles, curves as charts, and all of it again as a table. Markup only."""

from collections.abc import Sequence

from jupyter_aml.entities.metric import MetricPoint
from jupyter_aml.widgets.chart import Plot, line_chart, small_chart, sparkline, thin_curve
from jupyter_aml.widgets.detail import Detail
from jupyter_aml.widgets.figures import number
from jupyter_aml.widgets.markup import EMPTY, Markup, esc, glue
from jupyter_aml.widgets.parts import none, some, table


def metrics(plots: Sequence[Plot], detail: Detail, view: str) -> Markup:
    """Both forms; the view's switch decides which is seen, and a page without styles shows both."""
    if not plots:
        return none("No metrics. Log one with mlflow.log_metric or run.log.")
    switch = Markup(
        f"<div class=sw><label for={view}-c>Charts</label> <label for={view}-t>Table</label></div>"
    )  # fmt: skip
    return Markup(f"{switch}<div class=vc>{_charts(plots, detail)}</div><div class=vt>{_table(plots, detail)}</div>")


def _charts(plots: Sequence[Plot], detail: Detail) -> Markup:
    tiles, more_tiles = some([one for one in plots if not one.is_curve], detail.charts * 2)
    curves, more = some([one for one in plots if one.is_curve], detail.charts)
    shown = [Markup(f"<ul class=tl>{glue(map(_tile, tiles))}</ul>{more_tiles}") if tiles else EMPTY]
    card, kind = (_small_card, "'gd gs'") if detail.compact else (_card, "gd")
    cards = glue(card(one, detail) for one in curves)
    shown.append(Markup(f"<div class={kind}>{cards}</div>{more}") if cards else EMPTY)
    return glue(shown)


def _tile(one: Plot) -> Markup:
    return Markup(f"<li><span>{esc(one.key, 80)}</span><b>{number(one.last.value)}</b>")


def _card(one: Plot, detail: Detail) -> Markup:
    chart = line_chart(one, detail.points, hints=detail.hints)
    return Markup(
        f"<figure class=cd><figcaption><span>{esc(one.key, 80)}</span><b>{number(one.last.value)}</b></figcaption>"
        f"{chart}<p class=st>{_extremes(one)}</p></figure>"
    )


def _small_card(one: Plot, detail: Detail) -> Markup:
    """Where there are too many for full charts: the curve between its lowest and highest value."""
    low, high = one.lowest, one.highest
    said = f"{number(low.value, 3)} to {number(high.value, 3)}" if low and high else "no finite value"
    return Markup(
        f"<figure class=cd><figcaption><span>{esc(one.key, 60)}</span><b>{number(one.last.value)}</b></figcaption>"
        f"{small_chart(one, detail.points)}<p class=st>{said}</p></figure>"
    )


def _extremes(one: Plot) -> Markup:
    low, high = one.lowest, one.highest
    said = [f"<span>min <b>{number(low.value)}</b></span>" if low else ""]
    said.append(f"<span>max <b>{number(high.value)}</b></span>" if high else "")
    said.append(f"<span>{one.count:,} points</span>")
    said.append(f"<span class=nx>✕ {one.broken:,} not finite</span>" if one.broken else "")
    return Markup(" ".join(filter(None, said)))


def _table(plots: Sequence[Plot], detail: Detail) -> Markup:
    shown, more = some(plots, detail.charts * 4)
    heads = ["Metric", "Last", "Lowest", "at step", "Highest", "at step", "Points"]
    rows = [
        (
            esc(one.key, 80),
            Markup(f"<b>{number(one.last.value, 6)}</b>"),
            *_at(one.lowest),
            *_at(one.highest),
            Markup(f"{one.count:,}"),
            *([] if detail.compact else [Markup(sparkline(one) + _values(one, detail.rows))]),
        )
        for one in shown
    ]
    heads += [] if detail.compact else ["Curve"]
    return Markup(table("Metrics", heads, rows, range(2, 8)) + more)


def _at(point: MetricPoint | None) -> tuple[Markup, Markup]:
    if point is None:
        return Markup("—"), Markup("—")
    return Markup(number(point.value, 6)), Markup(f"{point.step:,}")


def _values(one: Plot, rows: int) -> Markup:
    """The curve's own numbers, thinned as charts are."""
    if not one.is_curve or not rows:
        return EMPTY
    dots = thin_curve(one.curve, rows).dots
    lines = "".join(f"<tr><td>{number(x)}<td>{number(y, 6)}" for x, y in dots)
    said = "values" if len(dots) == one.count else f"{len(dots)} of {one.count:,} values"
    head = f"<thead><tr><th scope=col>{one.curve.unit}<th scope=col>Value"
    return Markup(f"<details><summary>{said}</summary><table>{head}<tbody>{lines}</table></details>")
