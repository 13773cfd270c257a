"""Several runs in JupyterLab: live from the server, beside the static table that the notebook keeps for others."""

import pytest
from playwright.sync_api import expect

from tests.journeys.lab.conftest import LIMIT, OpenNotebook
from tests.journeys.lab.jobs import SETUP

pytestmark = [pytest.mark.browser, pytest.mark.slow]
JOB = "%%aml_job --name {name} --experiment lab --input rate={rate} --wait\nprint(rate + {rate})"


def test_compared_runs_are_shown_by_the_server_and_kept_as_a_table(notebook: OpenNotebook) -> None:
    jobs = [JOB.format(name=name, rate=rate) for name, rate in (("low_rate", 0.1), ("high_rate", 0.9))]
    shown = notebook(SETUP, *jobs, "%aml_compare low_rate high_rate", name="compared.ipynb")
    shown.run_all()
    live = shown.page.get_by_role("article", name="2 runs side by side")
    expect(live.get_by_role("row", name="rate", exact=False).first).to_be_visible(timeout=LIMIT * 1000)
    expect(live.get_by_text("print(rate + 0.9)")).to_be_visible()
    shown.save()
    (output,) = shown.saved().cells[-1].outputs
    assert "2 runs side by side" in output.data["text/html"]
    assert "<script" not in output.data["text/html"]
