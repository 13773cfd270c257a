"""Jobs over real blob storage, by key and by SAS: read in every mode, written, canceled, refused."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from jupyter_aml import Input, MLClient, Output, command
from jupyter_aml.entities import Data
from tests.journeys.data.conftest import Ran, Run, Store, make_store, register
from tests.oracles.azurite import ACCOUNT, Azurite

BLOB = "azureml://datastores/blob/paths"
READ = (
    "cat ${{inputs.mounted}} ${{inputs.folder}}/deep/é.csv; "
    "echo no > ${{inputs.mounted}}; touch ${{inputs.folder}}/no; "
    "echo mine >> ${{inputs.copied}}; cat ${{inputs.copied}}; echo ${{inputs.direct}}"
)


def _file(mode: str, path: str = "d/f.csv") -> Input:
    return Input(type="uri_file", path=f"{BLOB}/{path}", mode=mode)


def test_a_job_reads_blobs_in_every_mode(store: Store, run: Run, ml_client: MLClient) -> None:
    store.put(**{"d/f.csv": "1,2\n", "d/deep/é.csv": "3\n", "dx": "another"})
    inputs = {"mounted": _file("ro_mount"), "copied": _file("download"), "direct": _file("direct")}
    ran = run(READ, **inputs, folder=Input(path=f"{BLOB}/d"))
    lines = ran.log.splitlines()
    assert lines[:2] == ["1,2", "3"]
    assert ran.log.count("Read-only file system") == 2
    ws = ml_client.workspace.id
    long = f"subscriptions/{ws.subscription_id}/resourcegroups/{ws.resource_group}/workspaces/{ws.name}"
    assert lines[-3:] == ["1,2", "mine", f"azureml://{long}/datastores/blob/paths/d/f.csv"]
    assert "bringing f.csv: 100%" in ran.transfers
    assert store.content() == {"d/f.csv": "1,2\n", "d/deep/é.csv": "3\n", "dx": "another"}


def test_a_second_job_brings_only_what_changed(by_key: Store, run: Run) -> None:
    by_key.put(**{"d/a": "1", "d/b": "2"})
    show = "cat ${{inputs.x}}/a ${{inputs.x}}/b"
    first, again = (run(show, x=Input(path=f"{BLOB}/d")) for _ in range(2))
    assert "bringing" in first.transfers
    assert "bringing" not in again.transfers
    by_key.put(**{"d/b": "3"})
    changed = run(show, x=Input(path=f"{BLOB}/d"))
    assert "bringing d: 100%, 0.00 of 0.00 MB, 1 files" in changed.transfers
    assert [ran.log for ran in (first, again, changed)] == ["12", "12", "13"]


def test_what_a_job_writes_goes_to_its_container(store: Store, run: Run) -> None:
    ran = run(
        "mkdir ${{outputs.o}}/sub; echo 1 > ${{outputs.o}}/a; echo 2 > ${{outputs.o}}/sub/é; echo 3 > ${{outputs.f}}; "
        "echo ${{outputs.d}}",
        o=Output(path=f"{BLOB}/out/${{{{name}}}}/${{{{output_name}}}}"),
        f=Output(type="uri_file", path=f"{BLOB}/model.txt", mode="upload"),
        d=Output(type="mltable", path=f"{BLOB}/table", mode="direct"),
    )
    assert ran.job.status == "Completed", ran.job.error
    root = f"out/{ran.job.name}/o"
    assert store.content() == {f"{root}/a": "1\n", f"{root}/sub/é": "2\n", "model.txt": "3\n"}
    assert ran.log.startswith("azureml://subscriptions/")
    assert "sending" in ran.transfers


def test_a_failed_job_leaves_what_it_wrote(by_key: Store, run: Run) -> None:
    ran = run("echo half > ${{outputs.o}}/x; exit 3", o=Output(path=f"{BLOB}/out"))
    assert (ran.job.status, ran.job.exit_code) == ("Failed", 3)
    assert by_key.content() == {"out/x": "half\n"}


def test_the_next_job_and_a_person_read_an_output_there(
    by_key: Store, run: Run, ml_client: MLClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = run("echo 1 > ${{outputs.o}}/a", o=Output(path=f"{BLOB}/out", name="made"))
    second = run(
        "cat ${{inputs.x}}", x=Input(type="uri_file", path=f"azureml://jobs/{first.job.name}/outputs/o/paths/a")
    )
    named = run("cat ${{inputs.x}}/a", x=Input(path="azureml:made@latest"))
    assert [second.log, named.log] == ["1\n", "1\n"]
    target = tmp_path_factory.mktemp("got")
    ml_client.jobs.download(str(first.job.name), download_path=target, output_name="o")
    assert (target / "named-outputs" / "o" / "a").read_text() == "1\n"


def test_an_asset_and_a_blob_address_are_read_with_the_datastores_credentials(
    by_key: Store, run: Run, ml_client: MLClient
) -> None:
    asset = ml_client.data.create_or_update(Data(name="x", path="data", type="uri_folder", datastore="blob"))
    assert "/datastores/blob/paths/LocalUpload/" in str(asset.path)
    by_key.put(**{"f.csv": "7"})
    inputs = {
        "asset": Input(path="azureml:x@latest"),
        "arm": Input(path=f"azureml:{asset.id}"),
        "local": Input(type="uri_file", path="data/d.csv", datastore="blob"),
        "at": Input(type="uri_file", path=f"wasbs://{by_key.name}@{ACCOUNT}.blob.core.windows.net/f.csv"),
        "below": Input(type="uri_file", path=f"wasbs://{ACCOUNT}.blob.core.windows.net/{by_key.name}/f.csv"),
    }
    ran = run(
        "cat ${{inputs.asset}}/d.csv ${{inputs.arm}}/d.csv ${{inputs.local}} ${{inputs.at}} ${{inputs.below}}", **inputs
    )
    assert ran.log == "a,b\n1,2\n" * 3 + "77", ran.job.error


def test_nothing_there_is_said_with_where_it_was_looked_for(by_key: Store, run: Run) -> None:
    ran = run("cat ${{inputs.x}}", x=_file("ro_mount", "no/such.csv"))
    assert ran.job.status == "Failed"
    assert "Input 'x': There is nothing at 'azureml://" in str(ran.job.error)
    assert f"{by_key.name}/no/such.csv" in str(ran.job.error)


def _refused(ran: Ran, what: str) -> None:
    error = str(ran.job.error)
    assert ran.job.status == "Failed"
    assert f"{what}: Datastore 'blob'" in error
    assert "the storage refused the credentials (403" in error
    assert "Traceback" not in error + ran.transfers


def test_a_wrong_key_is_one_clear_line(azurite: Azurite, ml_client: MLClient, run: Run) -> None:
    make_store(azurite, ml_client, "wrong")
    _refused(run("cat ${{inputs.x}}", x=_file("ro_mount")), "Input 'x'")


def test_an_output_that_cannot_be_sent_is_kept_and_the_job_has_failed(
    azurite: Azurite, ml_client: MLClient, run: Run
) -> None:
    make_store(azurite, ml_client, "wrong")
    ran = run("echo 1 > ${{outputs.o}}/kept", o=Output(path=f"{BLOB}/out"))
    _refused(ran, "Output 'o'")
    kept = ml_client.workspace.folder.jobs / str(ran.job.name) / "1" / "outputs" / "o" / "kept"
    assert str(kept.parents[1]) in str(ran.job.error)
    assert kept.read_text() == "1\n"


def test_a_cancel_ends_a_job_that_is_still_fetching(by_key: Store, ml_client: MLClient) -> None:
    for number in range(3):
        by_key.container.upload_blob(f"d/{number}", b"x" * (8 << 20))
    with held_after(1 << 20, by_key.server.endpoint) as (endpoint, held):
        register(Azurite(endpoint), ml_client, by_key.name, by_key.secret)
        job = ml_client.jobs.create_or_update(command(command="true", inputs={"x": Input(path=f"{BLOB}/d")}))
        log = ml_client.workspace.folder.artifacts(str(job.name)) / "system_logs/data_capability/data-capability.log"
        assert held.wait(120), ml_client.facts.story(str(job.name))
        assert "looking at" in log.read_text()
        assert ml_client.jobs.get(str(job.name)).status not in {"Running", "Completed"}
        assert ml_client.jobs.begin_cancel(str(job.name)).result(120).status == "Canceled"
        assert "is at" not in log.read_text()


@contextmanager
def held_after(size: int, endpoint: str) -> Iterator[tuple[str, threading.Event]]:
    """A way to a server on which so many bytes come back, and the rest only when it is left; and that they have."""
    host, _, port = endpoint.partition(":")
    came, held, over = [0], threading.Event(), threading.Event()

    class Way(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((host, int(port))) as server:
                asking = threading.Thread(target=_passed_on, args=(self.request, server))
                asking.start()
                with suppress(OSError):  # who asked may be gone
                    while data := server.recv(1 << 16):
                        came[0] += len(data)
                        if came[0] > size:
                            held.set()
                            over.wait()
                        self.request.sendall(data)
                asking.join()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Way) as ways:
        serving = threading.Thread(target=ways.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield f"127.0.0.1:{ways.server_address[1]}", held
        finally:
            over.set()
            ways.shutdown()
            serving.join()


def _passed_on(asks: socket.socket, server: socket.socket) -> None:
    with suppress(OSError):
        while data := asks.recv(1 << 16):
            server.sendall(data)
        server.shutdown(socket.SHUT_RDWR)
