"""What runs of steps of SDK v1 leave behind: their logs, what they made under which name, what others do with it."""

import textwrap
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import NotAvailableError, UserErrorException
from jupyter_aml.v1.core import Environment, Experiment, Workspace
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.core.runconfig import RunConfiguration
from jupyter_aml.v1.data import OutputFileDatasetConfig
from jupyter_aml.v1.pipeline.core import (
    Pipeline,
    PipelineData,
    PipelineParameter,
    PipelineRun,
    Schedule,
    ScheduleRecurrence,
    StepRun,
)
from jupyter_aml.v1.pipeline.steps import ParallelRunConfig, ParallelRunStep, PythonScriptStep

MAKE = """
    import os, sys
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    print("to stdout"); print("to stderr", file=sys.stderr)
    open(os.path.join(folder, "a.csv"), "w").write("x,y\\n1,2\\n3,4\\n")
    open(os.path.join(folder, "note.txt"), "w").write("no,table,at,all\\n")
"""
COUNT = """
    from azureml.core import Run
    run = Run.get_context()
    frame = run.input_datasets["rows"].to_pandas_dataframe()
    run.log("rows", len(frame))
    run.log("columns", len(frame.columns))
"""
LIST = """
    import os, sys
    from azureml.core import Run
    Run.get_context().log("files", len(os.listdir(sys.argv[1])))
"""


def step(name: str, text: str, arguments: Sequence[Any] = (), **more: Any) -> PythonScriptStep:
    Path("code").mkdir(exist_ok=True)
    Path("code", f"{name}.py").write_text(textwrap.dedent(text))
    more = {"source_directory": "code", **more}
    return PythonScriptStep(f"{name}.py", name, arguments, "local-cluster", RunConfiguration(), **more)


def done(ws: Workspace, *steps: Any, **options: Any) -> PipelineRun:
    run = Experiment(ws, "steps").submit(Pipeline(ws, [*steps]), **options)
    assert run.wait_for_completion(show_output=False) == "Completed"
    return run


def test_what_a_step_made_is_found_by_what_the_pipeline_calls_it(ws: Workspace, tmp_path: Path) -> None:
    data = PipelineData("made", ws.get_default_datastore(), pipeline_output_name="the model")
    kept = data.as_dataset().register("kept")
    run = done(ws, step("make", MAKE, [data], outputs=[kept]))
    found = run.get_pipeline_output("the model")
    assert (found.name, found.datastore_name) == ("made", "workspaceblobstore")
    (made,) = run.find_step_run("make")
    assert found.path_on_datastore == f"azureml/{made.id}/made"
    assert found.download(tmp_path / "got") == 2
    assert (tmp_path / "got" / found.path_on_datastore / "a.csv").read_text().startswith("x,y")
    assert Dataset.get_by_name(ws, "kept").to_path() == ["/a.csv", "/note.txt"]  # type: ignore[union-attr]
    assert list(made.get_outputs()) == ["made"]
    assert made.get_output("made").get_port_data_reference().path_on_datastore == found.path_on_datastore
    with pytest.raises(UserErrorException, match="Did you mean 'the model'"):
        run.get_pipeline_output("the modle")

    published = run.publish_pipeline("again", None, None)
    again = published.submit(ws, "steps")
    assert again.wait_for_completion(show_output=False) == "Completed"
    assert again.get_pipeline_output("the model").name == "made"

    listed = done(ws, step("list", LIST, [found.as_download("files")]))
    assert listed.find_step_run("list")[0].get_metrics() == {"files": 2}


def test_what_an_output_is_written_to_is_where_it_is_found(ws: Workspace, tmp_path: Path) -> None:
    out = OutputFileDatasetConfig("made", (ws.get_default_datastore(), "by/{run-id}")).as_upload()
    run = done(ws, step("make", MAKE, [out]))
    found = run.get_pipeline_output("made")
    (made,) = run.find_step_run("make")
    assert found.path_on_datastore == f"by/{made.id}"
    assert found.download(tmp_path) == 2
    assert found.download(tmp_path, overwrite=False) == 0
    assert (tmp_path / "by" / made.id / "a.csv").is_file()


def test_only_files_of_their_kind_are_rows(ws: Workspace) -> None:
    data = PipelineData("made")
    rows = data.parse_delimited_files()
    steps = [
        step("make", MAKE, [data], outputs=[data]),
        step("count", COUNT, inputs=[rows.as_named_input("rows")]),
        step("some", COUNT, inputs=[rows.keep_columns("y").as_named_input("rows")]),
    ]
    run = done(ws, *steps)
    found = {one.name: one.get_metrics() for one in run.get_steps()}
    (count,) = run.find_step_run("count")
    assert len(count.input_datasets["rows"].to_pandas_dataframe()) == 2
    assert (found["count"], found["some"]) == ({"rows": 2, "columns": 2}, {"rows": 2, "columns": 1})


def test_a_step_says_what_it_printed_and_ends_by_itself(ws: Workspace) -> None:
    run = done(ws, step("make", MAKE, ["out"]))
    (made,) = run.find_step_run("make")
    assert isinstance(made, StepRun)
    for log in (made.get_stdout_log(), made.get_stderr_log(), made.get_job_log()):
        assert "to stdout" in log
        assert "to stderr" in log
    for one in (run, made):
        for way in ("complete", "fail", "child_run"):
            with pytest.raises(NotAvailableError, match="ends by itself"):
                getattr(one, way)()
    assert [one.id for one in run.get_children(status="Completed", type="azureml.scriptrun")] == [made.id]
    assert list(run.get_children(status="Failed")) == []
    with pytest.raises(TypeError, match="Did you mean 'recursive'"):
        next(run.get_children(recursiv=True))


def test_a_run_shows_what_it_was_made_of(ws: Workspace, tmp_path: Path) -> None:
    out = OutputFileDatasetConfig("made")
    run = done(ws, step("make", MAKE, [out]), step("list", LIST, [out.as_input("given")]))
    (edge,) = run.get_graph().edges
    assert (edge.source_port.node.name, edge.dest_port.node.name, edge.dest_port.name) == ("make", "list", "given")
    run.save(tmp_path)
    assert "given:" in (tmp_path / "pipeline.yml").read_text()


def test_another_version_of_a_step_runs_again(ws: Workspace) -> None:
    def reused(version: str | None) -> bool:
        run = done(ws, step("make", MAKE, ["out"], version=version))
        return run.find_step_run("make")[0].properties.get("azureml.isreused") == "true"

    assert [reused(version) for version in (None, None, "2", "2")] == [False, True, False, True]


def test_how_a_batch_is_cut_is_said_when_it_is_submitted(ws: Workspace) -> None:
    for name in ("a", "b", "c"):
        Path(f"{name}.txt").write_text(name)
    store = ws.get_default_datastore()
    store.upload_files([f"{name}.txt" for name in "abc"], target_path="batch")
    Path("code").mkdir()
    Path("code/score.py").write_text("def init(): pass\ndef run(batch): return [len(batch)] * len(batch)\n")
    environment = Environment("scoring")
    environment.python.user_managed_dependencies = True
    config = ParallelRunConfig(
        environment, "score.py", 10, "append_row", "local-cluster", PipelineParameter("nodes", 1),
        process_count_per_node=1, mini_batch_size=PipelineParameter("size", "1"), source_directory="code",
    )  # fmt: skip
    files = Dataset.File.from_files((store, "batch/")).as_named_input("batch")
    scored = ParallelRunStep("score", config, [files], OutputFileDatasetConfig("out"))

    def rows(**values: Any) -> list[str]:
        run = done(ws, scored, pipeline_parameters=values)
        folder = Path(f"got{len(values)}")
        run.get_pipeline_output("out").download(folder)
        return sorted(next(folder.rglob("parallel_run_step.txt")).read_text().split())

    assert rows() == ["1", "1", "1"]
    assert rows(size="2") == ["1", "2", "2"]


def test_a_schedule_runs_what_it_was_told_last(ws: Workspace) -> None:
    log = "import sys\nfrom azureml.core import Run\nRun.get_context().log('x', int(sys.argv[1]))\n"
    kept = Pipeline(ws, [step("log", log, [PipelineParameter("x", 1)])]).publish("logs")
    later = ScheduleRecurrence("Day", 1, start_time=datetime(2999, 1, 1))  # noqa: DTZ001 - as v1 has it
    made = Schedule.create(
        ws, "daily", kept.id, "steps", later, pipeline_parameters={"x": 2}, wait_for_provisioning=True
    )

    def logged() -> Any:
        ws.client.schedules.trigger("daily")
        run = made.get_last_pipeline_run()
        assert run is not None
        assert run.wait_for_completion(show_output=False) == "Completed"
        return run.find_step_run("log")[0].get_metrics()["x"]

    assert logged() == 2
    Schedule.create(ws, "daily-2", kept.id, "steps", later)
    ws.client.schedules.trigger("daily-2")
    assert len(made.get_pipeline_runs()) == 1
    made.update(pipeline_parameters={"x": 3}, status="Active")
    assert logged() == 3
    made.update(continue_on_step_failure=True)
    assert logged() == 3
    made.update(status="Disabled")
    assert Schedule.get(ws, "daily").status == "Disabled"
    assert [one.id for one in Schedule.get_schedules_for_pipeline_id(ws, kept.id)] == ["daily-2", "daily"]
    with pytest.raises(UserErrorException, match="status: 'Off'"):
        made.update(status="Off")
    with pytest.raises(NotAvailableError, match="watch a datastore"):
        made.update(datastore=ws.get_default_datastore())
    with pytest.raises(UserErrorException, match="no 'y'"):
        made.update(pipeline_parameters={"y": 1})
    with pytest.raises(NotAvailableError, match="watch a datastore"):
        Schedule.create(ws, "d", kept.id, "steps", later, path_on_datastore="x")
