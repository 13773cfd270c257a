"""Pipelines of SDK v1, run: each is one of SDK v2's pipeline jobs, each step one of its children."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core import Environment, Experiment, ScriptRunConfig, Workspace
from jupyter_aml.v1.core.authentication import InteractiveLoginAuthentication
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.core.exceptions import ActivityFailedException
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.runconfig import RunConfiguration
from jupyter_aml.v1.data import DatasetConsumptionConfig, OutputFileDatasetConfig, TabularDataset
from jupyter_aml.v1.pipeline.core import (
    Pipeline,
    PipelineData,
    PipelineParameter,
    PipelineRun,
    PublishedPipeline,
    Schedule,
    ScheduleRecurrence,
    StepSequence,
    endpoint,
)
from jupyter_aml.v1.pipeline.steps import ParallelRunConfig, ParallelRunStep, PythonScriptStep

PREPARE = """
    import argparse, os
    from azureml.core import Run
    parser = argparse.ArgumentParser()
    parser.add_argument("--input-data"); parser.add_argument("--prepped"); parser.add_argument("--most", type=int)
    args = parser.parse_args()
    run = Run.get_context()
    rows = run.input_datasets["raw_data"].to_pandas_dataframe()
    run.log("rows", len(rows))
    os.makedirs(args.prepped, exist_ok=True)
    rows.head(args.most).to_csv(os.path.join(args.prepped, "data.csv"), index=False)
"""
TRAIN = """
    import argparse, os
    from azureml.core import Run
    parser = argparse.ArgumentParser()
    parser.add_argument("--training-data")
    folder = parser.parse_args().training_data
    run = Run.get_context()
    run.log("lines", len(open(os.path.join(folder, "data.csv")).readlines()))
"""
SCORE = """
    import os
    def init(): pass
    def run(mini_batch): return [f"{os.path.basename(file)}: 1" for file in mini_batch]
"""


@pytest.fixture
def rows(ws: Workspace) -> TabularDataset:
    """Three rows in two files, registered as a table and as files."""
    for name, text in {"a.csv": "x\n1\n2\n", "b.csv": "x\n3\n"}.items():
        Path(name).write_text(text)
    store = ws.get_default_datastore()
    store.upload_files(["a.csv", "b.csv"], target_path="rows")
    Dataset.File.from_files((store, "rows/")).register(ws, "row files")
    return Dataset.Tabular.from_delimited_files((store, "rows/*.csv")).register(ws, "all rows")


def script(name: str, text: str) -> str:
    Path("code").mkdir(exist_ok=True)
    Path("code", name).write_text(textwrap.dedent(text))
    return name


def step(name: str, text: str, arguments: Sequence[Any] = (), **more: Any) -> PythonScriptStep:
    return PythonScriptStep(
        script(f"{name}.py", text),
        name,
        arguments,
        "local-cluster",
        RunConfiguration(),
        source_directory="code",
        **more,
    )


def prepared(rows: TabularDataset) -> list[PythonScriptStep]:
    """The two steps of the public lab: one prepares a table, the other reads what it wrote."""
    prepped = OutputFileDatasetConfig("prepped")
    most = PipelineParameter("most", 2)
    given = ["--input-data", rows.as_named_input("raw_data"), "--prepped", prepped, "--most", most]
    first = step("Prepare Data", PREPARE, given)
    second = step("Train Model", TRAIN, ["--training-data", prepped.as_input()])
    return [first, second]


def done(ws: Workspace, pipeline: Pipeline, **options: Any) -> PipelineRun:
    run = Experiment(ws, "pipes").submit(pipeline, **options)
    run.wait_for_completion(show_output=False)
    return run


def test_steps_hand_their_data_on_and_are_found_by_their_names(ws: Workspace, rows: TabularDataset) -> None:
    pipeline = Pipeline(ws, prepared(rows))
    assert pipeline.validate() == []
    run = done(ws, pipeline, tags={"kind": "lab"})
    found = {child.name: child for child in run.get_children()}
    assert {name: child.get_metrics() for name, child in found.items()} == {
        "Prepare Data": {"rows": 3}, "Train Model": {"lines": 3}
    }  # fmt: skip
    assert [child.id for child in run.find_step_run("Train Model")] == [found["Train Model"].id]
    assert [step.name for step in run.get_steps()] == ["Train Model", "Prepare Data"]
    job = ws.client.jobs.get(run.id)
    assert (job.type, job.experiment_name, job.tags["kind"]) == ("pipeline", "pipes", "lab")
    assert isinstance(Run.get(ws, run.id), PipelineRun)


def test_what_a_step_made_is_downloaded_as_sdk_v1_lays_it_out(ws: Workspace, rows: TabularDataset) -> None:
    run = done(ws, Pipeline(ws, prepared(rows)))
    made = run.find_step_run("Prepare Data")[0]
    assert made.get_output_data("prepped").download("got") == 1
    assert Path("got", "azureml", made.id, "prepped", "data.csv").read_text() == "x\n1\n2\n"
    assert run.get_pipeline_output("prepped").download("got", overwrite=False) == 0
    with pytest.raises(UserErrorException, match="Did you mean 'prepped'"):
        made.get_output_data("preped")


def test_a_parameter_is_given_at_submit_and_a_wrong_one_refused(ws: Workspace, rows: TabularDataset) -> None:
    pipeline = Pipeline(ws, prepared(rows))
    run = done(ws, pipeline, pipeline_parameters={"most": 1})
    assert run.find_step_run("Train Model")[0].get_metrics() == {"lines": 2}
    with pytest.raises(UserErrorException, match="Did you mean 'most'"):
        Experiment(ws, "pipes").submit(pipeline, pipeline_parameters={"mots": 1})


def test_steps_run_again_only_when_they_must(ws: Workspace, rows: TabularDataset) -> None:
    def reused(run: PipelineRun) -> set[str]:
        return {one.name for one in run.get_steps() if one.properties.get("azureml.isreused") == "true"}

    pipeline = Pipeline(ws, prepared(rows))
    done(ws, pipeline)
    assert reused(done(ws, pipeline)) == {"Prepare Data", "Train Model"}
    assert reused(done(ws, pipeline, regenerate_outputs=True)) == set()


def test_rows_of_an_output_are_a_table_for_the_next_step(ws: Workspace) -> None:
    made = OutputFileDatasetConfig("made")
    step("write", "import sys; open(sys.argv[1] + '/x.csv', 'w').write('x,y\\n1,2\\n')", [made])
    count = """
        from azureml.core import Run
        run = Run.get_context()
        run.log("columns", list(run.input_datasets["rows"].to_pandas_dataframe().columns)[0])
    """
    read = step("read", count, inputs=[made.read_delimited_files().keep_columns("y").as_input("rows")])
    run = done(ws, Pipeline(ws, [read]))  # what it needs comes along
    assert run.find_step_run("read")[0].get_metrics() == {"columns": "y"}
    assert len([*run.get_steps()]) == 2


def test_the_older_pipeline_data_and_an_order_without_data(ws: Workspace) -> None:
    data = PipelineData("data", ws.get_default_datastore())
    write = step("write", "import sys; open(sys.argv[1] + '/x', 'w').write('hello')", [data], outputs=[data])
    read = step("read", "import sys; print(open(sys.argv[1] + '/x').read())", [data], inputs=[data])
    last = step("last", "print('last')")
    run = done(ws, Pipeline(ws, [StepSequence([read, last]), write]))
    assert "hello" in run.find_step_run("read")[0].get_stdout_log()
    assert [one.name for one in run.get_steps()] == ["last", "read", "write"]


def test_a_dataset_may_be_a_parameter(ws: Workspace, rows: TabularDataset) -> None:
    wanted = DatasetConsumptionConfig("table", PipelineParameter("table", rows))
    count = """
        from azureml.core import Run
        run = Run.get_context()
        run.log("rows", len(run.input_datasets["table"].to_pandas_dataframe()))
    """
    pipeline = Pipeline(ws, [step("count", count, inputs=[wanted])])
    assert next(done(ws, pipeline).get_steps()).get_metrics() == {"rows": 3}
    other = done(ws, pipeline, pipeline_parameters={"table": rows.take(1)})
    assert next(other.get_steps()).get_metrics() == {"rows": 1}


def scoring(ws: Workspace, **more: Any) -> ParallelRunStep:
    script("score.py", SCORE)
    environment = Environment("scoring")
    environment.python.user_managed_dependencies = True
    settings = {"error_threshold": 10, "output_action": "append_row", "node_count": 2, "mini_batch_size": "1", **more}
    settings |= {"source_directory": "code", "compute_target": "local-cluster"}
    config = ParallelRunConfig(environment=environment, entry_script="score.py", **settings)
    batch = ws.datasets["row files"].as_named_input("batch")
    return ParallelRunStep("batch-score", config, [batch], OutputFileDatasetConfig("inferences"), arguments=[])


@pytest.mark.usefixtures("rows")
def test_a_batch_is_scored_into_azures_file_of_rows(ws: Workspace) -> None:
    run = done(ws, Pipeline(ws, [scoring(ws)]))
    next(run.get_children()).get_output_data("inferences").download("results")
    (found,) = Path("results").rglob("parallel_run_step.txt")
    assert found.read_text().splitlines() == ["a.csv: 1", "b.csv: 1"]


@pytest.mark.usefixtures("rows")
def test_what_a_batch_cannot_have_is_refused_by_its_name(ws: Workspace) -> None:
    with pytest.raises(UnsupportedFieldError, match="append_row_file_name"):
        scoring(ws, append_row_file_name="mine.txt")
    with pytest.raises(UserErrorException, match="output_action"):
        scoring(ws, output_action="rows")


def test_a_failed_step_fails_the_wait(ws: Workspace) -> None:
    run = Experiment(ws, "pipes").submit(Pipeline(ws, [step("bad", "raise SystemExit(3)")]))
    with pytest.raises(ActivityFailedException):
        run.wait_for_completion(show_output=False)
    assert run.wait_for_completion(show_output=False, raise_on_error=False) == "Failed"


def test_a_published_pipeline_runs_the_code_that_ran(ws: Workspace, rows: TabularDataset) -> None:
    ran = done(ws, Pipeline(ws, prepared(rows)))
    kept = ran.publish_pipeline(name="training-pipeline", description="d", version="1.0")
    script("Prepare Data.py", "raise SystemExit(1)")
    again = PublishedPipeline.get(ws, kept.id)
    assert (again.name, again.version, again.status) == ("training-pipeline", "1.0", "Active")
    run = again.submit(ws, "elsewhere", {"most": 1}, regenerate_outputs=True)
    assert run.wait_for_completion(show_output=False) == "Completed"
    assert run.find_step_run("Train Model")[0].get_metrics() == {"lines": 2}
    assert [one.id for one in PipelineRun.get_pipeline_runs(ws, kept.id)] == [run.id]
    assert ws.client.components.get("training_pipeline").display_name == "training-pipeline"
    again.disable()
    assert (again.status, PublishedPipeline.list(ws)) == ("Disabled", [])


def test_a_hostile_name_is_text_on_a_published_pipelines_face(ws: Workspace) -> None:
    kept = Pipeline(ws, [step("one", "pass")]).publish("<script>x</script>")
    assert "&lt;script&gt;" in kept._repr_html_()
    assert "<script>" not in kept._repr_html_()


def test_a_schedule_of_a_published_pipeline_is_sdk_v2s(ws: Workspace, rows: TabularDataset) -> None:
    kept = Pipeline(ws, prepared(rows)).publish("training-pipeline")
    weekly = ScheduleRecurrence(frequency="Week", interval=1, week_days=["Monday"], time_of_day="08:30")
    made = Schedule.create(ws, "weekly", kept.id, "pipes", weekly, "Based on time")
    trigger = ws.client.schedules.get("weekly").trigger.spec()
    assert trigger["schedule"] == {"hours": [8], "minutes": [30], "week_days": ["monday"]}
    assert [one.id for one in Schedule.list(ws, pipeline_id=kept.id)] == ["weekly"]
    assert made.recurrence.trigger().spec() == weekly.trigger().spec()
    assert (made.recurrence.week_days, made.continue_on_step_failure) == (["Monday"], False)
    made.update(description="changed")
    ws.client.schedules.trigger("weekly")
    found = made.get_last_pipeline_run()
    assert found is not None
    assert found.wait_for_completion(show_output=False) == "Completed"
    made.disable()
    assert (made.status, made.description, Schedule.list(ws)) == ("Disabled", "changed", [])
    with pytest.raises(NotAvailableError, match="watch a datastore"):
        Schedule.create(ws, "watching", kept.id, "pipes", datastore=ws.get_default_datastore())


def test_a_script_reads_its_datasets_and_writes_one(ws: Workspace, rows: TabularDataset) -> None:
    text = """
        import argparse, os
        from azureml.core import Dataset, Run
        parser = argparse.ArgumentParser()
        parser.add_argument("--table"); parser.add_argument("--files"); parser.add_argument("--out")
        args = parser.parse_args()
        run = Run.get_context()
        assert run.input_datasets["files"] == args.files
        run.log("files", len(os.listdir(args.files)))
        run.log("rows", len(run.input_datasets["table"].to_pandas_dataframe()))
        run.log("same", len(Dataset.get_by_id(run.experiment.workspace, id=args.table).to_pandas_dataframe()))
        open(os.path.join(args.out, "made.txt"), "w").write("made")
    """
    out = OutputFileDatasetConfig("out", (ws.get_default_datastore(), "made/{run-id}")).register_on_complete("made")
    arguments = [
        "--table", rows.as_named_input("table"), "--out", out,
        "--files", ws.datasets["row files"].as_named_input("files").as_download(),
    ]  # fmt: skip
    run = Experiment(ws, "scripts").submit(ScriptRunConfig("code", script("use.py", text), arguments))
    run.wait_for_completion()
    assert run.get_metrics() == {"files": 2, "rows": 3, "same": 3}
    assert ws.datasets["made"].to_path() == ["/made.txt"]
    assert isinstance(run.input_datasets["table"], TabularDataset)


@pytest.fixture
def no_server_left() -> Iterator[None]:
    yield
    endpoint.stop()


def post(address: str, body: object, **headers: str) -> tuple[int, dict[str, Any]]:
    """The code and the answer of a POST."""
    request = Request(address, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


@pytest.mark.usefixtures("no_server_left")
def test_a_published_pipeline_is_submitted_by_rest(ws: Workspace, rows: TabularDataset) -> None:
    kept = Pipeline(ws, prepared(rows)).publish("training-pipeline")
    header = InteractiveLoginAuthentication().get_authentication_header()
    asked = {"ExperimentName": "by-rest", "ParameterAssignments": {"most": 1}}
    code, answer = post(kept.endpoint, asked, **header)
    assert code == 200
    run = PipelineRun(ws.experiments["by-rest"], answer["Id"])
    assert run.wait_for_completion(show_output=False) == "Completed"
    assert run.find_step_run("Train Model")[0].get_metrics() == {"lines": 2}


@pytest.mark.usefixtures("no_server_left")
def test_nobody_without_the_whole_address_submits_anything(ws: Workspace) -> None:
    kept = Pipeline(ws, [step("one", "print(1)")]).publish("one")
    header = InteractiveLoginAuthentication().get_authentication_header()
    asked, address = {"ExperimentName": "by-rest"}, kept.endpoint
    secret = address.split("/")[3]
    assert post(address, asked)[0] == 401
    assert post(address.replace(secret, "x" * len(secret)), asked, **header)[0] == 404
    assert post(address, asked, **header, Host="elsewhere.example")[0] == 404
    assert post(address, {}, **header)[0] == 400
    assert post(address, {**asked, "ParameterAssignments": {"unknown": 1}}, **header)[0] == 400
    assert "by-rest" not in ws.experiments
    assert address == kept.endpoint
    endpoint.stop()
    assert secret not in kept.endpoint
