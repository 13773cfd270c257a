"""One registry of models: what mlflow registers is a model of the workspace, and the other way round."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.store import assets, facts
from jupyter_aml.store.database import Database
from jupyter_aml.tracking.models import ModelVersion, RegisteredModels
from jupyter_aml.tracking.plugin import uri
from tests.unit.tracking.conftest import AWKWARD, run_script


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[dict[str, Any], Database, WorkspaceFolder]]:
    """A workspace with a model of its own, in which a program registered another one by mlflow."""
    from jupyter_aml.tracking.schema import ensure

    root = tmp_path_factory.mktemp("registry")
    folder = WorkspaceFolder(root / AWKWARD)
    folder.root.mkdir()
    database = Database(folder.database)
    ensure(folder.tracking_database, folder.artifact_root)
    models = RegisteredModels(folder.tracking_database)
    models.add(ModelVersion("ours", 3, "file:///somewhere/model", "why", tags={"a": "b"}))
    models.close()
    said = run_script("registers.py", "ours", folder=root, MLFLOW_TRACKING_URI=uri(folder.tracking_database))
    yield said, database, folder
    database.close()


Told = tuple[dict[str, Any], Database, WorkspaceFolder]


def test_a_model_that_mlflow_registered_is_the_workspaces(told: Told) -> None:
    said, database, folder = told
    found = assets.get(database, "model", "churn", str(said["first"]))
    assert found is not None
    assert found.spec["type"] == "mlflow_model"
    assert "sklearn" in found.spec["flavors"]
    store, _, path = str(found.spec["path"]).removeprefix("azureml://datastores/").partition("/paths/")
    assert (folder.datastore(store) / path / "MLmodel").is_file()


def test_its_stage_is_what_mlflow_made_it(told: Told) -> None:
    found = assets.get(told[1], "model", "churn", "1")
    assert found is not None
    assert found.spec["stage"] == "Staging"


def test_a_version_that_mlflow_deleted_is_gone_and_its_story_stays(told: Told) -> None:
    assert assets.get(told[1], "model", "churn", "2") is None
    happened = [fact.kind for fact in facts.story(told[1], "churn") if fact.body.get("version") == "2"]
    assert happened == ["model.created", "model.deleted"]


def test_the_stages_of_versions_that_made_way_are_what_mlflow_made_them(told: Told) -> None:
    found = assets.select(told[1], "model", "moved")
    assert [(record.version, record.spec["stage"]) for record in found] == [("2", "Production"), ("1", "Archived")]


def test_whatever_mlflow_registers_is_told_even_without_flavors(told: Told) -> None:
    found = assets.get(told[1], "model", "broken", "1")
    assert found is not None
    assert found.spec["type"] == "custom_model"


def test_a_version_of_a_name_that_nobody_registered_makes_the_model(told: Told) -> None:
    assert assets.name(told[1], "model", "broken") is not None
    assert "no-such-version" in told[0]["refused"]
    assert assets.name(told[1], "model", "copied") is None


def test_a_model_that_mlflow_deleted_is_gone_with_all_its_versions(told: Told) -> None:
    assert assets.name(told[1], "model", "gone") is None


def test_mlflow_finds_what_the_workspace_registered(told: Told) -> None:
    assert told[0]["known"] == {"ours:3": "file:///somewhere/model"}


def test_the_newest_number_is_known_and_adding_again_changes_nothing(tmp_path: Path) -> None:
    from jupyter_aml.tracking.schema import ensure

    ensure(tmp_path / "mlflow.db", tmp_path / "artifacts")
    models = RegisteredModels(tmp_path / "mlflow.db")
    for source in ("a", "b"):
        models.add(ModelVersion("m", 7, source))
    assert (models.newest("m"), models.newest("none")) == (7, 0)
    models.close()
