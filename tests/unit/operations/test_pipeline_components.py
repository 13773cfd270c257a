"""Pipelines as components of the workspace: the code of their steps is kept with them."""

import shutil
from pathlib import Path

import pytest

from jupyter_aml import load_component
from jupyter_aml.entities import PipelineComponent, PipelineJob
from jupyter_aml.entities.component import component_of
from jupyter_aml.entities.node_job import job_of
from jupyter_aml.exceptions import (
    AssetPathException,
    ResourceExistsError,
    UnsupportedFieldError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import component_files, components, pipelines
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import assets

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


DESCRIBED = {
    "command": "echo ${{outputs.o}} ${{outputs.p}}", "environment": "azureml:kernel@latest",
    "outputs": {"o": {"type": "uri_folder", "description": "any"}, "p": {"type": "uri_folder", "description": "any"}},
}  # fmt: skip


@pytest.mark.parametrize("place", ["step", "pipeline"])
def test_an_output_is_described_as_its_pipeline_says_and_not_as_any_such_output_is(
    workspace: Workspace, place: str
) -> None:
    said = {"name": "prepared", "description": "of May"}
    given = said if place == "step" else "${{parent.outputs.all}}"
    step = {"component": DESCRIBED, "compute": "local-cluster", "outputs": {"o": given}}
    outputs = {"all": {"type": "uri_folder", **said}} if place == "pipeline" else {}
    found = pipelines.check(workspace, PipelineJob.of({"jobs": {"a": step}, "outputs": outputs})).freeze()
    kept = found.steps[0].spec["outputs"]
    assert kept["o"]["description"] == "of May"
    assert "description" not in kept["p"]


INCLUDING = (
    "name: including\ncommand: cat s.py lib/a one.txt > ${{outputs.o}}/all\ncode: ./src\n"
    "environment: azureml:AzureML-sklearn-1.5@latest\noutputs: {o: {type: uri_folder}}\n"
    "additional_includes: [../shared/lib, ../shared/one.txt]\n"
)


def including(folder: Path) -> Path:
    for name, text in {
        "step/src/s.py": "1", "shared/lib/a": "2", "shared/lib/b": "not used", "shared/one.txt": "3",
        "step/step.yml": INCLUDING, "step/whole.yml": WHOLE % SWEEP,
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder / "step" / "step.yml"


def test_what_a_component_includes_is_kept_with_its_code(workspace: Workspace, tmp_path: Path) -> None:
    first = components.create(workspace, load_component(including(tmp_path / "one")), "1")
    files = workspace.snapshots.read(first.spec["code_snapshot"]).files
    assert {file.path for file in files} == {"s.py", "lib/a", "lib/b", "one.txt"}
    again = components.create(workspace, load_component(including(tmp_path / "other")), "1")
    assert (again.version, again.spec["code_snapshot"]) == ("1", first.spec["code_snapshot"])
    (tmp_path / "one" / "shared" / "one.txt").write_text("changed")
    with pytest.raises(ResourceExistsError, match="other content"):
        components.create(workspace, load_component(tmp_path / "one" / "step" / "step.yml"), "1")
    whole = components.create(workspace, load_component(tmp_path / "other" / "step" / "whole.yml"))
    kept = {whole.spec["jobs"][name][key]["code_snapshot"] for name, key in (("a", "component"), ("b", "trial"))}
    assert kept == {first.spec["code_snapshot"]}
    folder = component_files.download(workspace, "including", "1", tmp_path)
    assert (folder / "code" / "lib" / "a").read_text() == "2"
    assert load_component(folder / "component_spec.yaml").spec().get("additional_includes") is None


@pytest.mark.parametrize(
    ("gone", "put", "said"),
    [
        ("shared/one.txt", None, r"additional_includes: No such file or directory: .*shared/one\.txt"),
        (None, "step/src/lib", r"additional_includes: there is a 'lib' in the code already"),
        ("step/src/s.py", None, r"is empty|No such file"),
    ],
)
def test_what_cannot_be_included_is_said_before_anything_is_kept(
    workspace: Workspace, tmp_path: Path, gone: str | None, put: str | None, said: str
) -> None:
    component = load_component(including(tmp_path))
    if gone:
        (tmp_path / gone).unlink()
    if put:
        (tmp_path / put).write_text("")
    if gone == "step/src/s.py":
        (tmp_path / "step" / "src").rmdir()
    with pytest.raises((AssetPathException, ValidationException), match=said):
        components.create(workspace, component)
    assert assets.name(workspace.database, "component", "including") is None


def test_a_component_that_includes_code_is_no_job_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFieldError, match=r"additional_includes: .* not for a job of its own"):
        job_of(load_component(including(tmp_path))())


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
    folder = component_files.download(workspace, "score", "1", tmp_path / "out")
    assert load_component(folder / "component_spec.yaml").spec()["task"]["code"] == str(folder / "code")
    assert (folder / "code" / "entry.py").exists()


def downloaded(workspace: Workspace, tmp_path: Path) -> Path:
    """A pipeline of a step, a sweep of the same code, a step by its name, a pipeline within; where it lies now."""
    written(tmp_path / "one")
    components.create(workspace, load_component(tmp_path / "one" / "step.yml"), "1")
    inner = written(tmp_path / "two")
    (tmp_path / "two" / "src" / "s.py").write_text("print(2)")
    whole = written(tmp_path / "one").spec()
    whole["jobs"]["c"] = {"type": "command", "component": "azureml:step:1"}
    whole["jobs"]["d"] = {"type": "pipeline", "component": inner.spec()}
    components.create(workspace, component_of(whole), "1")
    found = component_files.download(workspace, "whole", "1", tmp_path / "out")
    for folder in ("one", "two"):
        shutil.rmtree(tmp_path / folder)
    return found.rename(tmp_path / "elsewhere")


def test_a_downloaded_pipeline_holds_its_code_and_what_it_names(workspace: Workspace, tmp_path: Path) -> None:
    folder = downloaded(workspace, tmp_path)
    text = (folder / "component_spec.yaml").read_text()
    assert str(tmp_path) not in text
    assert "code_snapshot" not in text
    assert "azureml:step" not in text
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert files == ["code/a/s.py", "code/d/a/s.py", "component_spec.yaml"], "equal code lies there once"
    jobs = load_component(folder / "component_spec.yaml").spec()["jobs"]
    code = {
        name: Path(jobs[name][key]["code"]) for name, key in (("a", "component"), ("b", "trial"), ("c", "component"))
    }
    assert set(code.values()) == {folder / "code" / "a"}
    assert (folder / "code" / "d" / "a" / "s.py").read_text() == "print(2)"


def test_what_was_downloaded_does_the_same_as_what_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    folder = downloaded(workspace, tmp_path)
    again = components.create(workspace, load_component(folder / "component_spec.yaml"), "2")
    kept, first = again.spec["jobs"], components.get(workspace, "whole", "1", None).spec["jobs"]
    assert kept["a"]["component"]["code_snapshot"] == first["a"]["component"]["code_snapshot"]
    inner = kept["d"]["component"]["jobs"]["a"]["component"]
    assert inner["code_snapshot"] == first["d"]["component"]["jobs"]["a"]["component"]["code_snapshot"]


def test_a_second_download_leaves_nothing_of_the_first(workspace: Workspace, tmp_path: Path) -> None:
    components.create(workspace, written(tmp_path / "one"), "1")
    changed = written(tmp_path / "two").spec()
    changed["jobs"] = {"z": changed["jobs"]["a"]}
    components.create(workspace, component_of(changed), "2")
    for version in ("1", "2"):
        folder = component_files.download(workspace, "whole", version, tmp_path / "out")
    assert [path.name for path in (folder / "code").iterdir()] == ["z"]


def test_a_component_of_a_registry_is_refused_as_that(workspace: Workspace) -> None:
    job = PipelineJob(jobs={"a": {"component": "azureml://registries/azureml/components/train/labels/latest"}})
    with pytest.raises(UserErrorException, match=r"jobs\.a\.component: .* is in a registry, which cannot be reached"):
        pipelines.submit(workspace, job)
