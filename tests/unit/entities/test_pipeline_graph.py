"""What flows where in a pipeline, read from its YAML; in which order its steps stand, and how."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.entities.pipeline_graph import Edge, depths, edges_of, in_order, nodes_of
from jupyter_aml.entities.pipeline_states import Course, State, of_job, states
from jupyter_aml.entities.status import JobStatus


def spec(nodes: dict[str, dict[str, Any]], **settings: Any) -> dict[str, Any]:
    return {"jobs": nodes, "settings": settings}


DIAMOND = spec(
    {
        "join": {"inputs": {"a": "${{parent.jobs.left.outputs.o}}", "b": {"path": "${{parent.jobs.right.outputs.o}}"}}},
        "left": {"inputs": {"d": "${{parent.jobs.prep.outputs.o}}", "n": 7}},
        "right": {"inputs": {"d": {"path": "${{parent.jobs.prep.outputs.o}}", "mode": "download"}}},
        "prep": {"inputs": {"n": "${{parent.inputs.n}}"}, "outputs": {"o": "${{parent.outputs.all}}"}},
    }
)
CHOICE = spec(
    {
        "flag": {},
        "if": {
            "type": "if_else",
            "condition": "${{parent.jobs.flag.outputs.f}}",
            "true_block": ["${{parent.jobs.yes}}", "${{parent.jobs.also}}"],
            "false_block": "${{parent.jobs.no}}",
        },
        "yes": {},
        "also": {},
        "no": {},
        "after_no": {"inputs": {"x": "${{parent.jobs.no.outputs.o}}"}},
    }
)
LOOP = spec(
    {
        "count": {},
        "loop": {"type": "do_while", "body": "${{parent.jobs.count}}", "condition": "go", "mapping": {"m": ["n"]}},
        "use": {"inputs": {"k": "${{parent.jobs.count.outputs.m}}"}},
    }
)


def stand(
    of: dict[str, Any], status: JobStatus = JobStatus.RUNNING, goes_on: bool = False, **jobs: State
) -> dict[str, str]:
    nodes, edges = nodes_of(of), edges_of(of)
    course = Course(
        nodes, in_order(list(nodes), edges), edges, jobs, status, goes_on, of["settings"].get("on_finalize", "")
    )
    return {name: str(state) for name, state in states(course).items()}


def test_every_binding_is_an_edge() -> None:
    assert set(edges_of(DIAMOND)) == {
        Edge("left", "join", "o", "a"),
        Edge("right", "join", "o", "b"),
        Edge("prep", "left", "o", "d"),
        Edge("prep", "right", "o", "d"),
        Edge("", "prep", "n", "n"),
        Edge("prep", "", "o", "all"),
    }


def test_a_decision_leads_to_the_steps_of_its_blocks() -> None:
    assert [edge for edge in edges_of(CHOICE) if "if" in {edge.source, edge.target}] == [
        Edge("flag", "if", "f", "condition"),
        Edge("if", "yes", "true", is_data=False),
        Edge("if", "also", "true", is_data=False),
        Edge("if", "no", "false", is_data=False),
    ]


def test_what_reads_the_body_of_a_loop_waits_for_the_loop() -> None:
    assert set(edges_of(LOOP)) == {
        Edge("count", "loop", "go", "while"),
        Edge("count", "use", "m", "k"),
        Edge("loop", "use", is_data=False),
    }


def test_the_first_and_the_last_step_stand_around_the_others() -> None:
    of = spec({"fin": {}, "a": {}, "b": {"inputs": {"x": "${{parent.jobs.a.outputs.o}}"}}, "ini": {}})
    of["settings"] = {"on_init": "ini", "on_finalize": "${{parent.jobs.fin}}"}
    edges = edges_of(of)
    assert {Edge("ini", "a", is_data=False), Edge("b", "fin", is_data=False)} <= set(edges)
    assert in_order(list(nodes_of(of)), edges) == ["ini", "a", "b", "fin"]


def test_a_binding_to_what_is_not_there_is_no_edge() -> None:
    assert (
        edges_of(spec({"a": {"inputs": {"x": "${{parent.jobs.b.outputs.o}}", "y": "${{nothing}}", "z": None}}})) == ()
    )
    assert edges_of({}) == ()


def test_steps_stand_behind_what_they_wait_for_and_else_as_they_were_written() -> None:
    edges = edges_of(DIAMOND)
    ordered = in_order(list(nodes_of(DIAMOND)), edges)
    assert ordered == ["prep", "left", "right", "join"]
    assert depths(ordered, edges) == {"prep": 0, "left": 1, "right": 1, "join": 2}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_any_edges_give_an_order_of_all_steps(pairs: list[tuple[int, int]]) -> None:
    names = [f"s{n}" for n in range(10)]
    edges = [Edge(f"s{a}", f"s{b}") for a, b in pairs]
    ordered = in_order(names, edges)
    assert sorted(ordered) == names
    assert len(depths(ordered, edges)) == 10
    if all(a < b for a, b in pairs):
        place = {name: n for n, name in enumerate(ordered)}
        assert all(place[edge.source] < place[edge.target] for edge in edges)


@pytest.mark.parametrize(
    ("status", "is_reused", "state"),
    [
        (JobStatus.COMPLETED, False, State.COMPLETED),
        (JobStatus.COMPLETED, True, State.REUSED),
        (JobStatus.NOT_STARTED, False, State.QUEUED),
        (JobStatus.QUEUED, False, State.QUEUED),
        (JobStatus.PREPARING, False, State.RUNNING),
        (JobStatus.CANCEL_REQUESTED, False, State.RUNNING),
        (JobStatus.CANCELED, False, State.CANCELED),
        (JobStatus.FAILED, True, State.FAILED),
    ],
)
def test_a_step_stands_as_its_job_does(status: JobStatus, is_reused: bool, state: State) -> None:
    assert of_job(status, is_reused=is_reused) is state


def test_a_step_without_a_job_waits_or_will_never_start() -> None:
    waiting = {"prep": "completed", "left": "failed", "right": "running", "join": "not started"}
    assert stand(DIAMOND, prep=State.COMPLETED, left=State.FAILED, right=State.RUNNING) == waiting
    assert stand(DIAMOND, prep=State.RUNNING)["join"] == "waiting"
    assert stand(DIAMOND, JobStatus.CANCELED, prep=State.CANCELED)["join"] == "not started"
    lonely = spec({"a": {}, "b": {}})
    assert stand(lonely, a=State.FAILED)["b"] == "not started"
    assert stand(lonely, goes_on=True, a=State.FAILED)["b"] == "waiting"


def test_the_last_step_still_waits_when_others_failed() -> None:
    of = spec({"a": {}, "b": {}, "fin": {}}, on_finalize="fin")
    assert stand(of, a=State.FAILED, b=State.RUNNING)["fin"] == "waiting"
    assert stand(of, JobStatus.CANCELED, a=State.CANCELED)["fin"] == "not started"


def test_a_decision_is_made_when_a_step_of_a_block_begins_and_the_other_block_is_skipped() -> None:
    assert set(stand(CHOICE, flag=State.RUNNING).values()) == {"running", "waiting"}
    begun = stand(CHOICE, flag=State.COMPLETED, yes=State.QUEUED)
    assert (begun["if"], begun["also"], begun["no"], begun["after_no"]) == (
        "completed",
        "waiting",
        "skipped",
        "skipped",
    )
    over = stand(CHOICE, JobStatus.FAILED, flag=State.FAILED)
    assert {over[name] for name in ("if", "yes", "no")} == {"not started"}


def test_a_decision_for_an_empty_block_is_known_at_the_end() -> None:
    of = spec({"flag": {}, "if": {**CHOICE["jobs"]["if"], "true_block": None}, "no": {}})
    over = stand(of, JobStatus.COMPLETED, flag=State.COMPLETED)
    assert (over["if"], over["no"]) == ("completed", "skipped")


def test_a_loop_runs_until_what_is_behind_it_begins() -> None:
    assert stand(LOOP)["loop"] == "waiting"
    assert stand(LOOP, count=State.COMPLETED)["loop"] == "running"
    assert stand(LOOP, count=State.COMPLETED, use=State.QUEUED)["loop"] == "completed"
    assert stand(LOOP, JobStatus.FAILED, count=State.FAILED) == {
        "count": "failed",
        "loop": "failed",
        "use": "not started",
    }
