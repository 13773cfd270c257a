"""A submitted job as text: each form, taken as it stands, submits an equal job, whatever its values hold."""

import importlib.util
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from IPython.utils.text import DollarFormatter

from jupyter_aml import Input, Output, PyTorchDistribution, command, load_job
from jupyter_aml.client import submissions
from jupyter_aml.entities import AmlCompute, Environment
from jupyter_aml.entities.job import Command
from jupyter_aml.entities.pipeline_job import PipelineJob
from jupyter_aml.entities.run_code import RunCode
from jupyter_aml.exceptions import AuthorizationError, ResourceNotFoundError
from jupyter_aml.magics import options
from jupyter_aml.magics.drafts import draft as typed
from jupyter_aml.magics.parser import parse, whole
from jupyter_aml.notebook.folder import LABEL
from jupyter_aml.operations import access, computes
from jupyter_aml.operations.inputs import type_at
from jupyter_aml.operations.run_code import code
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs as rows
from jupyter_aml.sweep import BanditPolicy, Choice, LogUniform, RandomSamplingAlgorithm, SweepJob, Uniform

CONTRACT = Path(__file__).parents[2] / "contracts" / "azure_ai_ml" / "driver.py"
HOSTILE = (
    "it's \"x\"; rm -rf /", "a {b} {{c}}", "costs $HOME and $$x", "back\\slash\\", '"""', "EOF\nYAML\nYAML_\n", "'''",
    "é “ü” \u2028 \x1b[31m", "null", "1e3", "- a: b", "#!", "%(x)s", "--flag", "a=b=c", "", " ", "\\n", "`id`",
    "tab\tbed",
    "$x '{a}' $y ' $z.q {$w}",
)  # fmt: skip
SRC = {"command": "python train.py --x ${{inputs.x}}", "code": "src"}


def _submitted(workspace: Workspace, draft: Any) -> tuple[Mapping[str, Any], RunCode]:
    record = submissions.submit(workspace, draft)
    return _bare(record.spec), code(workspace, record.name)


def _bare(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in spec.items() if name != "name"}


def _again(workspace: Workspace, draft: Any) -> Mapping[str, Any]:
    return _bare(submissions.submit(workspace, draft).spec)


def _nameless(fields: Any) -> Any:
    """Without the name that a YAML gives to this Python."""
    if not isinstance(fields, dict):
        return fields
    kept = {name: _nameless(value) for name, value in fields.items()}
    return {name: value for name, value in kept.items() if (name, value) != ("environment", "azureml:kernel:1")}


def _of_python(text: str) -> Any:
    """The job that the program makes, without the line that submits it."""
    names: dict[str, Any] = {}
    made, _, rest = text.partition("submitted = ")
    assert rest == "ml_client.jobs.create_or_update(job)\nprint(submitted.name)\n"
    exec(compile(made, "<code>", "exec"), names)  # noqa: S102 - what it is for
    assert names["ml_client"].workspace_name == "default"
    return names["job"]


def _of_lines(text: str, folder: Path) -> Any:
    """The job of the YAML that the lines write; the submit names the workspace."""
    lines, _, submit = text.removesuffix("\n").rpartition("\n")
    subprocess.run(["sh", "-c", lines], cwd=folder, check=True)
    words = shlex.split(submit)
    assert words[:4] == ["aml", "job", "create", "-f"]
    assert words[5:] == ["-w", "default", "-g", "local", "--subscription", "00000000-0000-0000-0000-000000000000"]
    return load_job(folder / words[4])


def _of_cell(text: str, workspace: Workspace) -> Command:
    """The job of the cell, its line expanded as IPython does."""
    first, _, body = text.partition("\n")
    line, body = whole(DollarFormatter().vformat(first, [], {"HOME": "wrong", "x": "wrong", "b": "wrong"}), body)
    line = parse(line.removeprefix("%%aml_job"), options.JOB)
    return typed(line, command=body.strip(), code=line.one("--code"), type_at=lambda path: type_at(workspace, path))


def _sweep(**more: Any) -> SweepJob:
    space = {
        "x": Choice([1, "two", {"deep": Choice([0.5, "}"])}]),
        "y": LogUniform(-6, -1),
        "z": Uniform(min_value=0, max_value=1),
    }
    return SweepJob(
        trial=command(command="python a.py ${{search_space.x}} ${{search_space.y}} ${{search_space.z}}", code="src"),
        search_space=space, objective={"goal": "maximize", "primary_metric": "it's {odd}"},
        limits={"max_total_trials": 3}, sampling_algorithm="random", **more,
    )  # fmt: skip


MADE: Any = command
"""The builder, of whose arguments the table below knows more than a type checker."""
DRAFTS: dict[str, Callable[[], Any]] = {
    "least": lambda: MADE(command="echo hello"),
    "folder": lambda: MADE(
        **SRC, inputs={"x": 0.1, "b": True, "s": "it's {here} \"now\"", "d": Input(type="uri_file", path="data/d.csv")},
        outputs={"model": Output()}, environment_variables={"A": "b c", "E": ""}, tags={"team": "two words", "n": ""},
        experiment_name="demo", display_name="a 'name'", description="{costs} 5 $", timeout=60, instance_count=1,
        environment="azureml:sklearn-1.5@latest",
    ),
    "odd": lambda: MADE(
        command="  torchrun a.py\n", environment=Environment(name="e", image="library/python:3.11"),
        distribution=PyTorchDistribution(process_count_per_instance=2), instance_count=2, compute="cpu-cluster",
        inputs={"n": 3},
        outputs={"o": Output(type="uri_file", path="azureml://datastores/workspaceblobstore/paths/o")},
        properties={"mine": "yes"}, job_tier="Spot", identity={"type": "user_identity"},
        services={"ide": {"type": "jupyter_lab", "nodes": "all"}},
    ),
    "ours": lambda: MADE(
        command="echo", is_deterministic=False,
        inputs={"x": float("-inf"), "n": Input(type="integer", default=3, min=1)},
    ),
    "hostile": lambda: MADE(
        command=HOSTILE[0] + " ".join(HOSTILE), description="\n".join(HOSTILE), display_name=HOSTILE[0],
        tags={text: text for text in HOSTILE}, environment_variables={f"V{n}": text for n, text in enumerate(HOSTILE)},
        inputs={f"i{n}": text for n, text in enumerate(HOSTILE)},
    ),
    "sweep": _sweep,
    "sweep with all": lambda: _sweep(
        compute="cpu-cluster", inputs={"w": 5}, outputs={"o": Output()}, tags={"a": HOSTILE[0]},
        experiment_name="tuned",
        early_termination=BanditPolicy(slack_factor=0.1, evaluation_interval=2), description=HOSTILE[1],
    ),
    "seeded": lambda: _sweep().model_copy(update={"sampling_algorithm": RandomSamplingAlgorithm(seed=7, rule="sobol")}),
    "pipeline": lambda: PipelineJob(
        inputs={"rate": 0.1, "said": HOSTILE[0]}, settings={"default_compute": "serverless"}, description='"""\\n',
        jobs={"one": {"type": "command", "component": {
            "type": "command", "command": 'echo "${{inputs.rate}}" \\', "inputs": {"rate": {"type": "number"}},
            "environment": "azureml:sklearn-1.5@latest",
        }, "inputs": {"rate": "${{parent.inputs.rate}}"}}},
    ),
}  # fmt: skip


@pytest.fixture
def cluster(workspace: Workspace) -> None:
    """The compute that some of the jobs name."""
    computes.create_or_update(workspace, AmlCompute(name="cpu-cluster", max_instances=2))


@pytest.mark.parametrize("name", DRAFTS)
@pytest.mark.usefixtures("cluster")
def test_every_form_makes_an_equal_job(workspace: Workspace, here: Path, name: str) -> None:
    spec, forms = _submitted(workspace, DRAFTS[name]())
    (here / "elsewhere").mkdir()
    assert _again(workspace, _of_python(forms.python)) == spec
    assert _nameless(_again(workspace, _of_lines(forms.cli, here / "elsewhere"))) == _nameless(spec)
    assert yaml.safe_load(forms.yaml)["$schema"].endswith(f"{spec['type']}Job.schema.json")
    if forms.magic:
        assert _again(workspace, _of_cell(forms.magic, workspace)) == spec
    assert bool(forms.magic) is (name == "folder")


def test_a_cell_says_a_hostile_value_or_is_none(workspace: Workspace, here: Path) -> None:
    for text in HOSTILE:
        fields = ({"tags": {"t": text}}, {"inputs": {"i": text}}, {"description": text})
        jobs = [_submitted(workspace, MADE(command=f"echo {text} .", code="src", **field)) for field in fields]
        said = [(spec, forms.magic) for spec, forms in jobs if forms.magic]
        assert bool(said) is text.isprintable(), text
        for spec, magic in said:
            assert _again(workspace, _of_cell(magic, workspace)) == spec, magic


def test_a_cell_that_ran_is_the_cell(workspace: Workspace, here: Path) -> None:
    (here / "src" / "cell.py").write_text("import mlflow\nmlflow.log_metric('a', x)\n")
    variables = {LABEL: "<notebook a.ipynb In [5]>", "K": "v"}
    draft = command(command="python run_cell.py", code="src", environment_variables=variables, inputs={"x": 1})
    _, forms = _submitted(workspace, draft)
    line, _, cell = forms.magic.partition("\n")
    assert shlex.split(line)[0] == "%%aml_job"
    assert "--input x=1" in line
    assert "--env K=v" in line
    assert "--code" not in line
    assert LABEL not in line
    assert cell == "import mlflow\nmlflow.log_metric('a', x)\n"


@pytest.mark.timeout(1800)  # the first test of the real package installs it
@pytest.mark.usefixtures("cluster", "here")
def test_the_yaml_loads_in_the_real_azure_ai_ml(workspace: Workspace) -> None:
    made = {name: _at_home(_submitted(workspace, make())[1].yaml) for name, make in DRAFTS.items() if name != "ours"}
    answers = _oracle().answers(CONTRACT, [{"kind": "job", "text": text, "folder": "/"} for text in made.values()])
    assert {name: answer for name, answer in zip(made, answers, strict=True) if "error" in answer} == {}


def _at_home(text: str) -> str:
    """The YAML with code that is there in every run of the test, so that its answers can be kept."""
    fields = yaml.safe_load(text)
    for holder in (fields, fields.get("trial", {})):
        if "code" in holder:
            holder["code"] = str(CONTRACT.parent / "pipelines" / "src")
    return yaml.safe_dump(fields, sort_keys=False)


def _oracle() -> Any:
    """The tests' own door to the real package (tests are no package)."""
    path = CONTRACT.parents[2] / "oracles" / "azure_ai_ml.py"
    spec = importlib.util.spec_from_file_location("oracle_azure_ai_ml", path)
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_only_those_read_who_may(workspace: Workspace, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submissions.submit(workspace, command(command="echo", name="mine"))
    assert rows.find(workspace.database, "mine")
    with pytest.raises(ResourceNotFoundError, match="Did you mean 'mine'"):
        code(workspace, "mien")
    monkeypatch.setenv(access.NAMED, "nobody.in.particular")
    with pytest.raises(AuthorizationError):
        code(workspace, "mine")
