"""The kernel "Azure ML (local)": installed in a prefix of its own, started by name as Jupyter does, used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.cli.main import run
from tests.journeys.emulation.conftest import Named

SECOND = "python38-azureml"
INSTALLS = (
    "%pip install azure-ai-ml",
    "!pip install azure-ai-ml",
    'import sys\n!"{sys.executable}" -m pip install azure-ai-ml',
    "if True:\n    !pip install -q azure-ai-ml",
    "%conda install -y azure-ai-ml",
    "pip install azure-ai-ml",
    "# what the notes say\npip install azure-ai-ml\n",
)


def kernels(prefix: Path) -> dict[str, Path]:
    return {path.name: path for path in (prefix / "share" / "jupyter" / "kernels").iterdir()}


@pytest.mark.parametrize("name", ["azureml-local", SECOND])
def test_a_notebook_that_names_the_kernel_finds_azure_here(named: Named, name: str) -> None:
    kernel = named(name)
    assert kernel.value("__import__('azure.ai.ml').ai.ml.MLClient.__module__") == "jupyter_aml.client"
    assert "jupyter_aml" in kernel.run("!az --version").text
    assert kernel.run("%aml_wait").status == "ok"


def test_a_kernel_named_after_an_old_python_has_the_names_of_its_numpy(named: Named) -> None:
    assert named(SECOND).value("__import__('numpy').float is float") == "True"
    assert named("azureml-local").value("hasattr(__import__('numpy'), 'float')") == "False"


def test_a_line_for_the_real_installer_reaches_it_first_thing_in_a_notebook(named: Named) -> None:
    kernel = named("azureml-local")
    shown = kernel.run("%pip show jupyter_aml")
    assert shown.status == "ok"
    assert "provided by" not in shown.text


def test_installers_are_answered_in_it_and_are_themselves_again_afterwards(named: Named) -> None:
    kernel = named("azureml-local")
    answered = "azure-ai-ml: provided by jupyter_aml 0.1.0 in this kernel; nothing was installed"
    for cell in INSTALLS:
        assert kernel.run(cell).text.strip() == answered, cell
    assert "Name: azure-ai-ml" in kernel.run("pip show azure-ai-ml").text
    shown = kernel.run("!pip show azure-ai-ml pip").text
    assert "Name: azure-ai-ml" in shown
    text = kernel.run("text = '''\n!pip install azure-ai-ml\n'''\nprint(text)").text
    assert text.strip() == "!pip install azure-ai-ml"
    kernel.run("%unload_ext jupyter_aml.emulation")
    assert "provided by" not in kernel.run("%pip show azure-ai-ml").text


def test_somebody_elses_kernel_stays(prefix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = prefix / "share" / "jupyter" / "kernels" / SECOND
    theirs.mkdir(parents=True)
    (theirs / "kernel.json").write_text('{"display_name": "theirs"}')
    words = ["kernel", "install", "--prefix", str(prefix)]
    assert run(words) == 0
    states = {row["name"]: row["state"] for row in json.loads(capsys.readouterr().out)}
    assert "not ours" in states[SECOND]
    assert "theirs" in (theirs / "kernel.json").read_text()
    assert run([*words, "--name", SECOND]) == 1
    assert "--replace" in capsys.readouterr().err
    assert run([*words, "--replace", "-o", "none"]) == 0
    assert "jupyter_aml.emulation" in (theirs / "kernel.json").read_text()


def test_kernels_are_listed_and_removed_and_never_python3(prefix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--prefix", str(prefix)]
    assert run(["kernel", "install", *where, "--name", "mine", "--no-aliases", "-o", "none"]) == 0
    assert run(["kernel", "install", *where, "-o", "none"]) == 0
    assert run(["kernel", "install", *where, "--name", "python3"]) == 1
    assert "python3" not in kernels(prefix)
    capsys.readouterr()
    assert run(["kernel", "list", "--query", "[].name", "-o", "tsv"]) == 0
    names = ["azureml-local", "mine", "python3-azureml", "python310-sdkv2", SECOND]
    assert capsys.readouterr().out.split() == names
    assert run(["kernel", "remove", *where, "--name", "azureml-local", "-o", "none"]) == 0
    assert set(kernels(prefix)) == {"mine"}
    assert run(["kernel", "remove", *where, "-o", "none"]) == 0
    assert run(["kernel", "remove", *where, "-o", "none"]) == 3


@pytest.mark.parametrize("name", ["Python3", "kernelé", "..", "a/b", "a b"])
def test_a_name_that_jupyter_would_not_show_or_take_for_python3_is_refused(
    prefix: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(["kernel", "install", "--prefix", str(prefix), "--name", name]) == 1
    assert f"'{name}' cannot be the kernel's name." in capsys.readouterr().err
    assert not prefix.exists()


@pytest.mark.parametrize("text", ["[1]", '{"metadata": null}', '{"metadata": {"jupyter_aml": 1}}', "{", "null"])
def test_a_broken_kernel_of_somebody_elses_is_in_nobodys_way(prefix: Path, text: str) -> None:
    theirs = prefix / "share" / "jupyter" / "kernels" / "theirs"
    theirs.mkdir(parents=True)
    (theirs / "kernel.json").write_text(text)
    where = ["--prefix", str(prefix), "-o", "none"]
    assert [run(["kernel", verb, *where]) for verb in ("install", "list", "remove")] == [0, 0, 0]
    assert set(kernels(prefix)) == {"theirs"}


def test_a_folder_that_cannot_be_written_is_named(prefix: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prefix.write_text("a file")
    assert run(["kernel", "install", "--prefix", str(prefix)]) == 1
    told = capsys.readouterr().err
    assert str(prefix) in told
    assert "--user" in told


@pytest.mark.parametrize("there", ["nowhere", "elsewhere"])
def test_a_link_of_somebody_elses_is_replaced_and_what_it_leads_to_stays(prefix: Path, there: str) -> None:
    theirs = prefix / "share" / "jupyter" / "kernels" / SECOND
    theirs.parent.mkdir(parents=True)
    elsewhere = prefix / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kernel.json").write_text("{}")
    theirs.symlink_to(prefix / there)
    words = ["kernel", "install", "--prefix", str(prefix), "-o", "none"]
    assert run(words) == 0
    assert theirs.is_symlink()
    assert run([*words, "--replace"]) == 0
    assert not theirs.is_symlink()
    assert (elsewhere / "kernel.json").read_text() == "{}"


def test_whoever_installs_at_once_leaves_whole_kernels_and_nothing_else(prefix: Path) -> None:
    words = [str(Path(sys.executable).with_name("aml")), "kernel", "install", "--prefix", str(prefix), "-o", "none"]
    racers = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(6)]
    told = [racer.communicate()[1] for racer in racers]
    assert [racer.returncode for racer in racers] == [0] * 6, told
    assert {path.name for folder in kernels(prefix).values() for path in folder.iterdir()} == {"kernel.json"}
    assert len(kernels(prefix)) == 4
