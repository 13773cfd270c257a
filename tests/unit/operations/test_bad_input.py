"""Bad input: each a clear error, and nothing is stored."""

import re
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_aml import Input, Output, command, load_job
from jupyter_aml.entities import Environment
from jupyter_aml.entities.job import Command
from jupyter_aml.exceptions import (
    AssetPathException,
    EmptyDirectoryError,
    MlException,
    ResourceExistsError,
    ResourceNotFoundError,
    UnsupportedFieldError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import jobs
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import jobs as rows
from tests.unit.operations.conftest import stored

Make = Callable[[], Command]


def _job(**fields: object) -> Make:
    return lambda: command(**{"command": "echo hello", "code": "src", "environment": "kernel@latest", **fields})


def _yaml(text: str) -> Make:
    def make() -> Command:
        Path("job.yml").write_text(text)
        return _loaded("job.yml")

    return make


def _loaded(path: str) -> Command:
    job = load_job(path)
    assert isinstance(job, Command)
    return job


def _value(**fields: object) -> Make:
    return lambda: command(command="echo ${{inputs.x}}", inputs={"x": Input.of(fields)})


def _path(path: str, kind: str = "uri_file") -> Make:
    return _value(type=kind, path=path)


STORE = "azureml://datastores/workspaceblobstore/paths"

BAD: dict[str, tuple[Make, type[MlException], list[str]]] = {
    "unknown compute": (
        _job(compute="local-clutser"),
        ResourceNotFoundError,
        [
            "Not found compute with name local-clutser",
            "Did you mean 'local-cluster'?\nOr make it first: aml compute create --name local-clutser --type Aml",
        ],
    ),
    "unknown environment": (
        _job(environment="sklern-1.5@latest"),
        ResourceNotFoundError,
        ["Not found environment", "Did you mean 'sklearn-1.5'?"],
    ),
    "unknown version": (_job(environment="sklearn-1.5:77"), ResourceNotFoundError, ["version '77'"]),
    "unknown label": (_job(environment="sklearn-1.5@new"), ResourceNotFoundError, ["label new", "'latest'"]),
    "environment without version": (
        _job(environment="sklearn-1.5"),
        ValidationException,
        ["names no version", "sklearn-1.5@latest"],
    ),
    "environment that is a URL": (_job(environment="https://x/y"), ValidationException, ["is not a reference"]),
    "environment of a Dockerfile": (
        _job(environment=Environment.of({"build": {"path": "."}})),
        UnsupportedFieldError,
        ["environment.build", "conda_file"],
    ),
    "environment of packages that pip has no word for": (
        _job(environment=Environment(image="x", conda_file={"dependencies": ["numpy=1.1|1.3"]})),
        UnsupportedFieldError,
        ["environment.conda_file", "numpy=1.1|1.3", "micromamba"],
    ),
    "environment of nothing": (
        _job(environment=Environment(name="x")),
        ValidationException,
        ["Docker image or Dockerfile is required"],
    ),
    "undeclared input": (
        _job(command="x ${{inputs.rat}}", inputs={"rate": 1}),
        ValidationException,
        ["Inputs to job does not contain 'rat' referenced in command", "Did you mean 'rate'?"],
    ),
    "undeclared output": (_job(command="x ${{outputs.m}}"), ValidationException, ["does not contain 'm'"]),
    "a switch that says neither": (
        _job(environment_variables={"JUPYTER_AML_WARM": "hot"}),
        ValidationException,
        ["environment_variables.JUPYTER_AML_WARM: on or off, found 'hot'", "off is 0, false"],
    ),
    "empty command": (_job(command="  \n"), ValidationException, ["command: required"]),
    "missing code folder": (_job(code="scr"), AssetPathException, ["code: No such file or directory: scr"]),
    "empty code folder": (_job(code="empty"), EmptyDirectoryError, ["Directory empty is empty"]),
    "code elsewhere": (_job(code="git+https://x/y"), UnsupportedFieldError, ["code:", "local folder"]),
    "bad name": (_job(name="my job!"), ValidationException, ["'my job!' is not a valid job name", "'my-job'"]),
    "name that climbs": (_job(name="../x"), ValidationException, ["not a valid job name"]),
    "long name": (_job(name="x" * 251), ValidationException, ["up to 250"]),
    "taken name": (_job(name="taken"), ResourceExistsError, ["'taken' exists"]),
    "bad experiment": (_job(experiment_name="my exp"), ValidationException, ["valid experiment name", "'my-exp'"]),
    "unknown parent": (_job(parent_job_name="takn"), ResourceNotFoundError, ["'takn'", "Did you mean 'taken'?"]),
    "mistyped field": (_job(comput="x"), ValidationException, ["comput: unknown field. Did you mean 'compute'?"]),
    "mistyped resource": (
        _job(resources={"instance_cuont": 2}),
        ValidationException,
        ["resources.instance_cuont: unknown field. Did you mean 'instance_count'?"],
    ),
    "command of another type": (_job(command=5), ValidationException, ["command: ", "found 5"]),
    "code of another type": (_job(code=5), ValidationException, ["code: ", "found 5"]),
    "tags of another type": (_job(tags=["a"]), ValidationException, ["tags: a mapping", "found ['a']"]),
    "inputs of another type": (_job(inputs=["a"]), ValidationException, ["inputs: a mapping"]),
    "an input of another type": (_job(inputs={"x": [1]}), ValidationException, ["inputs.x", "found list"]),
    "an output of another type": (_job(outputs={"x": 1}), ValidationException, ["outputs.x", "found int"]),
    "timeout of another type": (_job(timeout="soon"), ValidationException, ["limits.timeout", "'soon'"]),
    "timeout of nothing": (_job(timeout=0), ValidationException, ["limits.timeout", "greater than 0"]),
    "no instance": (_job(instance_count=0), ValidationException, ["resources.instance_count"]),
    "too many instances": (
        _job(instance_count=4097, compute="local-cluster"),
        ValidationException,
        ["resources.instance_count: asked for 4097", "'local-cluster' has at most"],
    ),
    "ray": (_job(distribution={"type": "ray"}), UnsupportedFieldError, ["distribution.type: 'ray'", "pytorch"]),
    "unknown distribution": (_job(distribution={"type": "pytroch"}), ValidationException, ["Did you mean 'pytorch'?"]),
    "bad input name": (_job(inputs={"1x": 1}), ValidationException, ["'1x' is not a valid input name"]),
    "bad output name": (_job(outputs={"a/b": None}), ValidationException, ["'a/b'"]),
    "unknown type": (_value(type="uri_fil", path="x"), ValidationException, ["Did you mean 'uri_file'?"]),
    "default on data": (_value(type="uri_file", default="x"), UserErrorException, ["default", "uri_file"]),
    "path on a literal": (_value(type="integer", path="x"), ValidationException, ["integer has no path"]),
    "no value": (_value(type="integer"), ValidationException, ["inputs.x: a value is required"]),
    "no path": (_value(type="uri_file"), ValidationException, ["inputs.x.path: required"]),
    "word for an integer": (_value(type="integer", default="ten"), ValidationException, ["inputs.x: 'ten' is not of"]),
    "infinity for an integer": (_value(type="integer", default="inf"), ValidationException, ["is not of type integer"]),
    "nothing for a number": (_value(type="number", default="nan"), ValidationException, ["is not of type number"]),
    "word for a boolean": (_value(type="boolean", default="perhaps"), ValidationException, ["not of type boolean"]),
    "below the least": (_value(type="integer", default=0, min=1), ValidationException, ["is not between 1"]),
    "above the most": (_value(type="number", default=2.5, max=2), ValidationException, ["2.5 is not between"]),
    "none of the choices": (_value(type="string", default="c", enum=["a", "b"]), ValidationException, ["'c' is none"]),
    "unknown input mode": (
        _value(type="uri_file", path="data/d.csv", mode="downlod"),
        ValidationException,
        ["inputs.x.mode", "Did you mean 'download'?"],
    ),
    "place of an input on the compute": (
        _value(type="uri_file", path="data/d.csv", path_on_compute="/mnt/d.csv"),
        UnsupportedFieldError,
        ["inputs.x.path_on_compute", "'/mnt/d.csv'", "${{inputs.x}}"],
    ),
    "place of an output on the compute": (
        _job(outputs={"o": Output(path_on_compute="/mnt/o")}),
        UnsupportedFieldError,
        ["outputs.o.path_on_compute", "'/mnt/o'", "${{outputs.o}}"],
    ),
    "YAML place of an input on the compute": (
        _yaml("command: x\ninputs: {a: {type: uri_file, path: data/d.csv, path_on_compute: /mnt/d.csv}}"),
        UnsupportedFieldError,
        ["inputs.a.path_on_compute"],
    ),
    "missing data": (_path("data/e.csv"), AssetPathException, ["inputs.x.path: No such file", "data/e.csv"]),
    "folder for a file": (_path("data"), AssetPathException, ["a uri_file is expected, 'data' is a folder"]),
    "file for a folder": (_path("data/d.csv", "uri_folder"), AssetPathException, ["'data/d.csv' is a file"]),
    "empty data folder": (_path("empty", "uri_folder"), EmptyDirectoryError, ["inputs.x.path: Directory"]),
    "unknown data asset": (_path("azureml:diabetes:1"), ResourceNotFoundError, ["inputs.x.path", "'diabetes'"]),
    "output of an unknown job": (
        _path("azureml://jobs/takn/outputs/o/paths/x"),
        ResourceNotFoundError,
        ["inputs.x.path", "'takn'", "Did you mean 'taken'?"],
    ),
    "unknown output of a job": (
        _path("azureml://jobs/taken/outputs/o/paths/x"),
        ResourceNotFoundError,
        ["inputs.x.path: Job 'taken' has no output named 'o'"],
    ),
    "registry data": (
        _path("azureml://registries/r/data/d/versions/1"),
        UserErrorException,
        ["inputs.x.path", "registry 'r'"],
    ),
    "mistyped scheme": (_path("htps://x/y.csv"), ValidationException, ["inputs.x.path", "Did you mean 'https'?"]),
    "mistyped URI": (_path("azureml://datastore/x/paths/y"), ValidationException, ["azureml://datastores/<datastore>"]),
    "closed storage": (_path("adl://a.azuredatalakestore.net/x"), UserErrorException, ["inputs.x.path", "Gen1"]),
    "mode of tables": (
        _value(type="uri_folder", path="data", mode="eval_mount"),
        ValidationException,
        ["inputs.x.mode: 'eval_mount' is for data of type mltable", "Use 'ro_mount'"],
    ),
    "web data to be written": (
        _value(type="uri_file", path="https://x/y.csv", mode="rw_mount"),
        UnsupportedFieldError,
        ["inputs.x.path", "'rw_mount' would write to it"],
    ),
    "unknown datastore": (
        _path("azureml://datastores/workspaceblobstor/paths/x"),
        ResourceNotFoundError,
        ["inputs.x.path", "'workspaceblobstor'", "Did you mean 'workspaceblobstore'?"],
    ),
    "unknown datastore for an upload": (
        _value(type="uri_file", path="data/d.csv", datastore="workspaceblobstor"),
        ResourceNotFoundError,
        ["'workspaceblobstor'", "Did you mean 'workspaceblobstore'?"],
    ),
    "input that climbs": (_path(f"{STORE}/../../workspace.db"), ValidationException, ["inputs.x.path", "leads out of"]),
    "name of a variable": (_job(environment_variables={"A=B": "x"}), ValidationException, ["_variables.A=B: "]),
    "unknown output mode": (_job(outputs={"o": Output(mode="uplod")}), ValidationException, ["mean 'upload'?"]),
    "output to be registered under no name": (
        _job(outputs={"o": Output(name="my data!")}),
        ValidationException,
        ["'my data!'"],
    ),
    "output on the web": (_job(outputs={"o": Output(path="https://x/y")}), ValidationException, ["outputs.o.path"]),
    "output with a version": (_job(outputs={"o": Output(version="1")}), ValidationException, ["needs a name"]),
    "local output": (_job(outputs={"o": Output(path="out")}), ValidationException, ["outputs.o.path", "datastore"]),
    "output in an unknown datastore": (
        _job(outputs={"o": Output(path="azureml://datastores/blob/paths/x")}),
        ResourceNotFoundError,
        ["outputs.o.path: ", "'blob'"],
    ),
    "output that climbs": (
        _job(outputs={"o": Output(path=f"{STORE}/a/../../../x")}),
        ValidationException,
        ["outputs.o.path", "leads out of"],
    ),
    "YAML field": (_yaml("command: x\nlimits: {timeot: 5}"), ValidationException, ["limits.timeot: unknown field"]),
    "YAML field of an input": (
        _yaml("command: x\ninputs: {a: {typ: uri_file, path: data/d.csv}}"),
        ValidationException,
        ["inputs.a.typ: unknown field. Did you mean 'type'?"],
    ),
    "YAML field of an environment": (
        _yaml("command: x\nenvironment: {imag: y}"),
        ValidationException,
        ["environment.imag: unknown field. Did you mean 'image'?"],
    ),
    "YAML of another type": (_yaml("type: spark\njobs: {}"), UnsupportedFieldError, ["type: 'spark'", "job.yml"]),
    "broken YAML": (_yaml("command: [x"), ValidationException, ["job.yml is not YAML"]),
    "YAML of a list": (_yaml("- command"), ValidationException, ["a mapping is expected, found list"]),
    "empty YAML": (_yaml(""), ValidationException, ["a mapping is expected"]),
    "YAML inputs that are a list": (_yaml("command: x\ninputs: [a]"), ValidationException, ["inputs: a mapping"]),
    "missing YAML": (lambda: _loaded("no.yml"), ValidationException, ["No such file or directory: no.yml"]),
    "YAML in another encoding": (lambda: _loaded("latin.yml"), ValidationException, ["latin.yml is not", "UTF-8"]),
}  # fmt: skip


@pytest.fixture
def taken(workspace: Workspace, here: Path) -> Workspace:
    """A workspace with one job in it."""
    (here / "latin.yml").write_bytes(b"command: caf\xe9")
    jobs.submit(workspace, command(command="echo", name="taken", experiment_name="first"))
    return workspace


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_a_clear_error_and_nothing_is_stored(taken: Workspace, what: str) -> None:
    make, kind, words = BAD[what]
    before = stored(taken)
    with pytest.raises(kind) as caught:
        jobs.submit(taken, make())
    for word in words:
        assert word in str(caught.value)
    assert not re.search(r"pydantic|Traceback|value_error", str(caught.value))
    assert stored(taken) == before


def test_the_longest_name_has_its_folder(workspace: Workspace, here: Path) -> None:
    job = jobs.submit(workspace, command(command="echo", name="n" * 250))
    workspace.folder.artifacts(job.name).mkdir(parents=True)


def test_a_job_for_an_experiment_that_was_deleted_in_mlflow_is_refused(taken: Workspace) -> None:
    before = stored(taken).rows
    tracking = sqlite3.connect(taken.folder.tracking_database)
    with tracking:
        tracking.execute("UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 'first'")
    tracking.close()
    with pytest.raises(ValidationException, match="restore_experiment"):
        jobs.submit(taken, command(command="echo", experiment_name="first"))
    assert stored(taken).rows == before


def test_of_two_that_take_a_name_in_the_same_moment_one_wins_and_its_run_is_left_alone(workspace: Workspace) -> None:
    for number in range(8):
        name, gate = f"both-{number}", threading.Barrier(2)

        def submit(who: str, name: str = name, gate: threading.Barrier = gate) -> str:
            gate.wait()
            try:
                jobs.submit(workspace, command(command="echo", name=name, tags={"who": who}))
            except ResourceExistsError:
                return ""
            finally:
                workspace.database.close()
            return who

        with ThreadPoolExecutor(2) as pool:
            winner, *others = sorted(pool.map(submit, ("me", "you")), reverse=True)
        assert others == [""]
        assert workspace.runs.tags(name)["who"] == winner == rows.get(workspace.database, name).tags["who"]


def test_a_run_that_cannot_be_made_takes_the_job_back(taken: Workspace) -> None:
    before = stored(taken).rows
    tracking = sqlite3.connect(taken.folder.tracking_database)
    tracking.execute("CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE (ABORT, 'the disk is full'); END")
    tracking.close()
    with pytest.raises(sqlite3.IntegrityError, match="the disk is full"):
        jobs.submit(taken, command(command="echo", experiment_name="first"))
    assert stored(taken).rows == before
