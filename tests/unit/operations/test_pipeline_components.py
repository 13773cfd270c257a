"""Pipelines as components of the workspace: the code of their steps is kept with them."""

import shutil
from pathlib import Path

import pytest

from jupyter_aml import load_component
from jupyter_aml.entities import PipelineComponent, PipelineJob
from jupyter_aml.entities.component import component_of
from jupyter_aml.exceptions import AssetPathException, ResourceExistsError
from jupyter_aml.operations import components
from jupyter_aml.operations.workspaces import Workspace

STEP = (
    "name: step\ncommand: python s.py\ncode: ./src\nenvironment: azureml:e@latest\noutputs: {o: {type: uri_folder}}\n"
)
WHOLE = "type: pipeline\nname: whole\njobs: {a: {component: ./step.yml}, b: {type: sweep, trial: ./step.yml, %s}}\n"
SWEEP = "objective: {goal: minimize, primary_metric: m}, limits: {max_total_trials: 1}"


def written(folder: Path) -> PipelineComponent:
    (folder / "src").mkdir(parents=True, exist_ok=True)
    (folder / "src" / "s.py").write_text("print(1)")
    (folder / "step.yml").write_text(STEP)
    (folder / "whole.yml").write_text(WHOLE % SWEEP)
    found = load_component(folder / "whole.yml")
    assert isinstance(found, PipelineComponent)
    return found


def test_the_code_of_every_step_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    record = components.create(workspace, written(tmp_path))
    kept = {record.spec["jobs"][name][key]["code_snapshot"] for name, key in (("a", "component"), ("b", "trial"))}
    assert len(kept) == 1
    assert all(kept)


def test_code_of_the_same_content_elsewhere_is_the_same_version(workspace: Workspace, tmp_path: Path) -> None:
    first = components.create(workspace, written(tmp_path / "one"), "1")
    assert components.create(workspace, written(tmp_path / "two"), "1").version == first.version
    changed = written(tmp_path / "three")
    (tmp_path / "three" / "src" / "s.py").write_text("print(2)")
    with pytest.raises(ResourceExistsError, match="with other content"):
        components.create(workspace, changed, "1")


def test_code_that_is_gone_is_told_by_its_path(workspace: Workspace, tmp_path: Path) -> None:
    draft = written(tmp_path)
    shutil.rmtree(tmp_path / "src")
    with pytest.raises(AssetPathException, match=r"jobs\.a\.component\.code: No such file"):
        components.create(workspace, draft)


def test_a_kept_pipeline_may_be_taken_apart(workspace: Workspace, tmp_path: Path) -> None:
    kept = components.create(workspace, written(tmp_path))
    job = PipelineJob(component=component_of(kept.spec))
    assert [step.type for step in job.jobs.values()] == ["command", "sweep"]


def test_the_code_of_a_parallel_component_is_kept_and_given_back(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "entry.py").write_text("def run(batch): return batch")
    task = {
        "type": "run_function",
        "code": str(tmp_path / "src"),
        "entry_script": "entry.py",
        "environment": "e@latest",
    }
    draft = component_of({"type": "parallel", "name": "score", "task": task})
    assert components.create(workspace, draft).spec["code_snapshot"]
    folder = components.download(workspace, "score", "1", tmp_path / "out")
    assert load_component(folder / "component_spec.yaml").spec()["task"]["code"] == str(folder / "code")
    assert (folder / "code" / "entry.py").exists()
