"""Pipelines to paint: one that goes on, failed ones, one of a hundred steps, hostile ones. They never differ."""

import random
from dataclasses import replace
from typing import Any

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.pipeline_details import PipelineDetails, Port, Step
from jupyter_aml.entities.pipeline_graph import Edge
from jupyter_aml.entities.pipeline_states import State
from jupyter_aml.entities.run_details import LogTail, RunIdentity, RunTabs, RunTimes
from jupyter_aml.entities.status import JobStatus
from tests.unit.widgets.sample_runs import CREATED

NAME = JobName("cheerful_guava_x3kq7bdw1m")
EARLIER = "calm_owl_b5n8zq2wd0"
LOG = LogTail("logs/azureml/executionlogs.txt", "".join(f"[SCHEDULER] step {n} began.\n" for n in range(400)), 12_000)
_BEGUN = frozenset({State.COMPLETED, State.REUSED, State.FAILED, State.RUNNING, State.CANCELED, State.QUEUED})


def _step(name: str, state: State, began: float = 0.0, took: float = 0.0, **more: Any) -> Step:
    """A step; one that took no time has not started."""
    started = CREATED + began if took else None
    ended = None if started is None or state is State.RUNNING else started + took
    job, reused = (f"{NAME}_{name}" if state in _BEGUN else ""), (f"{EARLIER}_{name}" if state is State.REUSED else "")
    return Step(name, state, job=job, started=started, ended=ended, reused=reused, **more)


def tabs(details: PipelineDetails, status: JobStatus = JobStatus.RUNNING) -> RunTabs:
    """A run that is this pipeline."""
    identity = RunIdentity(NAME, status, "taxi", "taxi fares, weekly", "pipeline", "local-cluster")
    ended = CREATED + 62 if status not in {JobStatus.RUNNING, JobStatus.NOT_STARTED} else None
    return RunTabs(identity, RunTimes(CREATED, CREATED + 0.4, ended), log=LOG, pipeline=details)


def running() -> RunTabs:
    """Two reused, one running beside a sweep, the others yet to come."""
    steps = (
        _step("prepare", State.REUSED, component="prepare_taxi:3"),
        _step("split", State.REUSED),
        _step("featurize", State.COMPLETED, 3, 12.4, component="featurize:1"),
        _step("train", State.RUNNING, 16, 12.0, component="train_boosting:12"),
        _step("tune", State.RUNNING, 16, 12.0, type="sweep"),
        _step("score_all", State.WAITING, type="parallel"),
        _step("compare", State.WAITING),
    )
    edges = (
        Edge("", "prepare", "raw", "raw"),
        Edge("", "prepare", "seed", "seed"),
        Edge("prepare", "split", "clean", "data"),
        Edge("split", "featurize", "train", "data"),
        Edge("featurize", "train", "features", "features"),
        Edge("featurize", "tune", "features", "features"),
        Edge("split", "score_all", "test", "data"),
        Edge("train", "score_all", "model", "model"),
        Edge("score_all", "compare", "scores", "scores"),
        Edge("tune", "compare", "model", "challenger"),
        Edge("compare", "", "report", "report"),
        Edge("train", "", "model", "model"),
    )
    ports = (Port("raw", "uri_file"), Port("seed", "integer"))
    outputs = (Port("report", "uri_folder"), Port("model", "mlflow_model"))
    settings = {"default compute": "local-cluster", "continue on step failure": "yes"}
    return tabs(PipelineDetails(steps, edges, ports, outputs, settings))


def failed() -> RunTabs:
    """A step failed, one was ended with it, the rest was not begun."""
    found = running().pipeline
    assert found
    states = {
        "train": State.FAILED,
        "tune": State.CANCELED,
        "score_all": State.NOT_STARTED,
        "compare": State.NOT_STARTED,
    }
    steps = tuple(
        replace(step, state=states.get(step.name, step.state), ended=step.started and step.started + 4)
        for step in found.steps
    )
    shown = tabs(replace(found, steps=steps), JobStatus.FAILED)
    return replace(shown, error="Step 'train' of the pipeline failed: Execution failed. ValueError: no rows left")


def flowing() -> RunTabs:
    """A decision, a loop, a first and a last step, and a pipeline within."""
    inner = PipelineDetails(
        (
            _step("fit", State.COMPLETED, 5, 3.5),
            _step("check", State.RUNNING, 9, 2.0),
            _step("register", State.WAITING),
        ),
        (
            Edge("", "fit", "data", "data"),
            Edge("fit", "check", "model", "model"),
            Edge("check", "register", "ok", "model"),
        ),
        (Port("data", "uri_folder"),),
    )
    steps = (
        _step("open", State.COMPLETED, 1, 0.8),
        _step("look", State.COMPLETED, 2, 1.6),
        _step("is_large", State.COMPLETED, type="if_else"),
        _step("sample", State.COMPLETED, 4, 1.0),
        _step("whole", State.SKIPPED),
        _step("refine", State.COMPLETED, 5, 6.0, rounds=3),
        _step("until_good", State.RUNNING, type="do_while"),
        _step("train_them", State.RUNNING, 5, 6.0, type="pipeline", inner=inner, component="train_pipeline:2"),
        _step("report", State.WAITING),
        _step("close", State.WAITING),
    )
    edges = (
        Edge("", "look", "raw", "raw"),
        Edge("open", "look", is_data=False),
        Edge("look", "is_large", "is_large", "condition"),
        Edge("is_large", "sample", "true", is_data=False),
        Edge("is_large", "whole", "false", is_data=False),
        Edge("look", "sample", "data", "data"),
        Edge("look", "whole", "data", "data"),
        Edge("look", "refine", "data", "data"),
        Edge("look", "train_them", "data", "data"),
        Edge("refine", "until_good", "again", "while"),
        Edge("until_good", "report", is_data=False),
        Edge("refine", "report", "best", "best"),
        Edge("train_them", "report", "model", "model"),
        Edge("sample", "close", is_data=False),
        Edge("whole", "close", is_data=False),
        Edge("report", "close", is_data=False),
    )
    return tabs(
        PipelineDetails(steps, edges, (Port("raw", "mltable"),), (), {"on init": "open", "on finalize": "close"})
    )


def large(wide: int = 10, deep: int = 10, *, status: JobStatus = JobStatus.RUNNING) -> RunTabs:
    """Each step reads two of the row before it and some read one far above."""
    rng, steps, edges = random.Random(4), list[Step](), list[Edge]()
    for row in range(deep):
        for column in range(wide):
            name = f"train_part_{row}_{column}"
            steps.append(_large_step(rng, name, row / deep, is_over=status is JobStatus.COMPLETED))
            for source in {column, (column + rng.choice([1, 1, 2, 9])) % wide} if row else ():
                edges.append(Edge(f"train_part_{row - 1}_{source}", name, "model", f"part_{source}"))
            if row > 3 and rng.random() < 0.1:
                edges.append(Edge(f"train_part_{row - 3}_{rng.randrange(wide)}", name, "model", "earlier"))
    return tabs(PipelineDetails(tuple(steps), tuple(edges)), status)


def _large_step(rng: random.Random, name: str, share: float, *, is_over: bool) -> Step:
    early = State.REUSED if rng.random() < 0.3 else State.COMPLETED
    if is_over or share < 0.5:
        return _step(name, early, share * 50, 5 + 5 * rng.random())
    return _step(name, State.RUNNING, 40, 8) if share == 0.5 and rng.random() < 0.5 else _step(name, State.WAITING)


def hostile(text: str) -> RunTabs:
    """The same text wherever somebody else's text can stand, and edges that lead nowhere or in circles."""
    inner = PipelineDetails((Step(text, State.FAILED, text, text),), (Edge(text, text, text, text),))
    steps = (
        Step(text, State.REUSED, text, text, text, CREATED, CREATED - 5, text),
        Step(f"{text}2", State.RUNNING, "pipeline", text, text, CREATED, None, inner=inner),
        Step(f"{text}3", State.FAILED, "if_else", text),
    )
    edges = (
        Edge(text, f"{text}2", text, text),
        Edge(f"{text}2", text, text, text),
        Edge(f"{text}3", text, text, "", is_data=False),
        Edge(text, f"{text}3", text, "", is_data=False),
        Edge("", text, text, text),
        Edge(text, "", text, text),
        Edge("nowhere", text, text, text),
    )
    details = PipelineDetails(steps, edges, (Port(text, text),), (Port(text, text),), {text: text})
    identity = RunIdentity(JobName(text), JobStatus.FAILED, text, text, "pipeline", text)
    return replace(tabs(details), identity=identity)
