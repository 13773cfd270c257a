"""Experiments of SDK v1: tagged, put out of sight, deleted."""

import re

import pytest

from jupyter_aml.exceptions import ResourceNotFoundError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.workspace import Workspace


def begun(ws: Workspace, name: str) -> Run:
    with Experiment(ws, name).start_logging(snapshot_directory=None) as run:
        return run


def test_its_tags_are_mlflows_tags_of_it(ws: Workspace) -> None:
    import mlflow

    experiment = Experiment(ws, "churn")
    assert experiment.tags == {}
    experiment.set_tags({"owner": "me", "year": 2020})
    experiment.tag("draft")
    client = mlflow.MlflowClient(ws.get_mlflow_tracking_uri())
    shown = client.get_experiment_by_name("churn")
    assert shown is not None
    assert shown.tags == {"owner": "me", "year": "2020", "draft": ""}
    client.set_experiment_tag(shown.experiment_id, "year", "2021")
    experiment.remove_tags(["draft", "none"])
    assert experiment.tags == {"owner": "me", "year": "2021"}


def test_an_archived_one_is_out_of_sight_and_keeps_its_runs(ws: Workspace) -> None:
    run, _ = begun(ws, "old"), begun(ws, "new")
    old = Experiment(ws, "old")
    old.tag("kept", "yes")
    old.archive()
    assert old.archived_time is not None
    assert (list(ws.experiments), [one.name for one in Experiment.list(ws)]) == (["new"], ["new"])
    assert [one.name for one in Experiment.list(ws, view_type="ArchivedOnly")] == ["old"]
    assert {one.name for one in Experiment.list(ws, view_type="All")} == {"old", "new"}
    assert ([each.id for each in old.get_runs()], old.tags) == ([run.id], {"kept": "yes"})
    old.reactivate()
    assert (old.archived_time, set(ws.experiments)) == (None, {"old", "new"})


def test_the_next_run_brings_an_archived_one_back(ws: Workspace) -> None:
    begun(ws, "again")
    Experiment(ws, "again").archive()
    assert list(ws.experiments) == []
    begun(ws, "again")
    assert list(ws.experiments) == ["again"]


def test_experiments_are_chosen_by_name_and_by_tags(ws: Workspace) -> None:
    for name in ("a", "b"):
        begun(ws, name)
        Experiment(ws, name).tag("letter", name)
    assert [one.name for one in Experiment.list(ws, tags={"letter": "b"})] == ["b"]
    assert [one.name for one in Experiment.list(ws, experiment_name="a", tags="letter")] == ["a"]
    with pytest.raises(UserErrorException, match="Did you mean 'ActiveOnly'"):
        Experiment.list(ws, view_type="Active")


def test_only_an_experiment_without_runs_is_deleted(ws: Workspace) -> None:
    used, empty = begun(ws, "used").experiment, Experiment(ws, "empty")
    with pytest.raises(UserErrorException, match="'Default' is part of every workspace"):
        Experiment.delete(ws, "0")
    with pytest.raises(UserErrorException, match="'used' has runs"):
        Experiment.delete(ws, used.id)
    found = empty.id
    Experiment.delete(ws, found)
    for nobodys in (found, "99", "no id"):
        with pytest.raises(ResourceNotFoundError, match="no experiment"):
            Experiment.delete(ws, nobodys)
    assert list(ws.experiments) == ["used"]


def test_what_it_cannot_do_is_said(ws: Workspace) -> None:
    experiment = Experiment(ws, "plain")
    with pytest.raises(UnsupportedFieldError, match="new_name is not available locally"):
        experiment.reactivate(new_name="other")
    with pytest.raises(UnsupportedFieldError, match="outputs is not available locally"):
        experiment.start_logging(outputs="outputs")
    with pytest.raises(TypeError, match="Did you mean 'display_name'"):
        experiment.start_logging(displayname="x")
    with pytest.raises(TypeError, match="unexpected keyword argument 'nome'"):
        Experiment(ws, "plain", nome="x")
    assert list(ws.experiments) == []


def test_its_table_is_one_whatever_its_folder_is_called(ws: Workspace) -> None:
    shown = Experiment(ws, "shown")._repr_html_()
    tags = ["table", "tr", *["th"] * 3, "tr", *["td"] * 3, "a"]
    assert re.findall(r"<(\w+)", shown) == tags  # the folder's name has quotes in it
    assert shown.count('"') == 2
