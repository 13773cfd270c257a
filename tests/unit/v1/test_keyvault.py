"""The Keyvault of SDK v1: values come back by name, and show up nowhere else."""

import pytest

from jupyter_aml import MLClient
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.v1.core.keyvault import Keyvault
from jupyter_aml.v1.core.workspace import Workspace


@pytest.fixture
def vault(ml_client: MLClient) -> Keyvault:
    return Workspace.of(ml_client).get_default_keyvault()


def test_a_secret_comes_back_and_is_forgotten(vault: Keyvault) -> None:
    vault.set_secret("db-key", "hunter2", content_type="text/plain")
    vault.set_secrets({"a": "1", "b": "2"})
    assert (vault.get_secret("DB-key"), vault.get_secret_content_type("DB-KEY")) == ("hunter2", "text/plain")
    assert vault.get_secrets(["a", "none"]) == {"a": "1", "none": None}
    assert vault.get_secret_content_type("none") is None
    assert {"name": "db-key", "content_type": "text/plain"} in vault.list_secrets()
    vault.delete_secret("db-key")
    vault.delete_secrets(["a", "none"])
    assert [one["name"] for one in vault.list_secrets()] == ["b"]


def test_several_are_kept_all_or_none(vault: Keyvault) -> None:
    with pytest.raises(ValidationException, match="my_key"):
        vault.set_secrets({"good": "1", "my_key": "2"})
    assert vault.list_secrets() == []


def test_a_value_is_never_shown(vault: Keyvault, caplog: pytest.LogCaptureFixture) -> None:
    vault.set_secret("key", "hunter2")
    with pytest.raises(ValidationException) as told:
        vault.set_secret("bad_name", "hunter2")
    shown = f"{vault!r} {vault.workspace!r} {vault.list_secrets()} {told.value} {caplog.text}"
    assert "hunter2" not in shown


def test_a_run_reads_the_same_secrets(vault: Keyvault) -> None:
    from jupyter_aml.v1.core.experiment import Experiment

    vault.set_secret("key", "hunter2")
    run = Experiment(vault.workspace, "e").start_logging(snapshot_directory=None)
    assert run.get_secret("key") == "hunter2"
    assert run.get_secrets(["key", "none"]) == {"key": "hunter2", "none": None}
    assert "hunter2" not in f"{run!r}{run._repr_html_()}{run.get_details()}"
    run.complete()
