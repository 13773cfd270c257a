"""Claims about requirements files on an installer's line: what is answered, what the real one gets. None is run."""

import shlex
from pathlib import Path

import pytest

from jupyter_aml.emulation.pip import Line, sorted_line
from jupyter_aml.emulation.requirements import clean

DONE = ":"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder below the one that the line is typed in."""
    monkeypatch.chdir(tmp_path)
    found = tmp_path / "a b"
    found.mkdir()
    return found


def written(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def left(line: str) -> tuple[list[str], list[str]]:
    """What is answered on a line, and the lines of the file that the real installer gets in place of its last word."""
    found = sorted_line(line)
    (made,) = found.temporary
    assert found.command == shlex.join([*shlex.split(line)[:-1], str(made)])
    lines = made.read_text(encoding="utf-8").splitlines()
    clean(found.temporary)
    return [said.partition(":")[0] for said in found.said], lines


def test_the_other_lines_are_installed(folder: Path) -> None:
    written(folder, r="# what it needs\nazure-ai-ml==1.5\ntqdm>=4\nazureml.mlflow  # for the runs\n")
    assert left("pip install -q -r 'a b/r.txt'") == (["azure-ai-ml", "azureml-mlflow"], ["tqdm>=4"])


def test_a_file_that_a_file_names_is_sorted_out_as_well_relative_to_who_names_it(folder: Path) -> None:
    written(
        folder, r="-r parts/more.txt\nmltable\n", parts__more="azureml-core\npandas<3\n--requirement=last.txt # end\n"
    )
    written(folder, parts__last="azure-identity\n-e .\n-r'../quoted name.txt'")
    (folder / "quoted name.txt").write_text("rich\nazureml-sdk")
    assert left("pip install -r 'a b/r.txt'") == (
        ["azureml-core", "azure-identity", "azureml-sdk", "mltable"], ["pandas<3", "-e .", "rich"]
    )  # fmt: skip


def test_constraints_install_nothing_and_are_found_from_the_file_that_names_them(folder: Path) -> None:
    written(
        folder, r="azure-ai-ml\ntqdm\n-c limits.txt\n-f wheels\n-f https://example.org/w\n", limits="azure-identity<2\n"
    )
    (folder / "wheels").mkdir()
    limits, wheels = shlex.quote(str(folder / "limits.txt")), shlex.quote(str(folder / "wheels"))
    kept = ["tqdm", f"-c {limits}", f"-f {wheels}", "-f https://example.org/w"]
    assert left("pip install -r 'a b/r.txt'") == (["azure-ai-ml"], kept)


def test_files_that_name_each_other_are_met_once(folder: Path) -> None:
    written(folder, a="-r b.txt\n-r ./a.txt\ntqdm\n", b="azure-ai-ml\n-r a.txt\n-r c.txt\nrich\n", c="-r b.txt\n")
    assert left("pip install -r 'a b/a.txt'") == (["azure-ai-ml"], ["rich", "tqdm"])


def test_a_file_that_is_not_there_is_the_real_installers_to_miss(folder: Path) -> None:
    written(folder, r="azure-ai-ml\n-r gone.txt\n-r https://example.org/r.txt\n")
    kept = [f"-r {shlex.quote(str(folder / 'gone.txt'))}", "-r https://example.org/r.txt"]
    assert left("pip install -r 'a b/r.txt'") == (["azure-ai-ml"], kept)


def test_variables_in_a_files_name_are_read_as_pip_reads_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTS", str(folder / "parts"))
    written(folder, r="-r ${PARTS}/more.txt\n", parts__more="tqdm\nazure-ai-ml\n")
    assert left("pip install -r 'a b/r.txt'") == (["azure-ai-ml"], ["tqdm"])


def test_a_requirement_goes_with_the_lines_that_continue_it(folder: Path) -> None:
    written(
        folder, r="azure-ai-ml==1.5 \\\n  --hash=sha256:ab \\\n  --hash=sha256:cd\ntqdm==4 \\\n  --hash=sha256:ef\n"
    )
    assert left("pip install -r 'a b/r.txt'") == (["azure-ai-ml"], ["tqdm==4   --hash=sha256:ef"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_a_file_is_read_however_it_was_saved(folder: Path, encoding: str) -> None:
    (folder / "r.txt").write_text("# für\nazure-ai-ml\ntqdm\n", encoding=encoding)
    assert left("pip install -r 'a b/r.txt'") == (["azure-ai-ml"], ["tqdm"])


@pytest.mark.parametrize("text", ["azure-ai-ml\n\n# end\n", "-r more.txt\n", "--pre\n-c limits.txt\nmltable\n"])
def test_files_of_azures_packages_leave_nothing_to_run(folder: Path, text: str) -> None:
    written(folder, r=text, more="azure-ai-ml\n", limits="tqdm<5\n")
    found = sorted_line("pip install -r'a b/r.txt'")
    assert (found.command, found.temporary) == (DONE, [])


@pytest.mark.parametrize("text", ["tqdm\n", "-r r.txt\n", "-c limits.txt\n", "-r gone.txt\n", ""])
def test_files_with_nothing_of_azures_are_the_real_installers_as_they_are(folder: Path, text: str) -> None:
    written(folder, r=text, limits="azure-ai-ml<2\n")
    assert sorted_line("pip install -r 'a b/r.txt'") == Line("pip install -r 'a b/r.txt'")
