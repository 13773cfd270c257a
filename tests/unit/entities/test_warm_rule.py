"""The rule of warm starts: what it lets through, and the reason it gives for each of the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.entities.command_line import plain_words
from jupyter_aml.entities.launch import WarmPlan
from jupyter_aml.entities.warm_rule import PythonCall, imports_of, plan, python_call

SOURCE = "import numpy as np, os\nfrom sklearn.linear_model import LogisticRegression\n"
HELD = ("numpy", "sklearn.linear_model")


def planned(command: str = "python train.py", source: str = SOURCE, *others: str, **variables: str) -> WarmPlan:
    return plan(command, ["train.py", "pack/main.py", *others], {"train.py": source}.get, variables)


@pytest.mark.parametrize(
    "command",
    [
        "python train.py",
        "python3 -u train.py --a 1",
        "python train.py --data ${{inputs.data}} $[[--n ${{inputs.n}}]] --out '${{outputs.o}}'",
        "  python ./train.py 'it is $quoted; so what' \"a b\"\n",
        "python -m pack.main x",
        "python -u -m pack.main",
    ],
)
def test_a_plain_python_program_of_the_code_is_warm(command: str) -> None:
    assert planned(command) == WarmPlan(HELD)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("python train.py > log", "needs a shell"),
        ("python train.py && echo done", "needs a shell"),
        ("cd pack; python main.py", "needs a shell"),
        ("python train.py $HOME", "needs a shell"),
        ('python train.py "$HOME"', "needs a shell"),
        ("python train.py *.csv", "needs a shell"),
        ("python train.py 'open", "needs a shell"),
        ("A=1 python train.py", "needs a shell"),
        ("bash run.sh", "starts 'bash'"),
        ("/usr/bin/python train.py", "starts '/usr/bin/python'"),
        ("python -c 'print(1)'", "neither"),
        ("python -X dev train.py", "neither"),
        ("python -O train.py", "neither"),
        ("python", "neither"),
        ("python other.py", "'other.py' is not part of its code"),
        ("python -m http.server", "'http.server' is not part of its code"),
    ],
)
def test_any_other_command_is_cold_and_says_why(command: str, reason: str) -> None:
    assert reason in planned(command).cold_because


@pytest.mark.parametrize("library", ["torch", "tensorflow.keras", "jax", "mpi4py.MPI", "cupy"])
def test_a_library_that_does_not_survive_a_fork_is_cold_wherever_it_is_imported(library: str) -> None:
    source = f"{SOURCE}def f():\n    try:\n        from {library} import x\n    except ImportError: pass\n"
    assert library.partition(".")[0] in planned(source=source).cold_because


@pytest.mark.parametrize(
    "file", ["pandas.py", "sub/numpy.py", "mlflow/__init__.py", "scipy.cpython-311-x86_64-linux-gnu.so", "matplotlibrc"]
)
def test_a_file_that_changes_a_library_is_cold(file: str) -> None:
    assert file in planned("python train.py", SOURCE, file).cold_because


@pytest.mark.parametrize(
    "name", ["OMP_NUM_THREADS", "PYTHONHASHSEED", "LD_PRELOAD", "MPLBACKEND", "MLFLOW_X", "TZ", "PATH"]
)
def test_a_variable_that_is_read_at_import_is_cold(name: str) -> None:
    assert name in planned(**{name: "1"}).cold_because


@pytest.mark.parametrize("name", ["MY_SETTING", "PATH_TO_DATA", "ENVIRONMENT", "TEMPERATURE"])
def test_a_variable_of_the_users_own_stays_warm(name: str) -> None:
    assert planned(**{name: "1"}).is_warm


def test_the_switch_of_a_job_sends_it_cold() -> None:
    assert "JUPYTER_AML_WARM=0" in planned(JUPYTER_AML_WARM="0").cold_because
    assert "JUPYTER_AML_WARM=no" in planned(JUPYTER_AML_WARM="no").cold_because
    assert planned(JUPYTER_AML_WARM="1").is_warm


def test_a_distributed_job_and_one_without_slow_imports_are_cold() -> None:
    assert "mpi" in plan("python train.py", ["train.py"], {"train.py": SOURCE}.get, {}, "mpi").cold_because
    assert "nothing that takes long" in planned(source="import os\n").cold_because


def test_imports_are_read_from_source_that_does_not_compile() -> None:
    source = (
        "import a.b as c, d ; x = = 1\n  from e import f, G  # no\nfrom . import h\nfrom k import (l,\n m)\nimported x"
    )
    assert imports_of(source) >= {"a.b", "d", "e", "e.f", "k", "k.l"}
    assert "e.G" not in imports_of(source)


@given(st.text(st.sampled_from("python trai.-um'\"$|\n"), max_size=30))
def test_no_text_is_warm_unless_it_is_a_python_call(command: str) -> None:
    made = plan(command, ["train.py"], {"train.py": SOURCE}.get, {})
    assert made.is_warm <= isinstance(python_call(command), PythonCall)


@given(st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1), min_size=1))
def test_words_without_a_shells_signs_are_plain(words: list[str]) -> None:
    assert plain_words(" ".join(words)) == tuple(words)
