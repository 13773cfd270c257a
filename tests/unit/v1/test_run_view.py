"""SDK v1's `RunDetails(run).show()`: of a run that was kept, in this front end's own way."""

from pathlib import Path

import pytest

from jupyter_aml import MLClient
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.core.experiment import Experiment
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.core.workspace import Workspace
from jupyter_aml.v1.widgets import RunDetails


def test_only_a_run_that_is_kept_has_a_view(home: Path) -> None:
    assert home.is_dir()
    for nothing in ("a name", None, Run.get_context()):
        with pytest.raises(UserErrorException, match=r"is no run|offline run"):
            RunDetails(nothing)  # pyright: ignore[reportArgumentType] - wrong on purpose


def test_a_view_is_shown_whatever_else_is_asked_of_it(ml_client: MLClient, capsys: pytest.CaptureFixture[str]) -> None:
    with Experiment(Workspace.of(ml_client), "seen").start_logging(snapshot_directory=None) as run:
        run.log("loss", 0.5)
    RunDetails(run).show(render_lib="x", widget_settings={"debug": True})
    assert run.id in capsys.readouterr().out
