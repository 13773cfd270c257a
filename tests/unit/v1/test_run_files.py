"""The files of a run, as whoever means ill would ask for them: nothing leaves its folder, nothing comes by half."""

import json
from pathlib import Path

import pytest

from jupyter_aml.exceptions import (
    AssetPathException,
    ResourceExistsError,
    ResourceNotFoundError,
    UnsupportedFieldError,
    UserErrorException,
)
from jupyter_aml.v1.core.exceptions import WebserviceException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.model import Model
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.workspace import Workspace


@pytest.fixture
def ws(ws: Workspace) -> Workspace:
    Path("a.txt").write_text("a")
    Path("b.txt").write_text("b")
    return ws


@pytest.fixture
def run(ws: Workspace) -> Run:
    with Experiment(ws, "files").start_logging(snapshot_directory=None) as begun:
        begun.upload_file("outputs/a.txt", "a.txt")
    return begun


def folder_of(run: Run) -> Path:
    return run.experiment.workspace.client.workspace.folder.artifacts(run.id)


def test_nothing_is_uploaded_out_of_the_runs_folder(run: Run) -> None:
    before = set(folder_of(run).parent.rglob("*"))
    for name in ("../b", "outputs/../../b", "/etc/b", "..", ".", "", "a\0b"):
        with pytest.raises(AssetPathException, match="leads out of the run's files"):
            run.upload_file(name, "b.txt")
    assert set(folder_of(run).parent.rglob("*")) == before


def test_nothing_is_uploaded_through_a_link_that_leads_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder_of(run) / "outputs/link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AssetPathException, match="leads out of the run's files"):
        run.upload_file("outputs/link/b.txt", "b.txt")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_is_downloaded_from_beyond_the_run(run: Run) -> None:
    for name in ("../a.txt", "/etc/passwd", "outputs/../../x", "outputs", ""):
        with pytest.raises((AssetPathException, ResourceNotFoundError)):
            run.download_file(name, "got")
    assert not Path("got").exists()


def test_a_link_that_leads_out_is_not_followed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hidden")
    (folder_of(run) / "user_logs").mkdir()
    (folder_of(run) / "user_logs/std_log.txt").symlink_to(tmp_path / "secret")
    for ask in (
        lambda: run.download_file("user_logs/std_log.txt"),
        lambda: run.download_files(prefix="user_logs"),
        run.get_all_logs,
        run.get_details_with_logs,
    ):
        with pytest.raises(AssetPathException, match="leads out"):
            ask()
    assert not Path("std_log.txt").exists()


def test_several_files_are_kept_all_or_none(run: Run) -> None:
    kept = run.get_file_names()
    for names, paths, error in (
        (["new/1", "new/2"], ["a.txt", "none.txt"], AssetPathException),
        (["new/1", "outputs/a.txt"], ["a.txt", "b.txt"], ResourceExistsError),
        (["new/1", "../2"], ["a.txt", "b.txt"], AssetPathException),
        (["new/1", "./new/1"], ["a.txt", "b.txt"], ResourceExistsError),
    ):
        with pytest.raises(error):
            run.upload_files(names, paths)
    assert run.get_file_names() == kept


def test_a_folder_is_kept_all_or_nothing(run: Run) -> None:
    Path("more/deep").mkdir(parents=True)
    Path("more/a.txt").write_text("another")
    Path("more/0.txt").write_text("first")
    with pytest.raises(ResourceExistsError):
        run.upload_folder("outputs", "more")
    assert run.get_file_names() == ["outputs/a.txt"]
    Path("more/deep/c.txt").write_text("c")
    run.upload_folder("./copies", "more")
    assert run.get_file_names() == ["copies/0.txt", "copies/a.txt", "copies/deep/c.txt", "outputs/a.txt"]
    with pytest.raises(UserErrorException, match="'none' is no folder"):
        run.upload_folder("x", "none")


def test_the_file_of_what_was_logged_is_the_runs_own(run: Run) -> None:
    for name in ("azureml-metrics/metrics.jsonl", "x/../azureml-metrics/metrics.jsonl"):
        with pytest.raises(ResourceExistsError):
            run.upload_file(name, "a.txt")
    assert run.get_metrics() == {}


def test_files_are_downloaded_under_their_names_or_without_their_prefix(run: Run) -> None:
    run.download_files(prefix="outputs/", output_directory="got", append_prefix=False)
    run.download_files(output_paths=["else/where.txt"])
    run.download_file("./outputs/a.txt", "into/")
    found = sorted(str(path) for folder in ("got", "else", "into") for path in Path(folder).rglob("*.txt"))
    assert found == ["else/where.txt", "got/a.txt", "into/a.txt"]
    with pytest.raises(UserErrorException, match="2 output_paths for 1 files"):
        run.download_files(output_paths=["a", "b"])


def test_where_files_go_is_not_for_a_datastore_to_say(run: Run) -> None:
    for ask in (
        lambda: run.upload_file("x", "a.txt", datastore_name="other"),
        lambda: run.upload_files(["x"], ["a.txt"], datastore_name="other"),
        lambda: run.upload_folder("x", ".", datastore_name="other"),
    ):
        with pytest.raises(UnsupportedFieldError, match="datastore_name is not available locally"):
            ask()


def test_only_a_snapshot_is_restored(run: Run) -> None:
    for wanted in (None, "../../x", "none", "0" * 40, "/etc/passwd"):
        with pytest.raises(UserErrorException, match="no snapshot"):
            run.restore_snapshot(wanted, "got")
    assert not Path("got").exists()


def test_a_model_has_a_models_name(ws: Workspace) -> None:
    for name in ("../x", "/etc/passwd", "a/b", ".."):
        with pytest.raises(WebserviceException, match="ModelNotFound"):
            Model(ws, name)
        with pytest.raises(WebserviceException, match="ModelNotFound"):
            Model.get_model_path(name, _workspace=ws)


def test_a_model_is_not_written_over_what_lies_there(run: Run, ws: Workspace) -> None:
    model = run.register_model("kept", "outputs/a.txt")
    Path("got").mkdir()
    Path("got/a.txt").write_text("mine")
    with pytest.raises(WebserviceException, match="already"):
        model.download("got")
    assert Path("got/a.txt").read_text() == "mine"
    assert Path(model.download("got", exist_ok=True)).read_text() == "a"


def test_a_download_does_not_write_through_a_link_that_lies_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    Path("a.link").symlink_to(tmp_path / "mine")
    run.download_file("outputs/a.txt", "a.link")
    assert ((tmp_path / "mine").read_text(), Path("a.link").read_text()) == ("mine", "a")


def test_the_document_of_a_chart_comes_when_it_is_asked_for(ws: Workspace) -> None:
    made = {"schema_type": "residuals", "schema_version": "1.0.0", "data": {"bin_edges": [0, 1]}}
    with Experiment(ws, "charts").start_logging(snapshot_directory=None) as run:
        run.log_residuals("left", json.dumps(made))
    assert run.get_metrics() == {"left": f"aml://artifactId/ExperimentRun/dcid.{run.id}/left"}
    assert run.get_metrics(populate=True) == {"left": made}
