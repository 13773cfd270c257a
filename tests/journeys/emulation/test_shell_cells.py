"""Lines that install in a cell of the shell's: answered as `!pip` lines are; the shell is the user's in all else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.emulation import shim
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.emulation import AZ
from tests.journeys.emulation.conftest import Named

ANSWER = "azure-ai-ml: provided by jupyter_aml 0.1.0 in this kernel; nothing was installed"
STEPS = """
there="$(mktemp -d)"; cd "$there"
who=ann
pip install -q azure-ai-ml && echo "done: $?"
cat > later.sh <<END
pip install azure-ai-ml
END
python -m pip install azure-ai-ml \\
    --quiet
grep -c azure later.sh; [ "$PWD" = "$there" ]; echo $?; echo "$who"
"""
SAID = [ANSWER, "done: 0", ANSWER, "1", "0", "ann"]


@pytest.fixture
def real(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH whose installers only print what they are asked; of conda there is none, and no other can be reached."""
    place, tools = tmp_path / "real bin", tmp_path / "tools"
    place.mkdir()
    tools.mkdir()
    for name in ("bash", "cat", "grep", "mktemp", "sh"):
        (tools / name).symlink_to(shutil.which(name) or name)
    for name in ("pip", "uv"):
        _write(place / name, f'echo "{name}:$*"\nfor last; do :; done\n[ -f "$last" ] && cat "$last"\nexit 3\n')
    _write(place / "python", 'echo "python:$*"\n')
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{tools}")
    monkeypatch.delenv(AZ, raising=False)
    shim.on_path()
    return place


def _write(program: Path, text: str) -> None:
    program.write_text(f"#!/bin/sh\n{text}")
    program.chmod(0o755)


def typed(text: str, shell: str = "bash") -> subprocess.CompletedProcess[str]:
    with shim.installers():
        return subprocess.run([shell], input=text, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("head", ["%%bash", "%%sh", "%%script bash -e", "%%script --no-raise-error sh"])
def test_its_lines_are_answered_where_they_stand_and_the_others_run_as_typed(
    real: Path, named: Named, head: str
) -> None:
    assert named("azureml-local").run(f"{head}\n{STEPS}").text.splitlines() == SAID


def test_what_captures_a_shells_output_has_the_answers_in_it(real: Path, named: Named) -> None:
    kernel = named("azureml-local")
    for head in ("%%system", "%%sx", "%%!"):
        assert kernel.run(f"{head}\n{STEPS}").text.count(ANSWER) == 2, head
    assert ANSWER in kernel.run("%system pip install azure-ai-ml").text
    kernel.run("%%bash --out kept\npip install azure-ai-ml; echo over")
    assert kernel.value("kept.splitlines()[1]") == "over"
    assert kernel.run("%%bash --bg --out pipe\npip install azure-ai-ml").status == "ok"
    assert ANSWER in kernel.value("(await pipe.read()).decode()")


def test_every_other_cell_finds_the_programs_that_it_found(real: Path, named: Named) -> None:
    kernel = named("azureml-local")
    look = "command -v pip; command -v python; echo $PATH"  # dash looks for the first word alone
    before = kernel.run(f"!{look}").text.split()
    assert kernel.run(f"%%bash\n{look}").text.split() == before
    kernel.run("%%bash\npip install azure-ai-ml\nexit 3")
    assert kernel.run(f"%%bash\n{look}").text.split() == kernel.run(f"!{look}").text.split() == before
    kernel.run("%unload_ext jupyter_aml.emulation")
    assert kernel.run("%%bash\npip show azure-ai-ml || true").text == "pip:show azure-ai-ml\n"


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_what_is_left_reaches_the_real_installer_word_by_word_with_its_exit_code(real: Path, shell: str) -> None:
    done = typed(
        "pip install 'a b' azure-ai-ml \"it's\"; echo $?\nuv pip install mltable tqdm\npip list --format=json\n", shell
    )
    assert done.stdout.splitlines() == [
        ANSWER, "pip:install a b it's", "3",
        ANSWER.replace("azure-ai-ml", "mltable"), "uv:pip install tqdm", "pip:list --format=json",
    ]  # fmt: skip


def test_of_a_requirements_file_the_real_installer_gets_the_rest_and_no_file_stays(real: Path, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("azure-ai-ml\ntqdm\n")
    said, asked, line = typed(f"cd '{tmp_path}'; pip install -r r.txt").stdout.splitlines()
    assert (said, line) == (ANSWER, "tqdm")
    assert not Path(asked.removeprefix("pip:install -r ")).exists()


def test_a_program_that_is_not_there_is_not_there(real: Path) -> None:
    done = typed("command -v conda; command -v mamba; python x.py -m pip; pip uninstall -y azure-ai-ml")
    assert done.stdout.splitlines() == ["python:x.py -m pip", ANSWER.replace("installed", "removed")]
    (real / "pip").unlink()
    assert typed("pip install azure-ai-ml").stdout.strip() == ANSWER
    done = typed("pip install no-such-package azure-ai-ml")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (127, ANSWER, "pip: command not found\n")


def test_a_python_of_such_a_cell_is_the_one_that_it_would_have_been(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    shim.on_path()
    code = "python -c 'import sys; print(sys.executable, sys.prefix, sep=chr(10))'"
    assert typed(code).stdout.splitlines() == [shutil.which("python"), sys.prefix]


def test_a_supervisor_that_is_started_in_such_a_cell_knows_nothing_of_it(real: Path) -> None:
    with shim.installers():
        assert lifecycle.environment()["PATH"] == f"{real}{os.pathsep}{real.parent / 'tools'}"
