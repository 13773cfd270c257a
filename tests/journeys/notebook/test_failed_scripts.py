"""A converted script that fails as a job, as a trial or as a step: log and error name the notebook, cell and line."""

import pytest

from jupyter_aml import Input, command
from jupyter_aml.dsl import pipeline
from jupyter_aml.entities.cell_lines import CellLines
from jupyter_aml.entities.job import Command
from jupyter_aml.store import jobs
from jupyter_aml.sweep import Uniform
from tests.journeys.engine.conftest import Site

SCRIPT = """\
import argparse


def fit(alpha):
    raise ValueError(f"alpha is {alpha:.0f}")


def main(args):
    # cell 5
    fit(args.alpha)


parser = argparse.ArgumentParser()
parser.add_argument("--alpha", type=float)
main(parser.parse_args())
"""
KNOWN = CellLines.of(
    "train.ipynb",
    "train.py",
    {1: (1, 1), 4: (3, 2), 5: (3, 3), 10: (5, 1)},
    {
        1: "import argparse",
        3: '# The model\ndef fit(alpha):\n    raise ValueError(f"alpha is {alpha:.0f}")',
        5: "fit(alpha)",
    },
    "main",
)
SENTENCE = "train.ipynb, cell 3, line 3: ValueError: alpha is 7"
BLOCK = (
    "\nIn the notebook:\n"
    '  File "train.ipynb", cell 5, line 1, in <module>\n'
    "    fit(alpha)\n"
    '  File "train.ipynb", cell 3, line 3, in fit\n'
    '    raise ValueError(f"alpha is {alpha:.0f}")\n'
    "ValueError: alpha is 7\n"
)


@pytest.fixture
def train(site: Site) -> Command:
    """The job that a converted notebook is."""
    code = site.scratch / "code"
    code.mkdir()
    (code / "train.py").write_text(SCRIPT)
    (code / KNOWN.file).write_text(KNOWN.to_json())
    return command(
        code=str(code), command="python train.py --alpha ${{inputs.alpha}}", inputs={"alpha": Input(type="number")}
    )


def log_of(site: Site, name: str) -> str:
    return (site.folder.artifacts(name) / "user_logs" / "std_log.txt").read_text()


@pytest.mark.parametrize("warmth", ["0", "1"])
def test_a_job_names_its_cell(warmth: str, site: Site, train: Command) -> None:
    drafted = train(alpha=7)
    drafted.environment_variables = {"JUPYTER_AML_WARM": warmth}
    name = site.ml.jobs.create_or_update(drafted).name or ""
    ended = site.until_finished(name)
    assert ended.status == "Failed"
    assert f" Error: {SENTENCE}\n" in ended.error
    assert log_of(site, name).endswith(BLOCK)


def test_a_trial_names_its_cell(site: Site, train: Command) -> None:
    sweep = train(alpha=Uniform(6.9, 7.1)).sweep(
        sampling_algorithm="random", primary_metric="loss", goal="minimize", max_total_trials=1
    )
    name = site.ml.create_or_update(sweep).name or ""
    ended = site.until_finished(name)
    (trial,) = jobs.children(site.database, name)
    assert log_of(site, trial.name).endswith(BLOCK)
    assert SENTENCE in site.get(trial.name).error
    assert SENTENCE in ended.error


def test_a_step_names_its_cell(site: Site, train: Command) -> None:
    @pipeline(default_compute="serverless")
    def flow(alpha: float) -> None:
        train(alpha=alpha)

    name = site.ml.jobs.create_or_update(flow(alpha=7.0)).name or ""
    ended = site.until_finished(name)
    (step,) = jobs.children(site.database, name)
    assert log_of(site, step.name).endswith(BLOCK)
    assert SENTENCE in ended.error
