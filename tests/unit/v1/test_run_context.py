"""A script's run outside of a job: it goes through, says what it would log, and keeps nothing."""

from pathlib import Path

import pytest

from jupyter_aml.v1.core.exceptions import RunEnvironmentException
from jupyter_aml.v1.core.run import Run


@pytest.fixture
def run(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The run of a script that is tried out by hand, below a home of its own."""
    assert home.is_dir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("AZUREML_RUN_ID", raising=False)
    return Run.get_context()


def test_there_is_one_only_where_it_is_allowed(run: Run) -> None:
    assert run.id.startswith("OfflineRun_")
    with pytest.raises(RunEnvironmentException, match="Could not load a submitted run"):
        Run.get_context(allow_offline=False)


def test_what_is_logged_is_printed_in_azures_words(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run.log("rate", 0.1, description="of learning", step=3)
    run.log_list("all", [1, 2])
    run.log_row("row", x=1)
    run.log_table("table", {"x": [1]})
    run.log_image("image", path="a.png")
    for log in (run.log_accuracy_table, run.log_confusion_matrix, run.log_predictions, run.log_residuals):
        log(log.__name__, "{}")
    printed = capsys.readouterr().out
    assert printed.startswith("Attempted to log scalar metric rate:\n0.1\nAttempted to log list metric all:\n[1, 2]\n")
    assert printed.count("Attempted to log ") == 9
    assert "Attempted to log accuracy_table metric log_accuracy_table:" in printed


def test_files_are_named_and_not_kept(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    Path("data").mkdir()
    Path("data/a.csv").touch()
    run.upload_file("outputs/a.csv", "data/a.csv")
    run.upload_files(["b"], ["data/a.csv"])
    run.upload_folder("all", "data")
    assert capsys.readouterr().out.splitlines() == [
        "Attempted to upload data/a.csv as outputs/a.csv",
        "Attempted to upload data/a.csv as b",
        "Attempted to upload data/a.csv as all/a.csv",
    ]
    assert (run.get_file_names(), run.get_metrics(), run.get_all_logs()) == ([], {}, [])


def test_it_keeps_its_words_about_itself_as_long_as_it_lives(run: Run) -> None:
    run.display_name, run.description = "tried out", "by hand"
    run.tag("a", 1)
    run.set_tags({"b": None})
    run.remove_tags(["a", "none"])
    run.add_properties({"p": 2})
    assert (run.name, run.description, run.tags, run.properties) == ("tried out", "by hand", {"b": ""}, {"p": "2"})


def test_it_has_children_and_comes_to_no_end(run: Run) -> None:
    with run.child_run("fold") as child:
        child.log("score", 1)
    assert [one.get_tags() for one in run.create_children(tag_key="k", tag_values=["1", "2"])] == [
        {"k": "1"},
        {"k": "2"},
    ]
    run.complete()
    run.fail("no")
    run.cancel()
    assert run.wait_for_completion()["status"] == run.get_status() == "Running"
    assert (child.name, run.parent, list(run.get_children()), run.type) == ("fold", None, [], None)


def test_what_only_a_kept_run_can_tell_is_an_error_that_says_so(run: Run) -> None:
    Path("m").touch()
    for ask in (
        lambda: run.register_model("m", "m"),
        lambda: run.download_file("m"),
        run.get_snapshot_id,
        run.get_environment,
        lambda: run.number,
    ):
        with pytest.raises(RunEnvironmentException, match=r"is an offline run(.|\n)*Submit the script"):
            ask()


def test_it_shows_itself_as_text(run: Run) -> None:
    assert (repr(run), run._repr_html_()) == (f"OfflineRun({run.id})", None)
