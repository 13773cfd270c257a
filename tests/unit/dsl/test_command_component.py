"""A typed function as a component: its interface, and the program that calls it."""

import importlib
import json
import math
import pydoc
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import Input, Output
from jupyter_aml.dsl import command_component, pipeline
from jupyter_aml.exceptions import AssetPathException, UserErrorException
from jupyter_aml.store import ignore
from tests.conftest import AWKWARD

SCALE = 3


@command_component(environment="azureml:tools@latest", version="2")
def scale(
    data: Input(type="uri_file"),  # pyright: ignore[reportInvalidTypeForm]
    made: Output(type="uri_folder"),  # pyright: ignore[reportInvalidTypeForm]
    rate: float = 0.5,
    flag: bool = False,
    n: int = None,  # pyright: ignore[reportArgumentType] # noqa: RUF013 - as the SDK's users write it
) -> bool:
    """What it does."""
    text = json.dumps([Path(data).read_text(), rate, flag, n, SCALE, math.pi > SCALE])
    Path(made, "all.json").write_text(text)
    return rate > 0.4


def test_the_signature_is_the_interface() -> None:
    spec = scale.spec()
    assert (spec["name"], spec["version"], spec["description"]) == ("scale", "2", "What it does.")
    assert spec["inputs"] == {
        "data": {"type": "uri_file"},
        "rate": {"type": "number", "default": 0.5},
        "flag": {"type": "boolean", "default": False},
        "n": {"type": "integer", "optional": True},
    }
    assert spec["outputs"] == {"made": {"type": "uri_folder"}, "output": {"type": "boolean"}}


def test_the_program_calls_the_function(tmp_path: Path) -> None:
    data = tmp_path / "in put.txt"
    data.write_text("hi")
    words = ["--data", data, "--made", tmp_path, "--flag", "True", "--n", "4", "--output", tmp_path / "returned"]
    program = Path(scale.code, "scale.py")
    subprocess.run([sys.executable, program, *map(str, words)], check=True, capture_output=True)
    assert json.loads((tmp_path / "all.json").read_text()) == ["hi", 0.5, True, 4, 3, True]
    assert (tmp_path / "returned").read_text() == "True"


def test_it_is_a_step_like_any_other() -> None:
    @pipeline
    def whole(raw: Any) -> Any:
        first = scale(data=raw, rate=0.2)
        return {"made": first.outputs.made}

    job = whole(Input(type="uri_file", path="azureml:raw:1"))
    assert job.spec()["jobs"]["first"]["inputs"] == {"data": "${{parent.inputs.raw}}", "rate": 0.2}


def test_what_its_job_would_not_have_is_told() -> None:
    rows = [1, 2]

    def uses() -> None:
        rows.append(3)

    with pytest.raises(UserErrorException, match=r"uses\(\): 'rows' \(list\) is defined around it"):
        command_component(uses)


def test_a_function_of_any_number_of_arguments_is_no_component() -> None:
    def many(*numbers: int) -> None: ...

    with pytest.raises(UserErrorException, match=r"no \*args"):
        command_component(many)


def test_its_environment_may_be_a_file_beside_the_functions_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "env.yaml").write_text(
        "name: tools\nimage: library/python\nconda_file: {dependencies: [python=3.11]}\n"
    )
    (tmp_path / "steps_of_a_file.py").write_text("def show(text: str) -> None:\n    print(text)\n")
    monkeypatch.syspath_prepend(tmp_path)
    steps = importlib.import_module("steps_of_a_file")
    environment = command_component(environment="./env.yaml")(steps.show).environment
    assert (environment.name, environment.conda_file) == ("tools", {"dependencies": ["python=3.11"]})


SHOWING = """
def show(text: str) -> None:
    from beside import said

    print(said(text))
"""


@pytest.mark.parametrize("file", ["steps_beside.py", "show.py"])
def test_it_runs_beside_what_its_file_stands_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    folder = tmp_path / AWKWARD
    (folder / "data").mkdir(parents=True)
    for name, text in {
        file: SHOWING, "beside.py": "said = str.lower\n", "data/big.bin": "0", ".amlignore": "data\n",
    }.items():  # fmt: skip
        (folder / name).write_text(text)
    monkeypatch.syspath_prepend(folder)
    made = command_component(importlib.import_module(file.removesuffix(".py")).show)
    (folder / "beside.py").write_text("said = str.upper\n")
    files = {path for path, _ in ignore.files(Path(made.code))}
    assert {"beside.py", file} < files
    assert "data/big.bin" not in files
    words = made.command.replace("${{inputs.text}}", "hello").split()
    done = subprocess.run([sys.executable, *words[1:-1], "hello"], check=True, cwd=made.code, capture_output=True)
    assert done.stdout == b"HELLO\n"


def test_the_folder_of_its_code_may_be_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "beside.py").write_text("said = str.upper\n")
    (tmp_path / "steps_elsewhere.py").write_text(SHOWING)
    monkeypatch.syspath_prepend(tmp_path)
    show = importlib.import_module("steps_elsewhere").show
    made = command_component(code="./src")(show)
    assert {path for path, _ in ignore.files(Path(made.code))} == {"beside.py", "show.py"}
    with pytest.raises(AssetPathException, match=r"code: No such file or directory: .*sources"):
        command_component(code="./sources")(show)


def test_help_says_what_a_component_takes() -> None:
    told = pydoc.plain(pydoc.render_doc(scale._func))  # noqa: SLF001 - as public notebooks do
    assert "scale(*, " in told
    assert "rate: 'number' = 0.5" in told
