"""A machine with only Python, make and a package manager: the checkout, copied under an awkward path, works there."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


NOT_CLONED = shutil.ignore_patterns(
    ".git", ".venv", ".yarn", "__pycache__", ".*_cache", ".hypothesis", "dist", "build", "node_modules", "lib", "static"
)
FRONT_END = "share/jupyter/labextensions/jupyter-aml"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a clone would hold, in a folder with a space and an accent."""
    copy = Path(shutil.copytree(ROOT, tmp_path / "fresh chéckout", ignore=NOT_CLONED))
    shutil.rmtree(copy / "jupyter_aml/labextension", ignore_errors=True)
    return copy


def bare_environment(**more: str) -> dict[str, str]:
    """This environment, as a shell has it that never heard of our own .venv."""
    ours = str(Path(sys.executable).parent)
    path = os.pathsep.join(part for part in os.environ["PATH"].split(os.pathsep) if part != ours)
    kept = {key: value for key, value in os.environ.items() if key not in {"VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL"}}
    return {**kept, "PATH": path, **more}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_make_demo_installs_itself_and_shows_a_finished_job(checkout: Path, home: Path) -> None:
    env = bare_environment(JUPYTER_AML_HOME=str(home))
    done = subprocess.run(["make", "demo"], cwd=checkout, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for told in ("Completed", "metric   accuracy = 0.9", "learning_curve.png", str(home)):
        assert told in done.stdout
    assert any((checkout / ".venv").rglob("mlflow/__pycache__/*.pyc")), "environments that we make are byte-compiled"
    again = subprocess.run(["make", "-n", "demo"], cwd=checkout, env=env, capture_output=True, text=True, check=True)
    assert "venv.sh" not in again.stdout, "a second call installs nothing"
    assert (checkout / ".venv" / FRONT_END / "static/style.js").exists(), "JupyterLab shows runs"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_wheel_is_built_without_node_and_holds_what_runs(checkout: Path, tmp_path: Path) -> None:
    tools = tools_in(tmp_path / "bin", "sh", "env")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path / "wheels", checkout]
    subprocess.run(pip, env=bare_environment(PATH=str(tools)), check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheels").iterdir()
    held = set(zipfile.ZipFile(wheel).namelist())
    source = {str(path.relative_to(checkout)) for path in (checkout / "jupyter_aml").rglob("*") if path.is_file()}
    built = {name for name in source if name.startswith("jupyter_aml/labextension/")}
    assert {name for name in source - built if "__pycache__" not in name} | {
        "jupyter_aml/widgets/static/run.js"
    } <= held
    assert {name.replace("jupyter_aml/labextension", FRONT_END) for name in built} <= {
        name.partition(".data/data/")[2] for name in held
    }
    assert not any(name.startswith(("tests", "notebooks", "labextension", "jupyter_aml/labextension")) for name in held)


def test_an_old_python_is_named_and_refused(checkout: Path, tmp_path: Path) -> None:
    tools = tools_in(tmp_path / "bin", "id", "rm", python3='echo "Python 3.9.2"; exit 1')
    done = script(checkout, ".ci/venv.sh", ".", path=tools)
    assert done.returncode == 1
    assert "3.11" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert "make PYTHON3=" in done.stderr
    assert not (checkout / ".venv").exists()


def test_without_the_right_to_install_chromium_the_command_is_named(checkout: Path, tmp_path: Path) -> None:
    if any(Path("/Applications").glob("*Chrom*.app")):
        pytest.skip("this Mac has a Chromium outside the PATH")
    tools = tools_in(tmp_path / "bin", id="echo 1000")
    done = script(checkout, ".ci/chromium.sh", path=tools)
    assert done.returncode == 1
    assert "sudo apt-get install chromium" in done.stderr


def test_ci_runs_the_readme_s_test_command_and_nothing_else() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[1:] == ["set -e", "make test"]
    assert "`make test`" in (ROOT / "README.md").read_text()


def tools_in(folder: Path, *names: str, **scripts: str) -> Path:
    """A PATH that holds these programs of the system, and these small scripts, only."""
    folder.mkdir()
    for name in names:
        (folder / name).symlink_to(str(shutil.which(name)))
    for name, text in scripts.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    return folder


def script(checkout: Path, *words: str, path: Path) -> "subprocess.CompletedProcess[str]":
    env = bare_environment(PATH=str(path))
    return subprocess.run(["/bin/sh", *words], cwd=checkout, env=env, capture_output=True, text=True, check=False)
