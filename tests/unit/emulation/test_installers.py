"""Claims about lines that install: what is answered, what is left for the real installer. Nothing is installed."""

import shlex
import sys

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyter_aml.emulation import pip
from jupyter_aml.emulation.pip import Line, sorted_line

DONE = ":"


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("pip install azure-ai-ml", DONE),
        ("pip3 install -U Azure_AI_ML", DONE),
        (f"{shlex.quote(sys.executable)} -m pip install --quiet azureml-sdk[automl]==1.5", DONE),
        ("conda install -y -c conda-forge azureml-core=1.2", DONE),
        ("pip install -q azure-ai-ml 'pandas<3' --upgrade", "pip install -q 'pandas<3' --upgrade"),
        ("pip install mltable -i https://example.org/azureml-core", DONE),
        ("pip install azure-ai-ml>=1.0 > /dev/null 2>&1; ls", ": > /dev/null 2>&1; ls"),
        ("pip install mldesigner && pip install tqdm", ": && pip install tqdm"),
        ("pip show azure-ai-ml | grep Version", ": | grep Version"),
        ("pip show mlflow azureml-mlflow", "pip show mlflow"),
        ("uv pip install mltable tqdm", "uv pip install tqdm"),
        ("pip uninstall -y azureml-core", DONE),
        ("pip install -e . azure-identity", "pip install -e ."),
        (
            "pip install azure-ai-ml ~/w/*.whl $HOME/x.whl $(echo tqdm)",
            "pip install ~/w/*.whl $HOME/x.whl $(echo tqdm)",
        ),
        ("pip install azure-ai-ml \"$A B\" a\\ b 'c d'", "pip install \"$A B\" a\\ b 'c d'"),
    ],
)
def test_azures_packages_are_taken_off_the_line(typed: str, left: str) -> None:
    found = sorted_line(typed)
    assert found.said
    assert found.command == left


@pytest.mark.parametrize(
    "typed",
    [
        "pip install pandas", "pip list", "echo pip install azure-ai-ml", "pip install 'azure-ai-ml", "pip freeze > r",
        "pip install azure-storage-blob azure-core", "pip install  $PACKAGES   --pre", "pip show mlflow | head -1",
    ],
)  # fmt: skip
def test_every_other_line_stays_as_it_was_typed(typed: str) -> None:
    assert sorted_line(typed) == Line(typed)


def test_what_is_not_built_is_told_apart_from_what_is() -> None:
    here, gone = sorted_line("pip install azureml-core azureml-interpret").said
    assert here == "azureml-core: provided by jupyter_aml 0.1.0 in this kernel; nothing was installed"
    assert gone == "azureml-interpret: not available locally; nothing was installed"


def test_a_package_is_shown_as_pip_shows_one() -> None:
    (shown,) = sorted_line("pip show azure-ai-ml").said
    assert dict(line.split(":", 1) for line in shown.splitlines())["Version"].strip() == "0.1.0"


UNQUOTED = pytest.mark.skipif(" " in sys.executable, reason="a shell takes no unquoted path with a space")


@pytest.mark.parametrize(
    "typed", ["pip", pytest.param("{sys.executable} -m pip", marks=UNQUOTED), "'{sys.executable}' -m pip"]
)
def test_the_lines_of_an_installer_that_are_kept_in_a_variable_are_answered_too(typed: str) -> None:
    shell = InteractiveShell(config=Config(HistoryManager={"enabled": False}))
    pip.register(shell)
    shell.run_cell(f"import sys\nkept = !{typed} install azure-ai-ml; echo 'the $(rest)'").raise_error()
    answered, rest = shell.user_ns["kept"]
    assert answered.startswith("azure-ai-ml: provided by jupyter_aml")
    assert rest == "the $(rest)"
    assert shell.user_ns["kept"].n == f"{answered}\n{rest}"
