"""`aml notebook …` as a person at a terminal meets it: scripts that run by themselves, jobs, mistakes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from jupyter_aml import Input, MLClient, dsl, load_component
from tests.journeys.cli.conftest import Aml, Said

CELLS = (
    "# parameters\nrate = 0.5  # speed\nsteps = 2\nmode = 'fast'",
    "%matplotlib inline\nwords = open('data/words.txt').read().split()\nwords",
    "for step in range(steps):\n    print('loss', len(words) * rate / (step + 1))",
    "assert mode != 'broken'\nprint('mode', mode)",
)
SAYS = ["loss 1.0", "loss 0.5", "mode fast"]
PROGRAM = Path(sys.executable).with_name("aml")


@pytest.fixture
def train(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A notebook in a folder of its own, in which the command line is typed."""
    folder = home.parent / "my notes"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "words.txt").write_text("two words")
    monkeypatch.chdir(folder)
    return written(folder / "train it.ipynb", *CELLS)


def written(path: Path, *cells: str) -> Path:
    made = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in cells
    ]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made}))
    return path


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("loss", "mode"))]


def process(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*map(str, words)], capture_output=True, text=True, check=False, env={**os.environ, **variables}
    )


def test_a_notebook_becomes_a_script_that_runs_by_itself_and_jobs_that_say_the_same(train: Path) -> None:
    said = process(PROGRAM, "notebook", "convert", train.name)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("train it.ipynb → train it.py\n")
    elsewhere = {"PYTHONPATH": "", "JUPYTER_AML_HOME": "/nowhere"}
    helped = process(sys.executable, "train it.py", "--help", **elsewhere)
    assert "--rate RATE" in helped.stdout
    assert "speed (default: 0.5)" in " ".join(helped.stdout.split())
    assert process(sys.executable, "train it.py", **elsewhere).stdout.splitlines() == SAYS
    for way in ("script", "notebook"):
        done = process(PROGRAM, "notebook", "submit", train.name, "--as", way, "--stream", "-o", "none")
        assert lines(done.stdout) == SAYS, done.stdout + done.stderr


def test_what_was_left_out_is_told_by_cell_and_line(aml: Aml, train: Path) -> None:
    rows = [line.split() for line in aml("notebook", "convert", str(train)).out.splitlines()]
    assert ["cell", "2", "line", "1", "magics", "%matplotlib", "inline", "(left", "out)"] in rows
    assert ["cell", "2", "line", "3", "looking", "words", "(left", "out)"] in rows
    assert ["--rate", "number", "0.5", "speed"] in rows


def test_it_is_told_to_programs_as_json(aml: Aml, train: Path) -> None:
    told = aml("notebook", "convert", train.name, "-o", "json").json
    assert (told["notebook"], told["files"]) == (train.name, ["train it.py"])
    assert {"cell": 2, "line": 3, "rule": "looking", "before": "words", "after": ""} in told["changes"]
    only = aml("notebook", "convert", train.name, "--query", "parameters[].name", "-o", "tsv")
    assert only.out.split() == ["rate", "steps", "mode", "words_data"]


@pytest.mark.parametrize(
    "words",
    [
        ["--keep", "looking", "train it.ipynb"],
        ["train it.ipynb", "--keep", "plots", "2"],
        ["--keep", "timing", "looking", "-f", "train it.ipynb"],
    ],
)
def test_what_would_be_left_out_is_kept_when_somebody_says_so(aml: Aml, train: Path, words: list[str]) -> None:
    said = aml("notebook", "convert", *words, "--stdout")
    assert "    words\n" in said.out
    assert not train.with_suffix(".py").exists()


def test_a_variable_becomes_a_parameter_by_its_name(aml: Aml, train: Path) -> None:
    written(train, "depth = 3\nprint(depth)")
    assert aml("notebook", "convert", train.name, "--parameters", "depth").code == 0
    assert process(sys.executable, "train it.py", "--depth", "5").stdout == "5\n"


def test_a_script_that_was_edited_is_never_lost(aml: Aml, train: Path) -> None:
    script = train.with_suffix(".py")
    aml("notebook", "convert", train.name)
    assert aml("notebook", "convert", train.name).code == 0
    script.write_text("# mine")
    said = aml("notebook", "convert", train.name)
    assert (said.code, script.read_text()) == (1, "# mine")
    assert said.err == (
        "ERROR: Nothing was written: train it.py is there, with other content.\n"
        "--force writes over it; --outfile FILE writes the script elsewhere.\n"
    )
    assert aml("notebook", "convert", train.name, "--outfile", "other.py").code == 0
    assert aml("notebook", "convert", train.name, "--force").code == 0
    assert script.read_text() == Path("other.py").read_text()


def test_the_written_job_runs_as_it_is_and_with_other_values(aml: Aml, train: Path) -> None:
    files = aml("notebook", "convert", train.name, "--job-file", "job.yml", "-o", "json").json["files"]
    assert files == ["src/train it.py", "job.yml", "conda.yml"]
    assert yaml.safe_load(Path("conda.yml").read_text())["dependencies"][1:] == ["pip"]  # it imports nothing
    said = aml("job", "create", "-f", "job.yml", "--stream", "-o", "none")
    assert lines(said.out) == SAYS, said.err
    said = aml("job", "create", "-f", "job.yml", "--set", "inputs.mode=slow", "-s", "-o", "none")
    assert lines(said.out)[-1] == "mode slow"


def test_the_written_component_is_a_step_of_a_pipeline(aml: Aml, train: Path, ml_client: MLClient) -> None:
    place = ["--component-file", "component.yml", "--environment", "azureml:sklearn-1.5@latest"]
    assert aml("notebook", "convert", train.name, *place).code == 0
    assert not Path("conda.yml").exists()
    assert aml("component", "create", "-f", "component.yml").json["name"] == "train_it"
    step = load_component("component.yml")

    @dsl.pipeline(default_compute="local-cluster")
    def both(words: Input) -> None:
        step(words_data=words)
        step(words_data=words, rate=1.0)

    job = ml_client.jobs.create_or_update(both(words=Input(type="uri_file", path="data/words.txt")))
    ml_client.jobs.stream(str(job.name))
    logs = [first_log(ml_client, str(child.name)) for child in ml_client.jobs.list(parent_job_name=str(job.name))]
    assert sorted(lines(log)[0] for log in logs) == ["loss 1.0", "loss 2.0"]


def first_log(ml_client: MLClient, name: str) -> str:
    ml_client.jobs.download(name, download_path=Path("logs") / name, all=True)
    return "".join(path.read_text() for path in (Path("logs") / name).rglob("std_log.txt"))


def test_values_are_inputs_of_the_job_and_fields_are_set_as_of_any(aml: Aml, train: Path) -> None:
    other = train.parent / "other.txt"
    other.write_text("these are four words")
    said = aml(
        "notebook", "submit", "--param", "rate=1", "words_data=other.txt", train.name, "--param", "steps=1",
        "-n", "mine", "--experiment-name", "tuning", "--set", "tags.who=me", "--tags", "kind=try", "--stream",
    )  # fmt: skip
    assert lines(said.out) == ["loss 4.0", "mode fast"], said.err
    job = aml("job", "show", "-n", "mine").json
    assert (job["experiment_name"], job["display_name"], job["tags"]) == (
        "tuning",
        "train it",
        {"kind": "try", "who": "me"},
    )
    assert (job["inputs"]["rate"], job["inputs"]["steps"]) == (1.0, 1)


def test_data_that_the_job_will_not_have_is_told_and_the_job_is_submitted(aml: Aml, train: Path) -> None:
    written(train, "def words(path='data/words.txt'):\n    return open(path).read()", "print('mode', 1)")
    said = aml("notebook", "submit", train.name, "--stream", "-o", "none")
    assert lines(said.out) == ["mode 1"]
    assert said.err.startswith("train it.ipynb, cell 1, line 1 says data/words.txt, which stays in the code")


def test_a_job_that_fails_names_the_cell_and_exits_1(aml: Aml, train: Path) -> None:
    said = aml("notebook", "submit", train.name, "--param", "mode=broken", "--stream")
    assert said.code == 1
    assert "train it.ipynb, cell 4, line 1: AssertionError" in said.err


@pytest.mark.parametrize(
    ("typed", "code", "meant"),
    [
        (["submit", "train it.ipynb", "--param", "ratte=1"], 1, "has no parameter 'ratte'.\nDid you mean 'rate'?"),
        (["submit", "train it.ipynb", "--param", "steps=many"], 1, "--steps is a integer, and got 'many'."),
        (["submit", "train it.ipynb", "--param", "steps="], 1, "--steps is a integer, and got ''."),
        (["submit", "train it.ipynb", "--param", "steps"], 2, "'steps' is not KEY=VALUE. Write it as --param rate=0.1"),
        (["submit", "train it.ipynb", "--as", "notbook"], 2, "Did you mean 'notebook'?"),
        (["submit", "train it.ipynb", "--compute", "local-clustr"], 3, "Did you mean 'local-cluster'?"),
        (["submit", "train it.ipynb", "--param", "words_data=none.txt"], 1, "inputs.words_data.path: No such file"),
        (["submit"], 2, "Name a file: aml notebook submit NOTEBOOK.ipynb"),
        (["convert", "trian it.ipynb"], 2, "Did you mean 'train it.ipynb'?"),
        (["convert", "train it"], 2, "Did you mean 'train it.ipynb'?"),
        (["convert", "train it.ipynb", "b.ipynb"], 2, "One file that ends with .ipynb is taken"),
        (["convert", "train it.ipynb", "-f", "train it.ipynb"], 2, "Two were given"),
        (["convert", "train it.ipynb", "--keep", "lookng"], 1, "Did you mean 'looking'?"),
        (["convert", "train it.ipynb", "--keep", "9"], 1, "train it.ipynb has 4 code cells, and no cell 9."),
        (["convert", "train it.ipynb", "--parameters", "stepps"], 1, "Did you mean 'steps'?"),
        (["convert", "train it.ipynb", "--outfile", "train.ipynb"], 1, "train.ipynb is no name for the script."),
        (["convert", "data/words.txt"], 1, "words.txt is no notebook"),
    ],
)
def test_a_mistake_is_refused_before_anything_is_done(
    aml: Aml, train: Path, typed: list[str], code: int, meant: str
) -> None:
    before = sorted(train.parent.rglob("*"))
    said: Said = aml("notebook", *typed)
    assert (said.code, said.out) == (code, ""), said.err
    assert meant in said.err
    assert sorted(train.parent.rglob("*")) == before
    assert aml("job", "list").json == []


def test_what_has_no_meaning_outside_is_refused_by_cell_and_line_and_can_be_executed(aml: Aml, train: Path) -> None:
    written(train, "x = 1", "\nprint('mode', len(In) > 0)")
    for verb in ("convert", "submit"):
        said = aml("notebook", verb, train.name)
        assert (said.code, said.err.partition(":")[0]) == (1, "ERROR")
        assert "train it.ipynb, cell 2, line 2: 'In' works in the notebook only" in said.err
    done = aml("notebook", "submit", train.name, "--as", "notebook", "--stream", "-o", "none")
    assert lines(done.out) == ["mode True"]


def test_a_config_json_of_the_notebooks_own_is_no_hindrance(aml: Aml, train: Path) -> None:
    train.with_name("config.json").write_text('{"layers": [2, 3]}')
    assert aml("notebook", "convert", train.name).code == 0
    assert aml("notebook", "submit", train.name, "-o", "none").code == 0


def test_a_conversion_loads_no_client_and_no_library_of_the_notebooks(train: Path) -> None:
    seen = "from jupyter_aml.cli.main import run; import sys; run(['notebook', 'convert', 'train it.ipynb']); "
    loaded = set(process(sys.executable, "-c", seen + "print(*sys.modules)").stdout.splitlines()[-1].split())
    heavy = {"jupyter_aml.client", "sqlite3", "nbconvert", "nbformat", "mlflow", "pandas", "sklearn"}
    assert loaded.isdisjoint(heavy), loaded & heavy
