"""Pipelines of SDK v1 as SDK v2's drafts: what is bound to what, and what is refused by its name. Nothing is run."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException, ValidationException
from jupyter_aml.v1.core import Environment, Workspace
from jupyter_aml.v1.core.runconfig import RunConfiguration
from jupyter_aml.v1.data import DataPath, DataReference, OutputFileDatasetConfig
from jupyter_aml.v1.data.datapath import DataPathComputeBinding
from jupyter_aml.v1.pipeline.core import Pipeline, PipelineData, PipelineParameter, StepSequence
from jupyter_aml.v1.pipeline.steps import ParallelRunConfig, ParallelRunStep, PythonScriptStep


@pytest.fixture
def ws(ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    Path("code").mkdir()
    for name in ("a.py", "score.py"):
        Path("code", name).touch()
    return Workspace.of(ml_client)


def step(name: str, arguments: Any = (), **more: Any) -> PythonScriptStep:
    more = {"source_directory": "code", **more}
    return PythonScriptStep("a.py", name, arguments, "cpu", RunConfiguration(), **more)


def spec(ws: Workspace, *steps: Any, **values: Any) -> dict[str, Any]:
    return Pipeline(ws, [*steps]).job(values).spec()["jobs"]


# ── PipelineData ──


def test_data_that_a_step_lists_is_made_there_and_read_elsewhere(ws: Workspace) -> None:
    data = PipelineData("model", ws.get_default_datastore())
    jobs = spec(ws, step("make", ["--out", data], outputs=[data]), step("read", ["--in", data], inputs=[data]))
    assert jobs["make"]["component"]["command"].endswith("--out ${{outputs.model}}")
    assert jobs["make"]["outputs"]["model"]["path"].endswith("/azureml/${{name}}/model")
    assert jobs["read"]["component"]["command"].endswith("--in ${{inputs.model}}")
    assert jobs["read"]["inputs"]["model"] == {"path": "${{parent.jobs.make.outputs.model}}", "mode": "ro_mount"}


@pytest.mark.parametrize(
    ("way", "mode"),
    [
        (lambda data: data.as_mount("given"), "ro_mount"),
        (lambda data: data.as_download("given", overwrite=True), "download"),
        (lambda data: data.as_dataset().as_named_input("given"), "ro_mount"),
        (lambda data: data.as_input("given"), "ro_mount"),
    ],
)
def test_data_is_read_under_another_name_in_its_own_way(ws: Workspace, way: Callable[..., Any], mode: str) -> None:
    data = PipelineData("model", output_mode="upload")
    jobs = spec(ws, step("make", [data], outputs=[data]), step("read", inputs=[way(data)]))
    assert jobs["make"]["outputs"]["model"]["mode"] == "upload"
    assert jobs["read"]["inputs"] == {"given": {"path": "${{parent.jobs.make.outputs.model}}", "mode": mode}}


def test_registered_data_is_registered_where_it_is_made(ws: Workspace) -> None:
    data = PipelineData("model").as_dataset()
    kept = data.register("kept model")
    jobs = spec(ws, step("make", ["--out", data], outputs=[kept]), step("read", inputs=[data]))
    assert jobs["make"]["outputs"]["model"]["name"] == "kept model"
    assert "outputs" not in spec(ws, step("make", [data], outputs=[data]))["make"]
    with pytest.raises(UnsupportedFieldError, match="create_new_version"):
        data.register("kept model", create_new_version=False)


def test_a_pipeline_calls_no_two_outputs_the_same(ws: Workspace) -> None:
    one, two = (PipelineData(name, pipeline_output_name="model") for name in ("a", "b"))
    with pytest.raises(UserErrorException, match="'model' is that of two outputs"):
        spec(ws, step("one", [one], outputs=[one]), step("two", [two], outputs=[two]))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: PipelineData("x", output_mode="hdfs"), "output_mode: 'hdfs'"),
        (lambda: PipelineData("x", output_path_on_compute="/tmp"), "output_path_on_compute is"),
        (lambda: PipelineData("x", training_output=object()), "training_output is"),
        (lambda: PipelineData("x", is_directory=False), "is_directory is"),
        (lambda: PipelineData("x").as_download(path_on_compute="/tmp"), "path_on_compute is"),
        (lambda: PipelineData("x").keep_columns("a"), "files have no columns"),
        (lambda: OutputFileDatasetConfig("x").read_delimited_files(path_glob="*/../../x"), r"\.\."),
        (lambda: step("s", runconfig_pipeline_params={"NodeCount": 1}), "runconfig_pipeline_params is"),
        (lambda: step("s", params={"a": PipelineParameter("a", 1)}), r"params\['a'\] is not .*\n.*arguments"),
        (lambda: step("s", [object()]), "a object does not"),
        (lambda: step("s", outputs=["out"]), "outputs: a str is none"),
    ],
)
def test_what_a_step_or_its_data_cannot_be_is_told_by_its_name(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(ValidationException, match=told):
        ask()


def test_what_changes_nothing_is_taken(ws: Workspace) -> None:
    data = PipelineData("x", output_overwrite=True, data_type="csv", is_directory=True)
    made = spec(ws, step("make", [data], outputs=[data], hash_paths=["a.py"]))
    assert list(made["make"]["component"]["outputs"]) == ["x"]


def test_rows_are_read_of_files_of_their_kind(ws: Workspace) -> None:
    data = PipelineData("x")
    ways = {
        "**/*.csv": data.parse_delimited_files(),
        "**/*.tsv": data.parse_delimited_files(separator="\t"),
        None: data.parse_delimited_files(separator=";"),
        "**/*.txt": data.parse_delimited_files(file_extension="txt").keep_columns("a"),
        "**/*.parquet": data.parse_parquet_files().drop_columns("a").random_split(0.5)[0],
    }
    import json

    assert [json.loads(way.reading().table)["files"] for way in ways.values()] == [*ways]


# ── steps and what they need ──


def test_another_version_of_a_step_is_another_step(ws: Workspace) -> None:
    made = spec(ws, step("one", version="2", params={"depth": 3}))["one"]["environment_variables"]
    assert made == {"AML_PARAMETER_depth": "3", "AZUREML_V1_STEP_VERSION": "2"}


def test_steps_that_wait_for_each_other_are_told(ws: Workspace) -> None:
    one, two, three = step("one"), step("two"), step("three")
    for before, after in ((one, two), (two, three), (three, one)):
        after.run_after(before)
    with pytest.raises(UserErrorException, match=r"wait for each other: .*one.*two"):
        Pipeline(ws, [one])


def test_what_a_step_needs_comes_along_unless_somebody_says_no(ws: Workspace) -> None:
    out = OutputFileDatasetConfig("out")
    make, read = step("make", [out]), step("read", inputs=[out.as_input()])
    assert [one.name for one in Pipeline(ws, [read]).steps] == ["make", "read"]
    with pytest.raises(UserErrorException, match="'read' needs 'make'"):
        Pipeline(ws, [read], resolve_closure=False)
    assert [one.name for one in Pipeline(ws, [read, [make]], resolve_closure=False).steps] == ["make", "read"]
    sequence = StepSequence([step("a"), step("b")])
    assert [one.name for one in Pipeline(ws, [sequence], resolve_closure=False).steps] == ["a", "b"]


def test_a_list_within_a_sequence_runs_side_by_side(ws: Workspace) -> None:
    one, two, three = step("one"), step("two"), step("three")
    made = Pipeline(ws, [StepSequence([[one, two], three])])
    edges = {(edge.source_port.node.name, edge.dest_port.node.name) for edge in made.graph.edges}
    assert edges == {("one", "three"), ("two", "three")}
    assert Pipeline(ws, three).steps[-1] is three
    for wrong in (lambda: StepSequence(["one"]), lambda: one.run_after("two"), lambda: Pipeline(ws, ["one"])):  # type: ignore[arg-type]
        with pytest.raises(UserErrorException, match="a str is no step"):
            wrong()


def test_a_step_that_nobody_needs_is_forgotten(ws: Workspace) -> None:
    out = OutputFileDatasetConfig("out")
    Pipeline(ws, [step("read", inputs=[out.as_input()]), step("make", [out])]).job()
    gone = weakref.ref(out.origin.step)
    assert gone() is not None
    del out
    gc.collect()
    assert gone() is None


def test_a_step_without_a_folder_has_its_pipelines(ws: Workspace) -> None:
    made = Pipeline(ws, [step("one", source_directory=None)], default_source_directory="code").job()
    assert made.spec()["jobs"]["one"]["component"]["code"].endswith("/code")


def test_two_things_of_one_name_are_told(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    two = [DataReference(store, "x", path) for path in ("a", "b")]
    with pytest.raises(UserErrorException, match="two different things"):
        spec(ws, step("one", two))


def test_a_pipeline_takes_what_sdk_v1s_takes(ws: Workspace) -> None:
    with pytest.raises(TypeError, match="Did you mean 'description'"):
        Pipeline(ws, [step("one")], descripton="x")
    made = Pipeline(ws, [step("one")], _workflow_provider=None)
    with pytest.raises(UnsupportedFieldError, match="parent_run_id"):
        made.submit("e", parent_run_id="x")
    with pytest.raises(TypeError, match="Did you mean 'regenerate_outputs'"):
        made.submit("e", regenerate_output=True)


def test_a_graph_says_who_hands_what_to_whom(ws: Workspace) -> None:
    out = OutputFileDatasetConfig("out")
    made = Pipeline(ws, [step("Make It", [out]), step("Read It", inputs=[out.as_input("given")])])
    graph = made.graph
    assert [node.name for node in graph.module_nodes] == ["Make It", "Read It"]
    (edge,) = graph.edges
    assert (edge.source_port.node.name, edge.source_port.name) == ("Make It", "out")
    assert (edge.dest_port.node, edge.dest_port.name) == (graph.get_node("read_it"), "given")
    assert graph.node_name_dict["Make It"][0].outputs == ("out",)


# ── paths as parameters ──


def test_a_path_is_a_parameter_and_another_one_is_given(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    Path("rows.csv").write_text("a")
    store.upload_files(["rows.csv"], target_path="rows")
    parameter = PipelineParameter("place", DataPath(store, "rows/rows.csv"))
    given = (parameter, DataPathComputeBinding("download"))
    made = Pipeline(ws, [step("read", ["--in", given], inputs=[given])])
    before, after = made.job().spec(), made.job({"place": DataPath(store, "rows")}).spec()
    address = "azureml://datastores/workspaceblobstore/paths/rows"
    assert before["inputs"]["place"] == {"type": "uri_file", "path": f"{address}/rows.csv", "mode": "download"}
    assert after["inputs"]["place"] == {"type": "uri_folder", "path": address, "mode": "download"}
    assert after["jobs"]["read"]["inputs"]["place"] == {"path": "${{parent.inputs.place}}", "mode": "download"}


def test_a_path_is_an_argument_in_the_way_that_is_said(ws: Workspace) -> None:
    place = DataPath(ws.get_default_datastore(), "rows", "kept")
    reference = place.create_data_reference("given", DataPathComputeBinding("download"))
    assert (reference.data_reference_name, reference.mode, reference.path_on_datastore) == ("given", "download", "rows")
    assert DataPathComputeBinding().create_data_reference(datapath=place).data_reference_name == "kept"
    assert place.datastore_name == "workspaceblobstore"
    with pytest.raises(UserErrorException, match="mode: 'copy'"):
        DataPathComputeBinding("copy")
    with pytest.raises(UnsupportedFieldError, match="path_on_compute"):
        DataPathComputeBinding(path_on_compute="/tmp")
    with pytest.raises(UserErrorException, match="datapath"):
        DataPathComputeBinding().create_data_reference("x")


# ── parallel steps ──


def config(**more: Any) -> ParallelRunConfig:
    environment = Environment("scoring")
    environment.python.conda_dependencies.add_pip_package("scikit-learn")
    environment.environment_variables = {"A": "b"}
    given: dict[str, Any] = {
        "entry_script": "score.py", "error_threshold": 10, "output_action": "append_row", "node_count": 2,
        "compute_target": "cpu", "source_directory": "code", **more,
    }  # fmt: skip
    return ParallelRunConfig(environment=environment, **given)


def parallel(ws: Workspace, settings: ParallelRunConfig) -> ParallelRunStep:
    files = DataReference(ws.get_default_datastore(), "batch", "rows")
    return ParallelRunStep("score", settings, [files], OutputFileDatasetConfig("out"))


def test_a_setting_that_is_a_parameter_has_its_value_when_it_is_submitted(ws: Workspace) -> None:
    settings = config(
        node_count=PipelineParameter("nodes", 2), mini_batch_size=PipelineParameter("batch", "5"),
        run_invocation_timeout=PipelineParameter("seconds", 90), process_count_per_node=PipelineParameter("workers", 3),
    )  # fmt: skip
    made = spec(ws, parallel(ws, settings))["score"]
    assert (made["mini_batch_size"], made["resources"]["instance_count"]) == ("5", 2)
    made = spec(ws, parallel(ws, settings), nodes=4, batch=7, seconds=5, workers=1)["score"]
    assert (made["mini_batch_size"], made["resources"]["instance_count"]) == ("7", 4)
    assert (made["retry_settings"]["timeout"], made["max_concurrency_per_instance"]) == (5, 1)
    with pytest.raises(UserErrorException, match="no 'node'"):
        spec(ws, parallel(ws, settings), node=4)
    with pytest.raises(UserErrorException, match="node_count: a whole number is expected, 1 or more; found 0"):
        spec(ws, parallel(ws, settings), nodes=0)


def test_a_parallel_config_is_kept_as_yaml_and_read_again(ws: Workspace, tmp_path: Path) -> None:
    before = config(
        mini_batch_size="10", partition_keys=["a"], run_max_try=2, description="said", logging_level="DEBUG"
    )
    before.save_to_yaml(tmp_path / "prs.yml")
    after = ParallelRunConfig.load_yaml(ws, tmp_path / "prs.yml")
    known, read = dict(vars(before)), dict(vars(after))
    environments = known.pop("environment"), read.pop("environment")
    assert read == known
    assert repr(environments[0]) == repr(environments[1])
    config(node_count=PipelineParameter("nodes", 3)).save_to_yaml(tmp_path / "prs.yml")
    assert ParallelRunConfig.load_yaml(ws, tmp_path / "prs.yml").node_count == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1", "'parallel_run_config:' is expected"),
        ("[", "is not YAML"),
        ("parallel_run_config: {environment: {name: e}}", r"parallel_run_config\.entry_script: required"),
        ("parallel_run_config: {entry_script: a}", r"parallel_run_config\.environment: required"),
        ("parallel_run_config: {environment: {name: e}, node_cuont: 2}", "node_cuont: unknown.*\n.*'node_count'"),
    ],
)
def test_a_yaml_file_that_says_something_else_is_told(ws: Workspace, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "prs.yml").write_text(text)
    with pytest.raises(ValidationException, match=told):
        ParallelRunConfig.load_yaml(ws, tmp_path / "prs.yml")


def test_an_environment_is_named_or_lies_in_a_folder(ws: Workspace, tmp_path: Path) -> None:
    config().environment.save_to_directory(tmp_path / "env")
    rest = "entry_script: score.py, error_threshold: 1, output_action: append_row, node_count: 1"
    for where in (f"environment_dir_path: '{tmp_path / 'env'}'", "environment_name: scoring"):
        config().environment.register(ws)
        (tmp_path / "prs.yml").write_text(f"parallel_run_config: {{{where}, {rest}}}")
        assert ParallelRunConfig.load_yaml(ws, tmp_path / "prs.yml").environment.name == "scoring"


@pytest.mark.parametrize(
    ("fields", "error", "told"),
    [
        ({"output_action": "rows"}, UserErrorException, "output_action: 'rows'"),
        ({"append_row_file_name": "x.txt"}, UnsupportedFieldError, "append_row_file_name"),
        ({"allowed_failed_percent": 5}, NotAvailableError, "allowed_failed_percent"),
        ({"node_count": 0}, UserErrorException, "node_count"),
        ({"run_max_try": 0}, UserErrorException, "run_max_try"),
        ({"run_invocation_timeout": "60"}, UserErrorException, "run_invocation_timeout"),
        ({"process_count_per_node": 1.5}, UserErrorException, "process_count_per_node"),
    ],
)
def test_a_parallel_config_that_cannot_be_is_told_when_it_is_made(
    fields: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        config(**fields)


def test_a_parallel_step_cuts_one_input_and_files_only(ws: Workspace) -> None:
    files = DataReference(ws.get_default_datastore(), "batch", "rows")
    with pytest.raises(UnsupportedFieldError, match="exactly one is cut"):
        ParallelRunStep("score", config(), [files, files])
    out = OutputFileDatasetConfig("made")
    rows = ParallelRunStep("score", config(), [out.read_delimited_files().as_input()])
    with pytest.raises(UnsupportedFieldError, match="rows of 'made'"):
        spec(ws, step("make", [out]), rows)
