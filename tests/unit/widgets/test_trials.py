"""A sweep's tab: what it shows, what it leaves out, what it weighs, and that no trial breaks it."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import JsonValue, Parameter, Trial, best_of
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.html import body, frame, page
from jupyter_aml.widgets.markup import saved_bytes
from jupyter_aml.widgets.style import SWEEP
from jupyter_aml.widgets.text import text
from jupyter_aml.widgets.trials import board, bounds, ranks, shown, spread
from tests.unit.widgets import sample_sweeps
from tests.unit.widgets.reading import Page
from tests.unit.widgets.test_page import HOSTILE, LIMIT

LOOK = Look("aml1", sample_sweeps.CREATED + 370, UTC)
SWEEPS: dict[str, Callable[[], RunTabs]] = {
    "new": sample_sweeps.new,
    "running": sample_sweeps.sweep,
    "lowest": lambda: sample_sweeps.sweep(12, 12, status=JobStatus.COMPLETED, goal="minimize", running=0),
}
ANY_VALUE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=4), st.lists(st.integers(), max_size=2)
)
ANY_PARAMS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), ANY_VALUE | st.dictionaries(st.text(max_size=3), ANY_VALUE)
)


def trials_panel(tabs: RunTabs) -> str:
    return body(tabs, LOOK).partition("<section class='p p4'")[2].partition("</section>")[0]


@pytest.mark.parametrize("made", SWEEPS.values(), ids=SWEEPS.keys())
def test_a_sweep_as_text(made: Callable[[], RunTabs], snapshot: SnapshotAssertion) -> None:
    assert text(made(), LOOK) == snapshot


@pytest.mark.parametrize("made", SWEEPS.values(), ids=SWEEPS.keys())
def test_a_sweep_as_a_reader_without_styles_meets_it(made: Callable[[], RunTabs], snapshot: SnapshotAssertion) -> None:
    assert Page(f"<a{trials_panel(made())}").text.replace("|", "\n") == snapshot


def test_the_charts_of_a_sweep_as_markup(snapshot: SnapshotAssertion) -> None:
    assert re.findall(r"<svg class='ch .*?</svg>", trials_panel(SWEEPS["lowest"]())) == snapshot


def test_the_children_of_a_sweep_are_its_trials_and_it_opens_there() -> None:
    markup = page(sample_sweeps.sweep(), LOOK)
    assert "aria-label='Trials' checked" in markup
    assert "<label for=aml1-4>Trials <small>40</small></label>" in markup
    assert "Child runs" not in markup


def test_another_run_carries_nothing_of_a_sweep() -> None:
    ordinary = replace(sample_sweeps.sweep(), sweep=None)
    assert SWEEP not in page(ordinary, LOOK)
    assert "-order" not in page(ordinary, LOOK)


def test_a_thousand_trials_fit_and_what_is_left_out_is_said() -> None:
    markup = page(sample_sweeps.thousand(), LOOK)
    assert saved_bytes(markup) <= LIMIT
    found = re.search(r"The (\d+) best and the (\d+) newest others of 1,000 trials", markup)
    assert found
    assert int(found[1]) >= 60
    assert markup.count("<tr ") == int(found[1]) + int(found[2])
    assert re.search(r"\d+ of 983 drawn", markup)
    assert re.search(r"\d+ of 983 trials drawn", markup)


def test_few_trials_are_all_there_and_nothing_is_said_of_others() -> None:
    markup = trials_panel(sample_sweeps.sweep())
    assert markup.count("<tr ") == 40
    assert "newest" not in markup
    assert "drawn" not in markup


def test_the_best_and_the_newest_are_shown_each_once() -> None:
    sweep = sample_sweeps.thousand().sweep
    assert sweep
    rows, best, newest = shown(board(sweep), 120)
    numbers = [trial.number for trial in rows]
    assert (best, newest, len(set(numbers))) == (100, 20, 120)
    assert numbers[:100] == [trial.number for trial in sweep.best_first()[:100]]
    others = sorted(trial.number for trial in sweep.best_first()[100:])
    assert sorted(numbers[100:]) == others[-20:]


def test_the_best_trial_is_marked_once() -> None:
    markup = trials_panel(sample_sweeps.sweep())
    assert len(re.findall(r"<tr class=bt [^>]*><th scope=row>★ 28 <small>best</small>", markup)) == 1
    assert markup.count("★") == 1


def test_every_column_has_a_button_for_each_direction() -> None:
    tabs = sample_sweeps.sweep()
    buttons = re.findall(
        r"<input type=radio name=aml1-order id=(\S+) aria-label='([^']*)'", frame("aml1", sweep=tabs.sweep)
    )
    captions = set(re.findall(r"<label for=(aml1-[kl]\d+)>", body(tabs, LOOK)))
    assert {key for key, _ in buttons} == captions
    assert [said for _, said in buttons][4:6] == ["accuracy, best first", "accuracy, worst first"]
    assert len(buttons) == 2 * 10


def test_a_row_carries_its_place_in_every_column() -> None:
    markup = trials_panel(sample_sweeps.sweep())
    places = {name: [int(n) for n in re.findall(rf"--{name}:(\d+)", markup)] for name in "gi"}
    numbers = [int(n) for n in re.findall(r"<th scope=row>(?:★ )?(\d+)", markup)]
    assert places["g"] == [number + 1 for number in numbers]
    assert places["i"] == sorted(places["i"])


@pytest.mark.parametrize(
    ("values", "places"),
    [
        ([0.3, None, 0.1, 0.3], [2, 0, 1, 2]),
        (["b", "a", None], [2, 1, 0]),
        (["a", 7.0, -1.0], [3, 2, 1]),
        ([math.inf, 0.0, -math.inf], [3, 2, 1]),
        ([], []),
    ],
)
def test_places_in_a_column(values: list[float | str | None], places: list[int]) -> None:
    assert ranks(values) == places


def test_a_few_wild_values_do_not_flatten_an_axis() -> None:
    usual = [n / 100 for n in range(100)]
    assert bounds([*usual, 1e9, 1e12], highest=False) == (0.0, pytest.approx(1.35, abs=0.05), 2)
    assert bounds([*usual, -1e9], highest=True)[2] == 1
    assert bounds(usual, highest=False) == (0.0, 0.99, 0)
    assert bounds([1.0], highest=True) == (1.0, 1.0, 0)


def test_what_is_drawn_of_many_begins_with_the_best() -> None:
    trials = [Trial(n, JobName(f"s_{n}"), JobStatus.COMPLETED) for n in range(100)]
    drawn = [trial.number for trial in spread(trials, 30)]
    assert drawn[:20] == list(range(20))
    assert len(set(drawn)) == 30
    assert drawn[-1] >= 90


@given(st.lists(st.tuples(ANY_PARAMS, st.none() | st.floats(allow_nan=False)), max_size=12), st.booleans())
@settings(deadline=None)
def test_any_parameters_and_values_make_a_page(
    rows: list[tuple[dict[str, JsonValue], float | None]], lowest: bool
) -> None:
    sweep = sample_sweeps.sweep(0).sweep
    assert sweep
    trials = tuple(Trial(n, JobName(f"s_{n}"), JobStatus.COMPLETED, *row) for n, row in enumerate(rows))
    goal = "minimize" if lowest else "maximize"
    best = best_of(trials, goal)
    parameters = (Parameter("a"), Parameter("b", "log"), Parameter("c", "choice", ("1", "x")))
    sweep = replace(sweep, goal=goal, parameters=parameters, trials=trials, best=best.name if best else "")
    markup = page(replace(sample_sweeps.sweep(0), sweep=sweep), LOOK)
    for drawn in re.findall(r" (?:d|points|cx|cy|x|y|style)=(?:'[^']*'|\S+)", markup):
        assert not re.search(r"nan|inf|e\+", drawn)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_nobody_elses_text_becomes_markup_in_a_sweep(hostile: str) -> None:
    harmless = set(Page(page(sample_sweeps.hostile("harmless"), LOOK)).tags)
    markup = page(sample_sweeps.hostile(hostile), LOOK)
    found = Page(markup)
    assert set(found.tags) <= harmless | {"p"}
    assert (found.fetched(), found.handlers()) == ([], [])
    assert saved_bytes(markup) <= LIMIT
    shown_text = text(sample_sweeps.hostile(hostile), LOOK)
    assert "\x1b" not in markup + shown_text
    assert len(shown_text.encode()) <= 12_000


def test_many_parameters_are_counted_and_those_that_matter_are_drawn() -> None:
    tabs = sample_sweeps.sweep()
    assert tabs.sweep
    parameters = tuple(Parameter(f"p{n:02}") for n in range(30))
    trials = tuple(
        replace(trial, params={one.name: n * 0.1 for one in parameters}) for n, trial in enumerate(tabs.sweep.trials)
    )
    sweep = replace(tabs.sweep, parameters=parameters, trials=trials, importance={"p29": 0.9, "p17": 0.1})
    markup = trials_panel(replace(tabs, sweep=sweep))
    assert "18 more parameters are not shown" in markup
    assert "7 of 30 parameters" in markup
    drawn = re.findall(r"<title>(p\d\d)</title>", markup)
    assert {"p17", "p29"} <= set(drawn)
