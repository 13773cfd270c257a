"""A workspace that a notebook of SDK v1 finds, with Azure's names answered. It makes no claim."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.entities.emulation import MARK
from jupyter_aml.v1.core import Workspace
from tests.journeys.engine.conftest import Site


@pytest.fixture
def place(ml_client: MLClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The folder that a notebook runs in, below the home's parent; jobs from it answer Azure's names."""
    folder = home.parent / "notebooks"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv(MARK, "1")
    made = Site(ml_client, home)
    yield made
    for job in made.unfinished():
        ml_client.jobs.begin_cancel(job.name)
    made.until_all_finished()


@pytest.fixture
def ws(place: Site) -> Workspace:
    return Workspace.of(place.ml)
