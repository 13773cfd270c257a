"""What the server tells of a notebook as a job, and the job that it makes: by REST, below its root, with no kernel."""

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import MLClient
from tests.journeys.lab.conftest import LIMIT, TOKEN, App, Server
from tests.journeys.lab.test_questions import reply
from tests.journeys.notebook.test_notebook_jobs import written

CELLS = (
    "# parameters\nrate = 0.5  # speed\nsteps: int = 2\nis_fast = True\nlimit: float | None = None",
    "words = open('words.txt').read()",
    "import mlflow\nmlflow.log_metric('loss', rate * steps + len(words))\nwords",
)


@pytest.fixture(scope="module")
def app() -> App:
    return "server"


@pytest.fixture
def train(server: Server) -> Path:
    folder = server.root / "my courses"
    folder.mkdir(exist_ok=True)
    (folder / "words.txt").write_text("four")
    (folder / "more.txt").write_text("fifteen letters")
    return written(folder / "train.ipynb", *CELLS)


def told(server: Server, act: str, token: str | None = None, **body: object) -> tuple[int, Any]:
    options = {} if token is None else {"token": token}
    status, _, content = reply(server, f"jupyter-aml/notebook/{act}", body, **options)
    return status, json.loads(content) if content else None


def test_what_a_notebook_takes_and_what_its_script_leaves_out(server: Server, train: Path) -> None:
    assert train.exists()
    status, found = told(server, "interface", path="my courses/train.ipynb")
    assert status == 200
    taken = {one["name"]: (one["kind"], one["default"], one["help"], one["is_optional"]) for one in found["parameters"]}
    assert taken == {
        "rate": ("number", "0.5", "speed", False),
        "steps": ("integer", "2", "", False),
        "is_fast": ("boolean", "true", "", False),
        "limit": ("number", "", "", True),
        "words_data": ("uri_file", "words.txt", "", False),
    }
    dropped = [(one["cell"], one["line"], one["rule"]) for one in found["changes"] if not one["after"]]
    assert dropped == [(3, 3, "looking")]
    assert (found["refusal"], found["remarks"]) == ("", [])


@pytest.mark.parametrize("run_as", ["script", "notebook"])
def test_it_becomes_a_job_with_the_values_that_were_typed(
    run_as: str, server: Server, train: Path, client: MLClient
) -> None:
    assert train.exists()
    inputs = {"rate": "2", "words_data": "more.txt"}
    status, found = told(server, "submit", path="my courses/train.ipynb", run_as=run_as, inputs=inputs)
    assert (status, found["workspace"]["name"]) == (200, "default")
    done = client.jobs.wait(found["name"], LIMIT)
    assert (done.status, done.experiment_name, done.display_name) == ("Completed", "mycourses", "train")
    assert client.jobs.details(found["name"]).metrics[0].points[-1].value == 2 * 2 + len("fifteen letters")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"inputs": {"ratte": "1"}}, (400, "train.ipynb has no parameter 'ratte'.\nDid you mean 'rate'?")),
        ({"inputs": {"steps": "many"}}, (400, "--steps is a integer, and got 'many'.")),
        ({"run_as": "scrpt"}, (400, "Did you mean 'script'?")),
        ({"keep": ["plot"]}, (400, "Did you mean 'plots'?")),
        ({"compute": "nowhere"}, (404, "nowhere")),
        ({"inputs": [1]}, (400, "inputs: a mapping is wanted.")),
        ({"path": "my courses/gone.ipynb"}, (404, "There is no notebook my courses/gone.ipynb.")),
        ({"path": "../train.ipynb"}, (404, "There is no notebook ../train.ipynb.")),
        ({"path": "my courses/words.txt"}, (400, "path: a notebook is wanted.")),
        ({"path": None}, (400, "path: a notebook is wanted.")),
    ],
)
def test_a_mistake_is_told_and_nothing_is_submitted(
    body: dict[str, object], refused: tuple[int, str], client: MLClient, server: Server, train: Path
) -> None:
    (train.parents[1].parent / "train.ipynb").write_bytes(train.read_bytes())
    before = len(list(client.jobs.list()))
    status, found = told(server, "submit", **{"path": "my courses/train.ipynb", **body})
    assert status == refused[0]
    assert refused[1] in found["message"]
    assert len(list(client.jobs.list())) == before


def test_what_cannot_be_a_script_is_told_by_cell_and_line_and_can_be_executed(server: Server, train: Path) -> None:
    written(train.with_name("asks.ipynb"), "# parameters\nrate = 1", "\nname = input()")
    _, found = told(server, "interface", path="my courses/asks.ipynb")
    assert found["refusal"].startswith("asks.ipynb, cell 2, line 2:")
    assert [one["name"] for one in found["parameters"]] == ["rate"]
    status, refused = told(server, "submit", path="my courses/asks.ipynb")
    assert (status, refused["message"].startswith("asks.ipynb, cell 2, line 2:")) == (400, True)


def test_nobody_without_the_token_is_answered(server: Server, train: Path) -> None:
    assert train.exists()
    assert told(server, "interface", token="", path="my courses/train.ipynb")[0] == 403
    assert told(server, "submit", token=TOKEN[1:], path="my courses/train.ipynb")[0] == 403


def test_a_server_whose_kernels_wait_for_jobs_waits_for_none_itself(
    server: Server, client: MLClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_AML_WAIT", "1")
    own = Server(tmp_path, server.home, "server")
    own.start()
    try:
        written(own.root / "endless.ipynb", "import time\nwhile True:\n    time.sleep(1)")
        status, found = told(own, "submit", path="endless.ipynb")
    finally:
        own.kill()
    assert status == 200
    client.jobs.begin_cancel(found["name"]).wait(LIMIT)
