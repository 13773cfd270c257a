"""What scripts write and later ones read, as SDK v1 says it: refused by its name, or bound. Nothing is run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from jupyter_aml.exceptions import UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core import Experiment, ScriptRunConfig, Workspace
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.data import DatasetConsumptionConfig, DataType, OutputFileDatasetConfig
from jupyter_aml.v1.data.dataset_factory import PromoteHeadersBehavior


@pytest.fixture
def ws(ml_client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    Path("train.py").touch()
    return Workspace.of(ml_client)


def out() -> OutputFileDatasetConfig:
    return OutputFileDatasetConfig("out")


def steps(table: Any) -> list[Any]:
    return json.loads(table.as_input("x").table)["steps"]


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: out().as_upload(source_globs=["*.csv"]), "as_upload: source_globs is"),
        (lambda: out().register_on_complete("x", "said", {"a": "b"}), "description, tags are .*\n.*get_by_name"),
        (lambda: out().as_input().as_mount("/tmp/x"), "path_on_compute is"),
        (lambda: out().as_input().as_download("/tmp/x"), "path_on_compute is"),
    ],
)
def test_what_an_output_cannot_do_is_refused_by_its_name(ask: Callable[[], object], told: str) -> None:
    with pytest.raises(UnsupportedFieldError, match=told):
        ask()


def test_a_path_on_the_compute_is_refused_wherever_it_is_said(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    store.upload_files(["train.py"], target_path="code")
    kept = Dataset.File.from_files((store, "code/"))
    asked: list[Callable[[], object]] = [
        lambda: kept.as_mount("/tmp/x"),
        lambda: kept.as_named_input("x").as_download("/tmp/x"),
        lambda: DatasetConsumptionConfig("x", kept, "mount", "/tmp/x"),
        lambda: store.path("code").as_download("/tmp/x"),
        lambda: store.as_upload("/tmp/x"),
    ]
    for ask in asked:
        with pytest.raises(UnsupportedFieldError, match=r"path_on_compute is not available locally"):
            ask()


def test_an_output_never_goes_to_the_root_of_a_datastore(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    for given in (store, (store, None), (store, ""), (store, "/"), (store, "./")):
        made = OutputFileDatasetConfig("out", given).binding().value.path  # type: ignore[arg-type]
        assert made == "azureml://datastores/workspaceblobstore/paths/dataset/${{name}}/${{output_name}}"


def test_what_changes_nothing_is_taken(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    assert out().as_mount(disable_metadata_cache=True).binding().value.mode == "rw_mount"
    assert out().as_upload(overwrite=True).binding().value.mode == "upload"
    assert store.path("x").as_upload(overwrite=True).binding().value.mode == "upload"


@pytest.mark.parametrize(
    ("header", "word"),
    [
        (True, "all_files_same_headers"),
        (False, "no_header"),
        (PromoteHeadersBehavior.NO_HEADERS, "no_header"),
        (PromoteHeadersBehavior.ONLY_FIRST_FILE_HAS_HEADERS, "from_first_file"),
        (PromoteHeadersBehavior.COMBINE_ALL_FILES_HEADERS, "all_files_different_headers"),
    ],
)
def test_header_lines_are_taken_as_they_are_said(header: Any, word: str) -> None:
    (read,) = steps(out().read_delimited_files(header=header))
    assert read["read_delimited"]["header"] == word


def test_a_header_that_is_none_is_told() -> None:
    with pytest.raises(UserErrorException, match="header: 9"):
        out().read_delimited_files(header=9)  # type: ignore[arg-type]


def test_rows_of_an_output_are_shaped_before_the_next_step_reads_them() -> None:
    types = {"a": DataType.to_long()}
    made = out().read_delimited_files(partition_format="/{State}/x.csv", set_column_types=types, separator=";")
    first, read, typed = steps(made)
    assert first["extract_columns_from_partition_format"]["partition_format"] == "/{State}/x.csv"
    assert read["read_delimited"]["delimiter"] == ";"
    assert typed["convert_column_types"][0]["column_type"] == "int"
    one, two = made.keep_columns("a").random_split(0.25, seed=1)
    assert one.as_input("x").output == two.as_input("x").output == made.origin
    assert steps(one)[-1]["sample"] != steps(two)[-1]["sample"]


def test_an_output_of_a_step_reaches_no_script_on_its_own(ws: Workspace) -> None:
    run = ScriptRunConfig(".", "train.py", ["--data", out().as_input("data")])
    with pytest.raises(UserErrorException, match=r"'data' is the output of a step.*\n.*Pipeline"):
        Experiment(ws, "alone").submit(run)
    assert "alone" not in ws.experiments
