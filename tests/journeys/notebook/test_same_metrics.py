"""A converted notebook's script logs what the notebook logs when it is run from top to bottom, to the last digit."""

import subprocess
import sys

import pytest

from jupyter_aml.notebook.script import Script, convert
from tests.journeys.notebook import corpus, warm
from tests.journeys.notebook.conftest import LIMIT, Forge, Place

FEWEST = 2  # metrics of a notebook
BARE = [
    "comment_parameters", "looks_like_magics", "main_guard", "match_and_walrus", "text_counting", "text_heavy",
]  # fmt: skip
WITHOUT_US = (
    "import runpy, sys; sys.modules['jupyter_aml'] = None; sys.argv = sys.argv[1:];"
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


def written(place: Place, name: str) -> Script:
    """The script of a notebook, beside it."""
    script = convert(place.folder / f"{name}.ipynb", parameters=corpus.FLAGGED.get(name, ()))
    (place.folder / script.name).write_text(script.text)
    return script


def test_there_are_notebooks_of_many_styles() -> None:
    assert len(corpus.NOTEBOOKS) >= 30


@pytest.mark.parametrize("name", corpus.NOTEBOOKS)
def test_a_script_logs_what_its_notebook_logs(name: str, forge: Forge, places: tuple[Place, Place]) -> None:
    notebook, script = places
    running = forge.script(script, written(script, name).name)
    forge.notebook(notebook, name)
    assert warm.ended(running) == 0, (script.folder / "log.txt").read_text()
    assert script.logged() == notebook.logged()
    assert len(notebook.logged().names) >= FEWEST


def bare(place: Place, *words: str) -> subprocess.CompletedProcess[str]:
    """`python *words` where jupyter_aml cannot be imported, in a process of its own."""
    with place.environment(f"sqlite:///{place.database}"):
        return subprocess.run(
            [sys.executable, "-c", WITHOUT_US, *words], cwd=place.folder, capture_output=True, text=True,
            timeout=LIMIT, check=False,
        )  # fmt: skip


@pytest.mark.parametrize("name", BARE)
def test_a_script_runs_outside_the_product(name: str, forge: Forge, places: tuple[Place, Place]) -> None:
    notebook, script = places
    forge.notebook(notebook, name)
    ended = bare(script, written(script, name).name)
    assert ended.returncode == 0, ended.stderr
    assert script.logged() == notebook.logged()


@pytest.mark.parametrize("name", BARE)
def test_a_script_says_how_it_is_called_outside_the_product(name: str, places: tuple[Place, Place]) -> None:
    script = written(places[0], name)
    ended = bare(places[0], script.name, "--help")
    assert ended.returncode == 0, ended.stderr
    for parameter in script.parameters:
        assert f"--{parameter.name}" in ended.stdout
        assert parameter.help in " ".join(ended.stdout.split())
