"""What the server extension answers: by REST, with a token, to nobody else; from the store, with no kernel."""

import json
import struct
import time
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from jupyter_aml import MLClient, command
from jupyter_aml.entities.job import Job
from tests.journeys.lab.conftest import LIMIT, TOKEN, App, Server

Ask = Callable[..., Any]
WORKSPACE = {"subscription_id": "00000000-0000-0000-0000-000000000000", "resource_group": "local", "name": "default"}


@pytest.fixture(scope="module")
def app() -> App:
    return "server"


def reply(server: Server, path: str, body: object = None, token: str = TOKEN) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of an answer."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"token {token}"} if token else {}
    try:
        with urlopen(Request(f"{server.base}/{path}", data=data, headers=headers), timeout=LIMIT) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except HTTPError as error:
        return error.code, dict(error.headers), error.read()


@pytest.fixture
def ask(server: Server) -> Ask:
    def asked(question: str, workspace: object = WORKSPACE, view: str = "", **args: object) -> Any:
        status, headers, content = reply(
            server, f"jupyter-aml/ask/{question}", {"workspace": workspace, "view": view, "args": args}
        )
        if headers["Content-Type"].startswith("application/octet-stream"):
            return status, unpacked(content)
        return status, json.loads(content)

    return asked


def unpacked(content: bytes) -> tuple[dict[str, Any], list[bytes]]:
    (size,) = struct.unpack_from("<I", content)
    head = json.loads(content[4 : 4 + size])
    buffers, at = list[bytes](), 4 + size
    for length in head["lengths"]:
        buffers.append(content[at : at + length])
        at += length
    return head["header"], buffers


def ended(client: MLClient, line: str, **settings: Any) -> Job:
    job = client.jobs.create_or_update(command(command=line, **settings))
    return client.jobs.wait(str(job.name), LIMIT)


def file_at(**asked: str) -> str:
    return address("file", **asked)


def address(page: str, **asked: str) -> str:
    where = {
        "subscription_id": WORKSPACE["subscription_id"],
        "resource_group": WORKSPACE["resource_group"],
        "workspace": WORKSPACE["name"],
    }
    return f"jupyter-aml/{page}?{urlencode({**where, **asked})}"


def test_a_run_is_told_from_its_beginning_and_then_what_is_new(ask: Ask, client: MLClient) -> None:
    job = ended(client, "echo hello")
    status, first = ask("changes", run=job.name, cursor={})
    assert status == 200
    assert (first["details"]["identity"]["status"], first["is_final"]) == ("Completed", True)
    assert "hello" in first["log"]["text"]
    status, second = ask("changes", run=job.name, cursor=first["cursor"])
    assert (status, second["details"], second["log"], second["series"]) == (200, None, None, [])


def test_a_question_for_what_is_new_waits_until_something_is(ask: Ask, client: MLClient, tmp_path: Path) -> None:
    flag = tmp_path / "go on"
    job = client.jobs.create_or_update(command(command=f"until [ -e '{flag}' ]; do sleep 0.02; done; echo late"))
    cursor = ask("changes", run=job.name, cursor={})[1]["cursor"]
    deadline = time.monotonic() + LIMIT
    while (news := ask("changes", run=job.name, cursor=cursor, patience=0.5)[1])["cursor"] != cursor:
        cursor = news["cursor"]  # until it runs and is quiet
        assert time.monotonic() < deadline
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(ask, "changes", run=job.name, cursor=cursor, patience=30)
        flag.touch()
        said = waiting.result(LIMIT)[1]
    assert said["cursor"] != cursor, "an answer without news"
    client.jobs.wait(str(job.name), LIMIT)
    rest = ask("changes", run=job.name, cursor=said["cursor"])[1]
    assert "late" in "".join(one["log"]["text"] for one in (said, rest) if one["log"])


def test_points_of_a_metric_come_as_columns_of_numbers(ask: Ask, client: MLClient) -> None:
    job = ended(client, "echo done")
    import mlflow

    mlflow.set_tracking_uri(client.workspace.tracking_uri)
    for step in range(5):
        mlflow.MlflowClient().log_metric(str(job.name), "loss", 1 / (step + 1), step=step)
    curves = [{"key": "loss", "x": "step", "pixels": 100}, {"key": "nothing"}]
    status, ((loss, nothing), buffers) = ask("series", run=job.name, curves=curves)
    assert (status, loss["count"], nothing["count"]) == (200, 5, 0)
    x, y = (array("d", buffers[loss[name]["$buffer"]]) for name in ("x", "y"))
    assert (list(x), list(y)) == ([0, 1, 2, 3, 4], [1, 1 / 2, 1 / 3, 1 / 4, 1 / 5])


def test_a_run_is_cancelled_and_run_again_without_a_kernel(ask: Ask, client: MLClient) -> None:
    job = client.jobs.create_or_update(command(command="sleep 600"))
    assert ask("cancel", run=job.name)[0] == 200
    assert client.jobs.wait(str(job.name), LIMIT).status == "Canceled"
    short = ended(client, "echo again")
    status, new = ask("resubmit", run=short.name)
    assert status == 200
    assert new["run"] != short.name
    assert client.jobs.wait(new["run"], LIMIT).status == "Completed"


@pytest.mark.parametrize(
    ("question", "args", "refused"),
    [
        ("changes", {"run": "nobody", "cursor": {}}, (404, "nobody")),
        ("chnages", {}, (400, "changes")),
        ("__init__", {}, (400, "__init__")),
        ("series", {"run": "x"}, (400, "'curves' is missing")),
        ("series", {"run": "x", "curves": [{"key": "k"}, {"key": "k", "pixel": 3}]}, (400, "pixels")),
        ("series", {"run": "x", "curves": [{"key": "k", "pixels": "many"}]}, (400, "curves[0].pixels: int is wanted")),
        ("series", {"run": "x", "curves": [{"key": "k", "x": "sideways"}]}, (400, "'relative'")),
        ("changes", {"run": "x", "cursor": {"nothing": 1}}, (400, "nothing")),
        ("changes", {"run": "x", "cursor": 3}, (400, "mapping")),
        ("cancel", {"run": "nobody"}, (404, "nobody")),
    ],
)  # fmt: skip
def test_what_nobody_may_ask_is_refused_in_words(
    ask: Ask, client: MLClient, question: str, args: dict[str, object], refused: tuple[int, str]
) -> None:
    ended(client, "true")
    status, answer = ask(question, **args)
    assert (status, refused[1] in answer["message"]) == (refused[0], True), answer


def test_a_workspace_that_is_not_there_is_not_made(ask: Ask, home: Path) -> None:
    status, answer = ask("changes", workspace={**WORKSPACE, "name": "elsewhere"}, run="x", cursor={})
    assert (status, "elsewhere" in answer["message"]) == (404, True)
    assert list(home.rglob("elsewhere")) == []
    assert ask("changes", workspace={**WORKSPACE, "name": "../../etc"}, run="x", cursor={})[0] == 404
    assert ask("changes", workspace="default", run="x", cursor={})[0] == 400


def test_nobody_without_the_token_is_answered(server: Server, client: MLClient) -> None:
    job = ended(client, "echo secret")
    body = {"workspace": WORKSPACE, "args": {"run": job.name, "cursor": {}}}
    for path, sent in (
        ("jupyter-aml/ask/changes", body),
        (file_at(run=str(job.name), area="outputs", file="user_logs/std_log.txt"), None),
        (f"jupyter-aml/run?run={job.name}", None),
        ("jupyter-aml/static/run.js", None),
    ):
        status, _, content = reply(server, path, sent, token="")
        assert b"secret" not in content
        assert status == 403 or b"Password or token" in content, path


def test_a_file_is_a_download_and_never_a_page(server: Server, client: MLClient) -> None:
    job = ended(client, "mkdir -p outputs && printf '<script>1</script>' > 'outputs/a b.html'")
    status, headers, content = reply(server, file_at(run=str(job.name), area="outputs", file="outputs/a b.html"))
    assert (status, content) == (200, b"<script>1</script>")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''a%20b.html"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["../../workspace.db", "/etc/passwd", "outputs/../../../x", "outputs/link", "no.txt"])
def test_no_path_leads_out_of_a_run(server: Server, client: MLClient, name: str) -> None:
    job = ended(client, "mkdir -p outputs && ln -s /etc/passwd outputs/link")
    assert reply(server, file_at(run=str(job.name), area="outputs", file=name))[0] == 404


def test_a_page_of_a_run_holds_hostile_names_as_text(server: Server, client: MLClient) -> None:
    ended(client, "true")
    where = {"subscription_id": "s", "resource_group": "</script><script>1</script>", "workspace": "w"}
    query = urlencode({"run": "</script><script>alert(1)</script>", **where})
    status, _, content = reply(server, f"jupyter-aml/run?{query}")
    assert status == 200
    assert content.count(b"<script") == 2
    assert reply(server, "jupyter-aml/run?run=x")[0] == 400


def test_a_page_of_a_run_holds_the_first_answer_as_text(server: Server, client: MLClient) -> None:
    mark = "</script><script>alert(1)</script>"
    job = ended(client, "true", display_name=mark)
    status, headers, content = reply(server, address("run", run=str(job.name)))
    assert (status, headers["Cache-Control"], content.count(b"<script")) == (200, "no-store", 2)
    asked = json.loads(content.partition(b'id="asked">')[2].partition(b"</script>")[0])
    assert asked["first"]["changes"]["details"]["identity"]["display_name"] == mark
    assert asked["first"]["changes"]["is_final"]
    module = content.partition(b'modulepreload" href="/')[2].partition(b'"')[0].decode()
    status, headers, _ = reply(server, module)
    assert (status, "max-age=" in headers["Cache-Control"]) == (200, True), "a browser cannot keep the view"


def test_a_page_of_no_run_is_whole_and_leaves_it_to_its_view_to_say_so(server: Server, client: MLClient) -> None:
    ended(client, "true")
    status, _, content = reply(server, address("run", run="nobody"))
    asked = json.loads(content.partition(b'id="asked">')[2].partition(b"</script>")[0])
    assert (status, asked["first"], content.rstrip().endswith(b"</html>")) == (200, {}, True)


def test_who_looks_leaves_a_mark_for_the_kernel(ask: Ask, client: MLClient) -> None:
    job = client.jobs.create_or_update(command(command="sleep 600"))
    assert client.jobs.last_look("aml123") is None
    cursor = ask("changes", run=job.name, cursor={}, view="aml123", patience=0)[1]["cursor"]
    deadline = time.monotonic() + LIMIT
    while client.jobs.last_look("aml123") is None:
        cursor = ask("changes", run=job.name, cursor=cursor, view="aml123", patience=1)[1]["cursor"]
        assert time.monotonic() < deadline
    assert time.time() - (client.jobs.last_look("aml123") or 0) < 60
    client.jobs.begin_cancel(str(job.name)).result()
