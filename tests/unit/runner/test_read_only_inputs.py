"""What a job may only read it cannot write, whatever starts it; what it writes stays writable inside of that."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from jupyter_aml import runner
from jupyter_aml.entities.launch import InputSpec, OutputSpec
from jupyter_aml.runner import mounts
from tests.contracts.executors.yard import Yard

ROOT = Path(__file__).parents[3]
HARM = (
    "echo no > ${{inputs.x}}/f.csv; echo no >> ${{inputs.x}}/f.csv; touch ${{inputs.x}}/new; rm -f ${{inputs.x}}/f.csv"
)
A_CHILD_WATCHER = """
import io, os, pathlib, sys
from pyarrow import csv
from jupyter_aml.engine.executors.subprocess import SubprocessExecutor
from jupyter_aml.entities.launch import InputSpec
from tests.contracts.executors.yard import Yard

others = [os.open(os.devnull, os.O_RDONLY) for _ in range(64)]
csv.read_csv(io.BytesIO(b"a\\n1\\n"))  # from now on Arrow closes its pipe in each child, and aborts when it is gone
root = pathlib.Path(sys.argv[1])
yard = Yard(root / "yard", SubprocessExecutor())
attempt, _ = yard.run("echo ${{inputs.x}}", inputs={"x": InputSpec("uri_file", str(root / "f.csv"), "ro_mount")})
yard.close()
print(attempt.log(), end="")
"""
SYSTEMS_PYTHON = "/usr/bin/python3"
MODES = ["", "ro_mount", "eval_mount"]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere inputs are read-only copies")


@pytest.fixture
def data(yard: Yard) -> Path:
    folder = yard.root / "data"
    (folder / "deep").mkdir(parents=True)
    (folder / "f.csv").write_text("1,2")
    (folder / "deep" / "é.csv").write_text("3")
    return folder


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("mode", MODES)
def test_a_mounted_folder_is_read_where_it_is_and_cannot_be_written(yard: Yard, data: Path, mode: str) -> None:
    before = content(data)
    attempt, outcome = yard.run(
        f"{HARM}; cat ${{{{inputs.x}}}}/f.csv", inputs={"x": InputSpec("uri_folder", str(data), mode)}
    )
    assert outcome.exit_code == 0
    assert attempt.log().endswith("1,2")
    assert attempt.log().count("Read-only file system") == 4
    assert content(data) == before
    assert not attempt.folder.inputs.exists()


def test_a_mounted_file_cannot_be_written(yard: Yard, data: Path) -> None:
    inputs = {"x": InputSpec("uri_file", str(data / "f.csv"), "ro_mount")}
    attempt, _ = yard.run("echo no > ${{inputs.x}}; mv ${{inputs.x}} away; cat ${{inputs.x}}", inputs=inputs)
    assert attempt.log().endswith("1,2")
    assert content(data)["f.csv"] == "1,2"


def test_data_is_mounted_beside_a_library_that_watches_forks(data: Path) -> None:
    run = [sys.executable, "-c", A_CHILD_WATCHER, str(data)]
    ended = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert ended.stdout.splitlines()[-1:] == [str(data / "f.csv")]


def test_what_is_to_be_written_in_place_can_be(yard: Yard, data: Path) -> None:
    inputs = {"x": InputSpec("uri_folder", str(data), "rw_mount")}
    _, outcome = yard.run("echo yes > ${{inputs.x}}/f.csv", inputs=inputs)
    assert outcome.exit_code == 0
    assert content(data)["f.csv"] == "yes\n"


def test_a_warm_job_cannot_write_either_and_the_next_one_can_elsewhere(yard: Yard, data: Path) -> None:
    script = "import json, sys\nprint(open(sys.argv[1]).read())\nopen(sys.argv[1], 'w')"
    inputs = {"x": InputSpec("uri_file", str(data / "f.csv"), "ro_mount")}
    files = {"train.py": f"import numpy\n{script}"}
    command = "python train.py ${{inputs.x}}"
    while not (ran := yard.run_warm(command, files, inputs=inputs))[1].warm:
        assert "Read-only file system" in ran[0].log()
        yard.turn(0.1)
    assert "1,2" in ran[0].log()
    assert "Read-only file system" in ran[0].log()
    plain = {"x": InputSpec("uri_file", str(data / "f.csv"), "rw_mount")}
    _, outcome = yard.run_warm(command, files, inputs=plain)
    assert (outcome.warm, outcome.exit_code) == (True, 0)
    assert content(data)["f.csv"] == ""


def test_an_output_inside_of_an_input_is_written(yard: Yard, data: Path) -> None:
    inputs = {"x": InputSpec("uri_folder", str(data), "ro_mount")}
    outputs = {"o": OutputSpec("uri_folder", str(data / "results"))}
    attempt, outcome = yard.run(f"echo 4 > ${{{{outputs.o}}}}/r.txt && {HARM}", inputs=inputs, outputs=outputs)
    assert (data / "results" / "r.txt").read_text() == "4\n", (attempt.log(), outcome.error)
    assert content(data)["f.csv"] == "1,2"


def test_a_job_that_reads_the_folder_it_lies_in_works_all_the_same(yard: Yard, data: Path) -> None:
    inputs = {"x": InputSpec("uri_folder", str(yard.root), "ro_mount")}
    attempt, outcome = yard.run(
        "echo 1 > here; echo 2 > outputs/o.txt; touch ${{inputs.x}}/data/new; cat here outputs/o.txt", {}, inputs=inputs
    )
    assert outcome.exit_code == 0, attempt.log()
    assert (attempt.artifacts / "outputs" / "o.txt").read_text() == "2\n"
    assert not (data / "new").exists()


def test_every_rank_sees_the_same(yard: Yard, data: Path) -> None:
    from jupyter_aml.entities.launch import Distribution

    inputs = {"x": InputSpec("uri_folder", str(data), "ro_mount")}
    attempt, outcome = yard.run(
        "touch ${{inputs.x}}/$RANK; true", inputs=inputs, distribution=Distribution("pytorch", 2)
    )
    assert outcome.exit_code == 0
    for rank in range(2):
        assert "Read-only file system" in attempt.log(f"std_log_process_{rank}.txt")


REFUSING = "echo 0 > /proc/sys/user/max_mnt_namespaces && echo 0 > /proc/sys/user/max_user_namespaces && exec"


@pytest.mark.skipif(not shutil.which("unshare"), reason="the kernel is made to refuse with `unshare`")
def test_where_the_kernel_refuses_the_job_reads_a_read_only_copy(yard: Yard, data: Path) -> None:
    inputs = {
        "x": InputSpec("uri_folder", str(data), "ro_mount"),
        "f": InputSpec("uri_file", str(data / "f.csv"), "ro_mount"),
    }
    command = f"{HARM}; cat ${{{{inputs.f}}}} ${{{{inputs.x}}}}/deep/é.csv; stat -c %a ${{{{inputs.f}}}}"
    attempt = yard.prepare(command, inputs=inputs)
    attempt.folder.root.mkdir(parents=True)
    attempt.folder.launch.write_text(attempt.launch.to_json())
    portable = [sys.executable, "-I", "-S", str(Path(runner.__file__).with_name("__main__.py"))]
    inside = f'{REFUSING} "$@"'
    words = ["unshare", "--map-root-user", "bash", "-c", inside, "bash", *portable, str(attempt.folder.root)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "1,23444\n" in attempt.log()
    assert "lets nobody mount" in attempt.story
    assert content(data) == {"f.csv": "1,2", "deep/é.csv": "3"}
    assert not attempt.folder.inputs.exists()


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="root becomes nobody")
@pytest.mark.skipif(not Path(SYSTEMS_PYTHON).exists(), reason="ours may lie where nobody may look")
def test_nobody_special_is_refused_too() -> None:
    if not mounts.are_possible():
        pytest.skip("the kernel lets nobody mount here")
    place = Path(tempfile.mkdtemp(dir="/var/tmp"))
    (place / "f").write_text("1")
    for path in (place, place / "f"):
        path.chmod(0o777)
    code = (
        "import os, sys; sys.path.append(sys.argv[2]); from jupyter_aml.runner.mounts import view; "
        "path = sys.argv[1] + '/f'; view([sys.argv[1]], []).enter(); print(os.getuid(), open(path).read()); "
        "open(path, 'w')"
    )
    ours = shutil.copytree(Path(mounts.__file__).parents[1], place / "lib" / "jupyter_aml")
    words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SYSTEMS_PYTHON]
    try:
        done = subprocess.run(
            [*words, "-I", "-S", "-c", code, str(place), str(ours.parent)], capture_output=True, text=True, check=False
        )
    finally:
        shutil.rmtree(place)
    assert done.stdout == "65534 1\n", done.stderr
    assert "Read-only file system" in done.stderr
