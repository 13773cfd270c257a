"""Jobs over data that needs no account: a folder of this machine, a public file, what another job wrote."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jupyter_aml import Input, MLClient, Output
from jupyter_aml.entities import Data, LocalDatastore
from tests.journeys.data.conftest import Run


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def web(home: Path) -> Iterator[str]:
    """A public folder with one file in it."""
    folder = home.parent / "public"
    folder.mkdir()
    (folder / "é 1.csv").write_text("web\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_public_file_is_read_in_every_mode(web: str, run: Run) -> None:
    address = f"{web}/é%201.csv"
    inputs = {mode: Input(type="uri_file", path=address, mode=mode) for mode in ("ro_mount", "download", "direct")}
    ran = run("cat ${{inputs.ro_mount}} ${{inputs.download}}; echo ${{inputs.direct}}", **inputs)
    assert ran.log == f"web\nweb\n{address}\n"


def test_a_public_file_that_is_gone_fails_the_job_with_its_address(web: str, run: Run) -> None:
    ran = run("true", x=Input(type="uri_file", path=f"{web}/gone.csv"))
    assert ran.job.status == "Failed"
    assert f"Input 'x': There is nothing at '{web}/gone.csv'" in str(ran.job.error)


def test_a_folder_of_this_machine_is_read_and_written_where_it_is(run: Run, ml_client: MLClient, here: Path) -> None:
    shelf = here.parent / "shelf"
    (shelf / "d").mkdir(parents=True)
    (shelf / "d" / "f.csv").write_text("near\n")
    ml_client.datastores.create_or_update(LocalDatastore(name="shelf", path=str(shelf)))
    ml_client.data.create_or_update(Data(name="near", path="azureml://datastores/shelf/paths/d/", type="uri_folder"))
    ran = run(
        "cat ${{inputs.x}}/f.csv; echo no > ${{inputs.x}}/f.csv || cp ${{inputs.x}}/f.csv ${{outputs.o}}/; "
        "echo ${{inputs.x}}",
        x=Input(path="azureml:near@latest"),
        o=Output(path="azureml://datastores/shelf/paths/d/out"),
    )
    assert ran.job.status == "Completed", ran.job.error
    assert ran.log.splitlines()[-1] == str(shelf / "d")
    assert (shelf / "d" / "out" / "f.csv").read_text() == "near\n"
    assert not (ran.artifacts / "system_logs" / "data_capability").exists()


def test_uploaded_data_cannot_be_changed_by_the_job_that_reads_it(run: Run, ml_client: MLClient) -> None:
    ran = run("echo no > ${{inputs.x}}/d.csv; rm -f ${{inputs.x}}/d.csv; cat ${{inputs.x}}/d.csv", x=Input(path="data"))
    assert ran.log.count("Read-only file system") == 2
    assert ran.log.endswith("a,b\n1,2\n")


def test_what_a_job_wrote_is_the_next_ones_input_by_each_of_its_names(run: Run) -> None:
    first = run("echo out > ${{outputs.o}}/x; echo art > outputs/y", o=Output(name="made"))
    job = str(first.job.name)
    inputs = {
        "output": Input(type="uri_file", path=f"azureml://jobs/{job}/outputs/o/paths/x"),
        "artifact": Input(type="uri_file", path=f"runs:/{job}/outputs/y"),
        "named": Input(path="azureml:made:1"),
    }
    ran = run("cat ${{inputs.output}} ${{inputs.artifact}} ${{inputs.named}}/x", **inputs)
    assert ran.log == "out\nart\nout\n", ran.job.error
