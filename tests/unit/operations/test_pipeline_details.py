"""A pipeline gathered from a real store: its steps, how they stand, what flows between them."""

import json

import pytest

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.pipeline_details import PipelineDetails, Port
from jupyter_aml.entities.pipeline_graph import Edge
from jupyter_aml.entities.pipeline_states import State
from jupyter_aml.entities.status import JobStatus
from jupyter_aml.operations import run_details
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs
from tests.unit.operations import stored_pipelines
from tests.unit.operations.stored_pipelines import BEGAN, NAME, node, step

NAMED = {"type": "command", "name": "train", "version": "4", "command": "true"}


def gathered(workspace: Workspace) -> PipelineDetails:
    tabs = run_details.details(workspace, NAME)
    assert tabs.pipeline is not None
    assert tabs.children == ()
    assert json.loads(json.dumps(tabs.to_dict()))["pipeline"]["steps"]
    return tabs.pipeline


@pytest.fixture
def piped(workspace: Workspace) -> Workspace:
    """One reused, one completed, one running, one waiting."""
    nodes = {
        "score": node(component="azureml:score@latest", model="train.o", data="split.test"),
        "prep": node(raw=".raw", n=".n"),
        "split": node(data="prep.o"),
        "train": node(component=NAMED, data="split.train"),
    }
    stored_pipelines.begin(
        workspace, nodes, inputs={"raw": {"type": "uri_file", "path": "./raw.csv"}, "n": 7},
        outputs={"all": {"type": "uri_folder"}}, settings={"default_compute": "azureml:cpu", "force_rerun": False},
    )  # fmt: skip
    step(workspace, "prep", JobStatus.COMPLETED, reused="calm_owl_prep")
    step(workspace, "split", JobStatus.COMPLETED, at=3)
    step(workspace, "train", JobStatus.RUNNING, at=9)
    return workspace


def test_the_steps_stand_in_their_order_each_with_its_job_and_its_times(piped: Workspace) -> None:
    prep, split, train, score = gathered(piped).steps
    assert (prep.state, prep.job, prep.reused, prep.ran(0)) == (
        State.REUSED, f"{NAME}_prep", "calm_owl_prep", None,
    )  # fmt: skip
    assert (split.state, split.ran(0), split.reused) == (State.COMPLETED, 4.5, "")
    assert (train.state, train.component, train.ran(BEGAN + 12)) == (State.RUNNING, "train:4", 2.5)
    assert (score.state, score.job, score.component) == (State.WAITING, "", "score@latest")


def test_what_flows_between_them_comes_from_the_record(piped: Workspace) -> None:
    shown = gathered(piped)
    assert Edge("train", "score", "o", "model") in shown.edges
    assert shown.inputs == (Port("raw", "uri_file"), Port("n", "integer"))
    assert [port.is_data for port in shown.inputs] == [True, False]
    assert shown.outputs == (Port("all", "uri_folder"),)
    assert shown.settings == {"default compute": "cpu"}


def test_it_counts_its_steps(piped: Workspace) -> None:
    shown = gathered(piped)
    assert (shown.done, shown.total) == (2, 4)
    assert shown.counts() == {State.COMPLETED: 1, State.REUSED: 1, State.RUNNING: 1, State.WAITING: 1}


def test_what_did_not_begin_before_the_end_never_will(piped: Workspace) -> None:
    stored_pipelines.end(piped, JobStatus.CANCELED)
    assert gathered(piped).steps[-1].state is State.NOT_STARTED


def test_the_last_round_of_a_loop_is_its_step(workspace: Workspace) -> None:
    loop = {"type": "do_while", "body": "${{parent.jobs.count}}", "condition": "go"}
    stored_pipelines.begin(workspace, {"count": node(), "loop": loop})
    for round_ in range(3):
        status = JobStatus.RUNNING if round_ == 2 else JobStatus.COMPLETED
        step(workspace, "count", status, at=2.0 + 10 * round_, round_=round_)
    count, shown = gathered(workspace).steps
    assert (count.job, count.rounds, count.state, count.ran(BEGAN + 30)) == (f"{NAME}_count.2", 3, State.RUNNING, 27.5)
    assert (shown.state, shown.has_job) == (State.RUNNING, False)


def test_the_rounds_of_a_parallel_for_are_one_step(workspace: Workspace) -> None:
    loop = {"type": "parallel_for", "body": "${{parent.jobs.body}}", "items": [{"n": 1}, {"n": 2}, {"n": 3}]}
    nodes = {"body": node(), "loop": loop, "use": node(d="loop.o")}
    stored_pipelines.begin(workspace, nodes)
    for number, status in enumerate((JobStatus.FAILED, JobStatus.RUNNING, JobStatus.COMPLETED)):
        step(workspace, "body", status, at=2 + number, round_=number)
    body, each, use = gathered(workspace).steps
    assert (body.state, body.rounds, body.job, body.ran(BEGAN + 10)) == (State.RUNNING, 3, f"{NAME}_body.2", 7.5)
    assert (each.state, each.has_job, use.state) == (State.RUNNING, False, State.WAITING)
    with workspace.database.transaction() as connection:
        jobs.set_status(connection, JobName(f"{NAME}_body.1"), JobStatus.COMPLETED, ended_at=BEGAN + 20)
    body, each, use = gathered(workspace).steps
    assert (body.state, body.ran(0), each.state, use.state) == (State.FAILED, 17.5, State.FAILED, State.NOT_STARTED)


def test_a_pipeline_within_has_its_own_steps_before_and_after_it_begins(workspace: Workspace) -> None:
    inner = {
        "type": "pipeline",
        "inputs": {"x": {"type": "uri_folder"}},
        "jobs": {"one": node(), "two": node(d="one.o")},
    }
    stored_pipelines.begin(workspace, {"prep": node(), "nest": node("pipeline", inner, x="prep.o")})
    before = gathered(workspace).steps[1].inner
    assert before
    assert [one.state for one in before.steps] == [State.WAITING, State.WAITING]
    nest = step(workspace, "nest", JobStatus.RUNNING, kind="pipeline", spec={"jobs": inner["jobs"]})
    step(workspace, "one", JobStatus.FAILED, parent=nest)
    now = gathered(workspace).steps[1].inner
    assert now
    assert [(one.name, one.state, one.job) for one in now.steps] == [
        ("one", State.FAILED, f"{NAME}_nest_one"),
        ("two", State.NOT_STARTED, ""),
    ]


def test_a_pipeline_within_that_is_only_named_is_known_once_it_has_begun(workspace: Workspace) -> None:
    stored_pipelines.begin(workspace, {"nest": node("pipeline", "azureml:inner:1")})
    assert gathered(workspace).steps[0].inner is None
    step(workspace, "nest", JobStatus.RUNNING, kind="pipeline", spec={"type": "pipeline", "jobs": {"one": node()}})
    inner = gathered(workspace).steps[0].inner
    assert inner
    assert [one.name for one in inner.steps] == ["one"]


def test_a_hundred_steps_need_no_query_each(workspace: Workspace) -> None:
    stored_pipelines.many(workspace)
    asked = list[str]()
    workspace.database.connection.set_trace_callback(asked.append)
    shown = gathered(workspace)
    workspace.database.connection.set_trace_callback(None)
    assert (shown.total, shown.done) == (100, 60)
    assert len(asked) <= 8
