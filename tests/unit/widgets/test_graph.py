"""A pipeline's tab: what it shows, what it leaves out, what it weighs, and that no step breaks it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from jupyter_aml.entities.pipeline_details import PipelineDetails, Step
from jupyter_aml.entities.pipeline_graph import Edge
from jupyter_aml.entities.pipeline_states import State
from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.graph import graph
from jupyter_aml.widgets.graph_words import SIGNS, cut, progress, told
from jupyter_aml.widgets.html import body, frame, page
from jupyter_aml.widgets.markup import saved_bytes
from jupyter_aml.widgets.style import PIPELINE
from jupyter_aml.widgets.text import text
from tests.unit.widgets import sample_pipelines, sample_runs
from tests.unit.widgets.reading import Page
from tests.unit.widgets.test_page import HOSTILE, LIMIT

LOOK = Look("aml1", sample_pipelines.CREATED + 28, UTC)
PIPELINES: dict[str, Callable[[], RunTabs]] = {
    "running": sample_pipelines.running,
    "failed": sample_pipelines.failed,
    "flowing": sample_pipelines.flowing,
}


def graph_tab(tabs: RunTabs) -> str:
    return body(tabs, LOOK).partition("<section class='p p4'")[2].partition("</section>")[0]


def details(tabs: RunTabs) -> PipelineDetails:
    assert tabs.pipeline
    return tabs.pipeline


@pytest.mark.parametrize("made", PIPELINES.values(), ids=PIPELINES.keys())
def test_a_pipeline_as_text(made: Callable[[], RunTabs], snapshot: SnapshotAssertion) -> None:
    assert text(made(), LOOK) == snapshot


@pytest.mark.parametrize("made", PIPELINES.values(), ids=PIPELINES.keys())
def test_a_pipeline_as_a_reader_without_styles_meets_it(
    made: Callable[[], RunTabs], snapshot: SnapshotAssertion
) -> None:
    assert Page(f"<a{graph_tab(made())}").text.replace("|", "\n") == snapshot


def test_the_graph_as_markup(snapshot: SnapshotAssertion) -> None:
    drawn = re.search(r"<div class=gb .*?</div></div></div>", graph_tab(sample_pipelines.running()))
    assert drawn
    assert drawn[0] == snapshot


def test_the_graph_is_the_first_tab_and_open() -> None:
    markup = page(sample_pipelines.running(), LOOK)
    assert re.findall(r"<section class='p p\d' aria-label='([^']+)'>", markup)[:3] == ["Graph", "Details", "Metrics"]
    assert "aria-label='Graph' checked" in markup
    assert "<label for=aml1-4>Graph <small>7</small></label>" in markup
    assert "Child runs" not in markup
    order = re.findall(r"name=aml1-tab id=aml1-(\d)", frame("aml1", pipeline=sample_pipelines.running().pipeline))
    assert order == ["4", "1", "2", "3", "5", "6", "7", "8"]


def test_another_run_carries_nothing_of_a_pipeline() -> None:
    ordinary = page(sample_runs.ordinary(), LOOK)
    assert PIPELINE not in ordinary
    assert "Graph" not in ordinary


def test_how_far_it_is_stands_above_the_graph() -> None:
    assert progress(details(sample_pipelines.running()), 28) == "3 of 7 steps, 2 reused, 2 running, 2 waiting, 28 s"
    assert progress(PipelineDetails((Step("a", State.COMPLETED),)), None) == "1 of 1 step"


def test_every_state_has_a_word_a_mark_and_a_kind_of_its_own() -> None:
    assert len({kind for kind, _ in SIGNS.values()}) == len({sign for _, sign in SIGNS.values()}) == len(State)
    for kind, sign in SIGNS.values():
        marks = re.findall(r":is\(\.gw \." + kind + r" small,\.gt td\." + kind + r"\)::before\{content:'(.)'", PIPELINE)
        assert marks == [sign] or (kind, sign) == ("qd", "○")


def test_every_box_leads_to_the_row_of_its_step() -> None:
    markup = graph_tab(sample_pipelines.flowing())
    links = re.findall(r"<a href=#(\S+) tabindex=-1", markup)
    rows = re.findall(r"<tr id=(\S+?)>", markup)
    assert len(links) == len(rows) == 13
    assert sorted(links) == sorted(rows)


def test_a_reused_step_names_the_earlier_job() -> None:
    markup = graph_tab(sample_pipelines.running())
    assert "title='split: reused, from calm_owl_b5n8zq2wd0_split'" in markup
    assert "<td><code>calm_owl_b5n8zq2wd0_split</code>" in markup


def test_a_pipeline_within_is_a_box_that_leads_to_its_own_graph() -> None:
    markup = graph_tab(sample_pipelines.flowing())
    assert "<a href=#aml1-i7>1 of 3 steps</a>" in markup
    within = markup.partition("id=aml1-i7>")[2]
    assert "Within train_them" in within
    assert within.count("tabindex=-1") == 3


def test_the_graph_is_told_in_words() -> None:
    said = told(details(sample_pipelines.running()), 5_000)
    assert said.startswith("prepare (reused) leads to split. split (reused) leads to featurize and score_all.")
    assert said.endswith("compare (waiting).")
    assert told(details(sample_pipelines.large()), 200).endswith("more are in the table.")


def test_a_hundred_steps_fit_with_their_graph_and_every_row() -> None:
    for status in (JobStatus.RUNNING, JobStatus.COMPLETED):
        markup = page(sample_pipelines.large(status=status), replace(LOOK, view="aml1a2b3c"))
        assert saved_bytes(markup) <= LIMIT
        assert markup.count("<tr id=") == 100
        assert len(re.findall(r"<a href=#\S+ tabindex", markup)) == 100


@pytest.mark.parametrize("deep", [13, 60])
def test_more_steps_than_fit_are_counted_and_those_that_run_are_listed(deep: int) -> None:
    markup = page(sample_pipelines.large(10, deep), LOOK)
    assert saved_bytes(markup) <= LIMIT
    left = re.search(r"(\d+) more of (\d+) steps are not listed", markup)
    assert left
    assert int(left[1]) + markup.count("<tr id=") == int(left[2]) == 10 * deep
    assert "Running" in markup.partition("<tbody>")[2]
    assert ("is not drawn here" in markup) == (deep == 60)


def test_a_step_outside_the_table_is_no_link() -> None:
    markup = graph_tab(sample_pipelines.large(10, 13))
    assert set(re.findall(r"<a href=#(\S+) tabindex", markup)) == set(re.findall(r"<tr id=(\S+?)>", markup))


def test_boxes_stay_where_they_are_while_a_pipeline_goes_on() -> None:
    def places(tabs: RunTabs) -> list[str]:
        return re.findall(r"style=(--x:\S+?)[ >]", graph_tab(tabs))

    assert places(sample_pipelines.running()) == places(sample_pipelines.failed())


@pytest.mark.parametrize(
    ("name", "room", "shown"),
    [("train", 5, "train"), ("train_part_9", 8, "tra…rt_9"), ("train_part_9", 1, "…9"), ("", 3, "")],
)
def test_a_long_name_keeps_its_ends(name: str, room: int, shown: str) -> None:
    assert cut(name, room) == shown


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_nobody_elses_text_becomes_markup_in_a_pipeline(hostile: str) -> None:
    harmless = set(Page(page(sample_pipelines.hostile("harmless"), LOOK)).tags)
    markup = page(sample_pipelines.hostile(hostile), LOOK)
    found = Page(markup)
    assert set(found.tags) <= harmless | {"p"}
    assert (found.fetched(), found.handlers()) == ([], [])
    assert saved_bytes(markup) <= LIMIT
    shown_text = text(sample_pipelines.hostile(hostile), LOOK)
    assert "\x1b" not in markup + shown_text
    assert len(shown_text.encode()) <= 12_000


STEPS = st.lists(st.tuples(st.sampled_from(list(State)), st.sampled_from(["command", "sweep", "if_else"])), max_size=9)


@given(STEPS, st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.booleans()), max_size=16))
@settings(deadline=None, max_examples=60)
def test_any_steps_and_edges_make_a_page(rows: list[tuple[State, str]], pairs: list[tuple[int, int, bool]]) -> None:
    steps = tuple(Step(f"s{n}", state, kind) for n, (state, kind) in enumerate(rows))
    edges = tuple(Edge(f"s{a}" if a else "", f"s{b}" if b else "", "o", "i", is_data) for a, b, is_data in pairs)
    shown = PipelineDetails(steps, edges)
    assert len([box for box in graph(shown).boxes if box.step is not None]) == len(steps)
    markup = page(replace(sample_pipelines.running(), pipeline=shown), LOOK)
    assert "nan" not in markup.partition("<svg")[2]
