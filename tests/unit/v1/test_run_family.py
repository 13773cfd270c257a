"""A run's children, its code, and how it tells its end."""

import json
from pathlib import Path

import pytest

from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core import Run, ScriptRunConfig, Workspace
from jupyter_aml.v1.core.compute import ComputeTarget
from jupyter_aml.v1.core.exceptions import ActivityFailedException
from jupyter_aml.v1.core.experiment import Experiment


def begun(ws: Workspace) -> Run:
    return Experiment(ws, "family").start_logging(snapshot_directory=None)


def submitted(ws: Workspace, text: str, *, below: Run | None = None) -> Run:
    Path("src").mkdir(exist_ok=True)
    Path("src/main.py").write_text(text)
    config = ScriptRunConfig("src", "main.py")
    return below.submit_child(config, tags={"by": "parent"}) if below else Experiment(ws, "family").submit(config)


def test_children_are_made_by_number_or_one_for_each_value_of_a_tag(ws: Workspace) -> None:
    with begun(ws) as run:
        plain = run.create_children(count=2)
        tagged = run.create_children(tag_key="fold", tag_values=["1", "2", "3"])
        for child in (*plain, *tagged):
            child.complete()
    assert [child.tags for child in tagged] == [{"fold": "1"}, {"fold": "2"}, {"fold": "3"}]
    assert {child.id for child in run.get_children()} == {child.id for child in (*plain, *tagged)}
    assert [child.id for child in run.get_children(tags={"fold": "2"})] == [tagged[1].id]
    assert len(list(run.get_children(tags="fold", status="Completed"))) == 3


def test_which_children_is_said_in_one_way(ws: Workspace) -> None:
    with begun(ws) as run:
        for wrong in (
            {},
            {"count": 1, "tag_key": "a"},
            {"count": 1, "tag_key": "a", "tag_values": ["b"]},
            {"tag_key": "a"},
            {"tag_values": ["b"]},
        ):
            with pytest.raises(UserErrorException, match="either count, or tag_key and tag_values"):
                run.create_children(**wrong)  # pyright: ignore[reportArgumentType] - wrong on purpose
        for count in (-1, 0):
            with pytest.raises(UserErrorException, match="count: "):
                run.create_children(count=count)
        with pytest.raises(UnsupportedFieldError, match="outputs is not available locally"):
            run.child_run(outputs="outputs")
    assert list(run.get_children()) == []


def test_a_script_is_submitted_below_a_run(ws: Workspace) -> None:
    with begun(ws) as run:
        child = submitted(ws, "print('hello')", below=run)
        child.wait_for_completion()
        with pytest.raises(NotAvailableError, match="sweeps and pipelines below a run"):
            run.submit_child(object())  # pyright: ignore[reportArgumentType] - wrong on purpose
    assert [(one.id, one.type, one.tags) for one in run.get_children()] == [
        (child.id, "azureml.scriptrun", {"by": "parent"})
    ]
    assert child.parent is not None
    assert child.parent.id == run.id


def test_a_failed_run_is_azures_error_unless_it_is_not_to_be_raised(ws: Workspace) -> None:
    run = submitted(ws, "raise SystemExit('no <b>data</b>')")
    with pytest.raises(ActivityFailedException, match=r"Activity Failed:\n\{") as told:
        run.wait_for_completion()
    said = json.loads(str(told.value).partition("\n")[2])
    assert said["error"]["code"] == "UserError"
    details = run.wait_for_completion(raise_on_error=False, wait_post_processing=True)
    assert (details["status"], details["error"]) == ("Failed", said)
    assert run.get_detailed_status()["status"] == "Failed"
    assert "<b>" not in str(run._repr_html_())


def test_a_run_that_is_not_to_be_ended_goes_on(ws: Workspace) -> None:
    run = begun(ws)
    run.complete(_set_status=False)
    run.fail("no", _set_status=False)
    assert run.get_status() == "Running"
    run.complete()
    run.fail("too late")
    run.cancel()
    assert (run.get_status(), "error" in run.get_details()) == ("Completed", False)


def test_runs_are_found_by_where_they_ran(ws: Workspace) -> None:
    run = submitted(ws, "print()")
    run.wait_for_completion()
    begun(ws).complete()
    target = ComputeTarget(ws, run.get_details()["target"])
    assert [one.id for one in Run.list_by_compute(target)] == [run.id]
    assert list(Run.list_by_compute(target, status="Failed")) == []


def test_code_is_frozen_once(ws: Workspace) -> None:
    Path("code").mkdir()
    Path("code/a.py").write_text("1")
    commit = Path("code/.git/HEAD")
    commit.parent.mkdir()
    commit.write_text("1" * 40)
    with begun(ws) as run:
        taken = run.take_snapshot("code")
        commit.write_text("2" * 40)  # the code is the same
        assert run.get_snapshot_id() == run.take_snapshot("code") == taken
        Path("code/a.py").write_text("2")
        with pytest.raises(UserErrorException, match="has its code already"):
            run.take_snapshot("code")
        with pytest.raises(UserErrorException, match="is no folder"):
            run.take_snapshot("code/a.py")
    assert Path(run.restore_snapshot(path="back")).is_file()


def test_what_a_run_has_nothing_to_do_for(ws: Workspace) -> None:
    with begun(ws) as run:
        run.start()
        run.flush()
        assert run.clean() == []
    with pytest.raises(NotAvailableError, match="kinds of runs of one's own"):
        Run.add_type_provider("x", object())
