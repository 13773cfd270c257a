"""Functions over mini-batches as SDK v1 writes them, run: files and rows, failures and their limits, what is kept."""

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.v1.core import Environment, Experiment, Workspace
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.data import FileDataset, OutputFileDatasetConfig, TabularDataset
from jupyter_aml.v1.pipeline.core import Pipeline, PipelineParameter, PipelineRun
from jupyter_aml.v1.pipeline.steps import ParallelRunConfig, ParallelRunStep

NAMES = """
    import os
    def init(): pass
    def run(batch): return [os.path.basename(file) for file in batch]
"""
FAILS = """
    import os
    def init(): pass
    def run(batch):
        if any(file.endswith("b.txt") for file in batch):
            raise ValueError("b is bad")
        return [os.path.basename(file) for file in batch]
"""
ROWS = """
    def init(): pass
    def run(batch): return batch.assign(double=batch["x"] * 2)
"""
SIDE = """
    import argparse
    def init():
        global plus
        parser = argparse.ArgumentParser()
        parser.add_argument("--side"); parser.add_argument("--plus")
        args, _ = parser.parse_known_args()
        plus = open(args.side + "/word.txt").read() + args.plus
    def run(batch): return [plus for _ in batch]
"""


@pytest.fixture
def files(ws: Workspace) -> FileDataset:
    for name in "abc":
        Path(f"{name}.txt").write_text(name)
    Path("word.txt").write_text("word")
    store = ws.get_default_datastore()
    store.upload_files([f"{name}.txt" for name in "abc"], target_path="batch")
    store.upload_files(["word.txt"], target_path="side")
    return Dataset.File.from_files((store, "batch/"))


@pytest.fixture
def rows(ws: Workspace) -> TabularDataset:
    Path("rows.csv").write_text("x\n1\n2\n3\n")
    store = ws.get_default_datastore()
    store.upload_files(["rows.csv"], target_path="rows")
    return Dataset.Tabular.from_delimited_files((store, "rows/rows.csv"))


def config(text: str, **more: Any) -> ParallelRunConfig:
    Path("code").mkdir(exist_ok=True)
    Path("code/score.py").write_text(textwrap.dedent(text))
    environment = Environment("scoring")
    environment.python.user_managed_dependencies = True
    settings: dict[str, Any] = {
        "error_threshold": 0, "output_action": "append_row", "node_count": 1, "process_count_per_node": 1,
        "mini_batch_size": "1", "run_max_try": 1, "source_directory": "code", **more,
    }  # fmt: skip
    return ParallelRunConfig(environment, "score.py", compute_target="local-cluster", **settings)


def run(ws: Workspace, settings: ParallelRunConfig, data: Any, **more: Any) -> PipelineRun:
    step = ParallelRunStep("score", settings, [data.as_named_input("batch")], OutputFileDatasetConfig("out"), **more)
    made = Experiment(ws, "batches").submit(Pipeline(ws, [step]))
    made.wait_for_completion(show_output=False, raise_on_error=False)
    return made


def made(done: PipelineRun, folder: Path) -> list[str]:
    done.get_pipeline_output("out").download(folder)
    return sorted(line for file in folder.rglob("*.txt") for line in file.read_text().splitlines())


@pytest.mark.parametrize(
    ("allowed", "status"),
    [({}, "Failed"), ({"error_threshold": 1}, "Completed"), ({"error_threshold": -1}, "Completed")],
)
def test_so_many_items_may_fail(
    ws: Workspace, files: FileDataset, tmp_path: Path, allowed: dict[str, int], status: str
) -> None:
    done = run(ws, config(FAILS, **allowed), files)
    assert done.get_status() == status
    if status == "Completed":
        assert made(done, tmp_path / "got") == ["a.txt", "c.txt"]
    else:
        (step,) = done.find_step_run("score")
        assert step.get_status() == "Failed"


@pytest.mark.parametrize(("allowed", "status"), [(0, "Failed"), (1, "Completed")])
def test_so_many_batches_may_fail(ws: Workspace, files: FileDataset, allowed: int, status: str) -> None:
    done = run(ws, config(FAILS, error_threshold=-1, allowed_failed_count=allowed), files)
    assert done.get_status() == status


def test_rows_come_as_frames_and_go_as_lines(ws: Workspace, rows: TabularDataset, tmp_path: Path) -> None:
    done = run(ws, config(ROWS, mini_batch_size="1KB"), rows)
    assert done.get_status() == "Completed"
    assert made(done, tmp_path / "got") == ["1 2", "2 4", "3 6"]


def test_a_summary_keeps_no_lines(ws: Workspace, files: FileDataset, tmp_path: Path) -> None:
    done = run(ws, config(NAMES, output_action="summary_only"), files)
    assert done.get_status() == "Completed"
    assert made(done, tmp_path / "got") == []


@pytest.mark.parametrize("plus", [lambda: "!", lambda: PipelineParameter("plus", "!")])
def test_a_side_input_and_arguments_reach_the_script(
    ws: Workspace, files: FileDataset, tmp_path: Path, plus: Callable[[], Any]
) -> None:
    side = Dataset.File.from_files((ws.get_default_datastore(), "side/")).as_named_input("side").as_mount()
    given = ["--side", side, "--plus", plus()]
    done = run(ws, config(SIDE, mini_batch_size="5"), files, side_inputs=[side], arguments=given)
    assert done.get_status() == "Completed"
    assert made(done, tmp_path / "got") == ["word!"] * 3
