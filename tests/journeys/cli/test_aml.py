"""The `aml` program itself: help, mistyped words, refusals, a light start, the other nouns."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from jupyter_aml.cli.main import NOUNS
from jupyter_aml.cli.main import aml as front
from jupyter_aml.emulation import az
from tests.journeys.cli.conftest import Aml

AML = Path(sys.executable).with_name("aml")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["jbo", "list"], "Did you mean 'job'?"),
        (["job", "lst"], "Did you mean 'list'?"),
        (["job", "list", "--experiment-nam", "x"], "Did you mean '--experiment-name'?"),
        (["job", "show"], "--name"),
        (["job", "list", "-o", "tabel"], "'table'"),
        (["job", "create", "-f", "nowhere.yml"], "nowhere.yml"),
    ],
)
def test_a_mistyped_line_exits_2_and_says_what_was_meant(aml: Aml, typed: list[str], meant: str) -> None:
    said = aml(*typed)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("ERROR: ")
    assert meant in said.err


def test_where_there_is_no_studio_web_says_how_a_job_is_looked_at(aml: Aml, tmp_path: Path) -> None:
    (tmp_path / "job.yml").write_text("command: echo\nenvironment: kernel@latest\n")
    made = aml("job", "create", "-f", str(tmp_path / "job.yml"), "--web")
    shown = aml("job", "show", "-n", made.json["name"], "-e")
    for said in (made, shown):
        assert f"no studio on this machine. To look at the job: aml job stream -n {made.json['name']}," in said.err
    assert shown.json["name"] == made.json["name"]


def test_az_knows_an_option_by_its_beginning_and_aml_only_whole(aml: Aml, capsys: pytest.CaptureFixture[str]) -> None:
    assert az.run(["ml", "compute", "list", "--out", "tsv", "--query=[0].name", "--workspace", "default"]) == 0
    assert capsys.readouterr().out == "local-cluster\n"
    assert az.run(["ml", "compute", "create", "--m", "1", "--name", "c"]) == 2
    assert "No such option '--m'" in capsys.readouterr().err
    assert aml("compute", "list", "--out", "tsv").code == 2


def test_underscores_in_options_are_read_as_hyphens(aml: Aml) -> None:
    assert aml("job", "list", "--max_results", "3", "--experiment-name", "none").json == []


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_command_explains_itself(aml: Aml, noun: str, flag: str) -> None:
    command = front.get_command(click.Context(front), noun)
    assert command
    for words in paths(command, (noun,)):
        said = aml(*words, flag)
        assert said.code == 0
        assert said.out.startswith(f"Usage: aml {' '.join(words)} ")


def paths(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The command and all that are below it, as they are typed."""
    yield words
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from paths(below, (*words, str(below.name)))


def test_the_front_page_lists_every_noun(aml: Aml) -> None:
    assert [line.split()[0] for line in aml("-h").out.partition("Commands:\n")[2].splitlines()] == list(NOUNS)


def test_workspace_show_names_the_default_workspace(aml: Aml) -> None:
    assert aml("workspace", "show").json["name"] == "default"


def test_compute_list_shows_the_cluster_that_is_always_there(aml: Aml) -> None:
    names = [compute["name"] for compute in aml("compute", "list").json]
    assert names == ["local-cluster"]
    assert aml("compute", "show", "-n", "local-cluster").json["min_instances"] == 0
    assert aml("compute", "show", "-n", "local-clster").code == 3


def test_help_starts_light() -> None:
    loaded = loaded_by("job", "create", "-h")
    assert loaded.isdisjoint({"pydantic", "yaml", "sqlite3", "IPython", "mlflow", "pandas", "jupyter_aml.client"})


def test_a_list_of_jobs_opens_no_room_but_the_jobs(home: Path) -> None:
    assert home.is_dir()
    loaded = loaded_by("job", "list")
    rooms = {name for name in loaded if name.startswith("jupyter_aml.client.")}
    assert rooms == {f"jupyter_aml.client.{room}" for room in ("absent", "jobs", "poller", "views", "waiting")}
    assert loaded.isdisjoint({"jupyter_aml.operations.command_jobs", "jupyter_aml.operations.run_details"})
    assert len(loaded) < 370, "every module is waited for"


def loaded_by(*words: str) -> set[str]:
    """The modules that a command line loads."""
    seen = f"from jupyter_aml.cli.main import run; import sys; run({list(words)}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_program_passes_its_exit_code_on(home: Path) -> None:
    assert home.is_dir()
    done = subprocess.run([AML, "job", "show", "-n", "nobody"], capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("ERROR: ")


def test_a_reader_that_leaves_early_is_no_error_to_see(home: Path) -> None:
    assert home.is_dir()
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run([AML, "-h"], stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert done.stderr == ""
