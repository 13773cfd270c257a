"""Registered models of SDK v1: found, described, and what is not kept with one is refused by its name."""

from pathlib import Path

import pytest

from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core.exceptions import WebserviceException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.model import Model
from jupyter_aml.v1.core.workspace import Workspace


@pytest.fixture
def ws(ws: Workspace) -> Workspace:
    Path("m.pkl").write_text("a model")
    return ws


def test_a_model_is_found_by_what_is_known_of_it(ws: Workspace) -> None:
    first = Model.register(ws, "m.pkl", "m", tags={"area": "a"}, model_framework=Model.Framework.SCIKITLEARN)
    Model.register(ws, "m.pkl", "m", tags={"area": "b"}, properties={"auc": 0.5})
    assert (Model(ws, "m").version, Model(ws, id="m:1").version, Model(ws, "m", version=1).id) == (2, 1, "m:1")
    assert [one.version for one in Model.list(ws, tags=[["area", "b"]])] == [2]
    assert [one.version for one in Model.list(ws, model_framework="ScikitLearn", expand=False, page_count=1)] == [1]
    assert Model(ws, "m", model_framework="ScikitLearn").version == first.version
    assert [one.version for one in Model.list(ws, latest=True)] == [2]
    for nobodys in ({"name": "m", "version": 3}, {"id": "m:9"}, {"name": "m", "tags": ["none"]}, {"name": "none"}):
        with pytest.raises(WebserviceException, match="ModelNotFound"):
            Model(ws, **nobodys)  # pyright: ignore[reportArgumentType] - of several kinds


def test_what_is_said_of_it_changes_but_its_properties_do_not(ws: Workspace) -> None:
    model = Model.register(ws, "m.pkl", "m", tags={"a": 1}, properties={"p": 1})
    model.add_tags({"b": 2})
    model.remove_tags(["a"])
    model.update(description="what it is")
    with pytest.raises(UserErrorException, match=r"properties\.p: it is '1' and never changes"):
        model.add_properties({"p": 2})
    model.add_properties({"q": 2})
    kept = Model(ws, "m")
    assert (kept.tags, kept.properties, kept.description) == ({"b": "2"}, {"p": "1", "q": "2"}, "what it is")
    assert kept.serialize()["tags"] == {"b": "2"}


def test_what_is_not_kept_with_a_model_is_refused_before_anything_is_kept(ws: Workspace) -> None:
    run = Experiment(ws, "e").start_logging(snapshot_directory=None)
    run.upload_file("m.pkl", "m.pkl")
    for given in ("datasets", "sample_input_dataset", "sample_output_dataset", "resource_configuration"):
        for call in (
            lambda said: Model.register(ws, "m.pkl", "m", **said),
            lambda said: run.register_model("m", "m.pkl", **said),
        ):
            with pytest.raises(UnsupportedFieldError, match=f"{given} is not available locally"):
                call({given: [("training", object())]})
    with pytest.raises(UnsupportedFieldError, match="child_paths is not available locally"):
        Model.register(ws, "m.pkl", "m", child_paths=["a"])
    with pytest.raises(UnsupportedFieldError, match="dataset_id is not available locally"):
        Model.list(ws, dataset_id="x")
    with pytest.raises(TypeError, match="model_frame"):
        Model.register(ws, "m.pkl", "m", model_frame="x")  # pyright: ignore[reportCallIssue] - wrong on purpose
    run.complete()
    assert Model.list(ws) == []
    model = Model.register(ws, "m.pkl", "m")
    with pytest.raises(UnsupportedFieldError, match="resource_configuration is not available locally"):
        model.update(resource_configuration=object())


@pytest.mark.parametrize("call", [Model.deploy, Model.package, Model.profile])
def test_web_services_are_not_here_and_say_so(ws: Workspace, call: type) -> None:
    with pytest.raises(NotAvailableError, match="web services are not available locally"):
        call(ws, "service", [], inference_config=None, overwrite=True)
    assert ws.webservices == {}
