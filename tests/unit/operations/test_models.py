"""Models by Azure's rules: numbers that nobody else has, one registry with MLflow, what may change in a version."""

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from jupyter_aml.entities.component import component_of
from jupyter_aml.entities.model import Model
from jupyter_aml.operations import assets, component_files, components, models
from jupyter_aml.operations.workspaces import Workspace, open_workspace
from jupyter_aml.tracking.models import ModelVersion, stages_in_workspace, tell_workspace

CLOUD = "azureml://datastores/workspaceblobstore/paths/{}/"


@pytest.fixture
def registry(workspace: Workspace) -> Iterator[Workspace]:
    """A workspace whose registry of models is closed at the end."""
    yield workspace
    workspace.models.close()


def _mlflows(workspace: Workspace, column: str) -> dict[str, str]:
    """What MLflow says of each version of the one model there is."""
    with closing(sqlite3.connect(workspace.folder.tracking_database)) as database:
        return {str(row[0]): row[1] for row in database.execute(f"SELECT version, {column} FROM model_versions")}


def test_kernels_that_register_one_name_at_once_each_get_a_number_of_their_own(registry: Workspace) -> None:
    together, made, errors = threading.Barrier(4), list[tuple[str, str]](), list[Exception]()

    def register(kernel: int) -> None:
        mine = open_workspace(registry.id)
        together.wait()
        try:
            for turn in range(5):
                record = models.create(mine, Model(name="churn", path=CLOUD.format(f"{kernel}-{turn}")))
                made.append((record.version, str(record.spec["path"])))
        except Exception as error:  # noqa: BLE001 - a thread's end; the test says what it was
            errors.append(error)
        finally:
            mine.database.close()
            mine.models.close()

    kernels = [threading.Thread(target=register, args=(kernel,)) for kernel in range(4)]
    for kernel in kernels:
        kernel.start()
    for kernel in kernels:
        kernel.join()
    assert errors == []
    assert sorted(int(version) for version, _ in made) == list(range(1, 21))
    sources = _mlflows(registry, "source")
    for version, path in made:
        assert sources[version].endswith(path.removeprefix("azureml://datastores/").replace("/paths/", "/").rstrip("/"))


def test_a_model_that_mlflow_registered_is_described_here_and_keeps_what_was_known_of_it(registry: Workspace) -> None:
    folder = registry.folder.datastore("workspaceartifactstore") / "ExperimentRun" / "dcid.r" / "model"
    told = ModelVersion("churn", 1, folder.as_uri(), run="r")
    assert registry.models.give(told) == 1
    assert registry.database.path.exists()
    tell_workspace(registry.folder.tracking_database, told, {})
    found = assets.get(registry, "model", "churn", "1", None)
    models.create(registry, Model(name="churn", version="1", path=str(found.spec["path"]), description="why"))
    described = assets.get(registry, "model", "churn", "1", None)
    assert (described.spec["description"], described.spec["job_name"]) == ("why", "r")


def test_a_download_may_be_written_and_repeated(registry: Workspace, here: Path) -> None:
    models.create(registry, Model(name="churn", version="1", path="data"))
    models.create(registry, Model(name="one-file", version="1", path="data/d.csv"))
    models.download(registry, "churn", "1", here / "out")
    folder = models.download(registry, "churn", "1", here / "out")
    file = models.download(registry, "one-file", "1", here / "out")
    assert (folder, file) == (here / "out" / "churn" / "data", here / "out" / "one-file" / "d.csv")
    assert [path.stat().st_mode & stat.S_IWUSR for path in (folder / "d.csv", file)] == [stat.S_IWUSR] * 2


def test_a_component_of_any_kind_says_nothing_of_where_its_code_is_kept(registry: Workspace, here: Path) -> None:
    draft = component_of({"type": "spark", "name": "c", "version": "1", "code_snapshot": "../../elsewhere"})
    assert "code_snapshot" not in components.create(registry, draft).spec
    component_files.download(registry, "c", "1", here)
    assert not (here / "c" / "code").exists()


def test_a_stage_is_mlflows_too_and_one_that_it_has_not_stays(registry: Workspace) -> None:
    for stage in ("Production", "Development"):
        models.create(registry, Model(name="churn", path=CLOUD.format(stage), stage=stage))
    assert _mlflows(registry, "current_stage") == {"1": "Production", "2": "None"}
    stages_in_workspace(registry.folder.tracking_database, "churn", 1)
    found = assets.versions(registry, "model", "churn")
    assert [record.spec["stage"] for record in found] == ["Development", "Production"]
    models.create(registry, Model(name="churn", version="1", path=CLOUD.format("Production"), stage="Archived"))
    assert _mlflows(registry, "current_stage") == {"1": "Archived", "2": "None"}
