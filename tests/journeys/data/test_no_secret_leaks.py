"""A datastore's key and token are in the vault, encrypted, and nowhere else: not in files, logs, errors or reprs."""

import base64
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from nbclient import NotebookClient

from jupyter_aml import Input, MLClient, Output
from jupyter_aml.engine import lifecycle
from jupyter_aml.exceptions import MlException
from jupyter_aml.operations import places
from tests.journeys.data.conftest import Run, make_store
from tests.oracles.azurite import Azurite

CELLS = (
    "from jupyter_aml import MLClient\nml_client = MLClient.default()\nml_client.datastores.get('blob')",
    "print(*ml_client.datastores.list(), sep='\\n'); print(ml_client.datastores.get('blob'))",
    "import pandas; pandas.read_csv('azureml://datastores/blob/paths/f.csv')",
    "from jupyter_aml.operations import places\nplaces.locate(ml_client.workspace, 'azureml://datastores/blob/paths/f')",
)

LOOK = """
import os, pathlib, sys, time
end, stop, secret = time.monotonic() + 100, pathlib.Path(sys.argv[1]), sys.argv[2].encode()
print("up", flush=True)
while time.monotonic() < end and not stop.exists():
    for one in pathlib.Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                data = (one / name).read_bytes()
            except OSError:
                continue
            if secret in data and one.name != str(os.getpid()):
                print(one, data)
"""


def _spellings(secret: str) -> set[bytes]:
    """What would give a secret away, however it was written."""
    parts = {secret, secret.partition("sig=")[2].partition("&")[0] or secret}
    texts = {text for part in parts for text in (part, quote(part), quote(part, safe=""), part.replace("/", "\\/"))}
    return {text.encode() for text in texts} | {base64.b64encode(text.encode()).strip(b"=") for text in parts}


def _told(secret: str, text: str | bytes) -> list[bytes]:
    data = text.encode() if isinstance(text, str) else text
    return [spelling for spelling in _spellings(secret) if spelling in data]


def _files(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("kind", ["key", "sas", "wrong"])
def test_a_secret_is_found_nowhere(azurite: Azurite, ml_client: MLClient, run: Run, home: Path, kind: str) -> None:
    store = make_store(azurite, ml_client, kind)
    store.put(**{"f.csv": "a,b\n1,2\n"})
    blob = "azureml://datastores/blob/paths"
    said: list[str] = []
    ran = run("cat ${{inputs.x}}; env", x=Input(type="uri_file", path=f"{blob}/f.csv"))
    said += [ran.log if kind != "wrong" else "", ran.transfers, str(ran.job), repr(ran.job)]
    run("echo 1 > ${{outputs.o}}/x", o=Output(path=f"{blob}/out"))
    found = ml_client.datastores.get("blob")
    said += [str(found), repr(found), str(vars(found)), str(places.locate(ml_client.workspace, f"{blob}/f.csv"))]
    said.append(str([dict(fact.body) for fact in ml_client.facts.since(0)]))
    for path in (f"{blob}/f.csv", f"{blob}/none.csv"):
        try:
            places.fetch(ml_client.workspace, path)
        except MlException:
            said.append(traceback.format_exc())
    here = Path.cwd()
    assert _told(store.secret, f"SharedAccessSignature={quote(store.secret)}")
    said += [_notebook(here)] if kind == "key" else []
    assert [_told(store.secret, text) for text in said] == [[]] * len(said)
    lifecycle.stop(ml_client.workspace.folder)  # so that no file goes while it is looked at
    assert [path for path in _files(home, here) if _told(store.secret, path.read_bytes())] == []


def _notebook(folder: Path) -> str:
    """What a notebook holds that looked at the datastore, and read with it."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(
        notebook, timeout=300, startup_timeout=300, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    path = folder / "seen.ipynb"
    nbformat.write(notebook, path)
    return path.read_text()


def test_a_secret_is_on_no_command_line(azurite: Azurite, ml_client: MLClient, run: Run) -> None:
    store = make_store(azurite, ml_client, "key")
    for number in range(3):
        store.container.upload_blob(f"d/{number}", b"x" * (16 << 20))
    stop = Path("stop").absolute()
    looker = subprocess.Popen([sys.executable, "-c", LOOK, stop, store.secret], stdout=subprocess.PIPE, text=True)
    assert looker.stdout
    assert looker.stdout.readline() == "up\n"
    run("true", x=Input(path="azureml://datastores/blob/paths/d"))
    stop.touch()
    assert looker.communicate(timeout=120)[0] == ""
