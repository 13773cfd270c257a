"""Outputs that become assets: each completed job's is registered, once, whatever happens in between."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from jupyter_aml import MLClient, Output, command
from jupyter_aml.engine.registration import Planned, Registrar
from jupyter_aml.entities.job_record import JobRecord
from jupyter_aml.operations import jobs


class Desk:
    """A registrar, and jobs that are said to have completed."""

    def __init__(self, ml_client: MLClient) -> None:
        self.ml, self.workspace = ml_client, ml_client.workspace
        self.registrar = self.opened()

    def opened(self) -> Registrar:
        return Registrar(self.workspace.database, self.workspace.folder)

    def completed(self, name: str, type_: Any = "uri_folder", **fields: Any) -> JobRecord:
        out = Output.of({"name": name, "type": type_, **fields})
        return jobs.submit(self.workspace, command(command="true", outputs={"out": out}))

    def write(self, planned: list[Planned]) -> None:
        with self.workspace.database.transaction() as connection:
            self.registrar.write(connection, planned, 1.0)

    def described_in_mlflow(self, name: str) -> list[str]:
        with closing(sqlite3.connect(self.workspace.folder.tracking_database)) as database:
            query = "SELECT description FROM model_versions WHERE name = ? ORDER BY version"
            return [text for (text,) in database.execute(query, (name,))]

    def known_to_mlflow(self, name: str) -> list[tuple[int, str]]:
        with closing(sqlite3.connect(self.workspace.folder.tracking_database)) as database:
            query = "SELECT version, source FROM model_versions WHERE name = ? ORDER BY version"
            return database.execute(query, (name,)).fetchall()


@pytest.fixture
def desk(ml_client: MLClient) -> Iterator[Desk]:
    desk = Desk(ml_client)
    yield desk
    desk.workspace.models.close()
    desk.workspace.runs.close()
    desk.workspace.database.close()


@pytest.mark.parametrize("type_", ["uri_folder", "custom_model"])
def test_jobs_that_complete_in_one_turn_get_a_version_each(desk: Desk, type_: str) -> None:
    together = [desk.completed("prepared", type_) for _ in range(3)]
    desk.write(desk.registrar.told(together))
    group = desk.ml.data if type_ == "uri_folder" else desk.ml.models
    assert [found.version for found in group.list("prepared")] == ["3", "2", "1"]


def test_an_output_is_registered_with_its_description(desk: Desk) -> None:
    record = desk.completed("prepared", description="without the nulls")
    desk.write(desk.registrar.told([record]))
    assert desk.ml.data.get("prepared", "1").description == "without the nulls"


@pytest.mark.parametrize("version", ["", "7"])
def test_a_model_output_is_registered_with_its_description_here_and_in_mlflow(desk: Desk, version: str) -> None:
    record = desk.completed("churn", "custom_model", description="of May", version=version or None)
    desk.write(desk.registrar.told([record]))
    assert desk.ml.models.get("churn", version or "1").description == "of May"
    assert desk.described_in_mlflow("churn") == ["of May"]


def test_a_number_that_was_taken_meanwhile_is_no_reason_to_refuse(desk: Desk) -> None:
    planned = desk.registrar.told([desk.completed("prepared")])
    desk.write(desk.registrar.told([desk.completed("prepared")]))
    desk.write(planned)
    assert [found.version for found in desk.ml.data.list("prepared")] == ["2", "1"]


def test_a_model_that_mlflow_was_told_of_before_a_kill_is_registered_once(desk: Desk) -> None:
    record = desk.completed("churn", "custom_model")
    desk.registrar.told([record])
    desk.registrar = desk.opened()
    desk.write(desk.registrar.told([record]))
    assert [version for version, _ in desk.known_to_mlflow("churn")] == [1]
    assert [found.version for found in desk.ml.models.list("churn")] == ["1"]


def test_mlflow_finds_the_files_of_a_model_output_without_knowing_azures_uris(desk: Desk) -> None:
    record = desk.completed("churn", "mlflow_model")
    desk.registrar.told([record])
    folder = desk.workspace.folder.datastore("workspaceblobstore") / "azureml" / record.name / "out"
    assert desk.known_to_mlflow("churn") == [(1, folder.as_uri())]
