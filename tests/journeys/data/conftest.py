"""A real blob server, containers in it, and datastores of a fresh workspace that lead there. It makes no claim."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml import Input, MLClient, Output, command
from jupyter_aml.entities import AccountKeyConfiguration, AzureBlobDatastore, SasTokenConfiguration
from jupyter_aml.entities.job import Job
from tests.oracles import azurite as oracle
from tests.oracles.azurite import ACCOUNT, KEY, Azurite

Kind = str
WRONG_KEY = "AAAA" + KEY[4:]


@pytest.fixture(scope="session")
def azurite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Azurite]:
    """One server for all tests; each has containers of its own."""
    with oracle.running(tmp_path_factory.mktemp("azurite")) as server:
        yield server


@dataclass(frozen=True)
class Store:
    """A container, and the datastore `blob` of the workspace that leads there by a key or by SAS."""

    server: Azurite
    name: str
    container: Any
    secret: str

    def put(self, **files: str) -> None:
        for path, text in files.items():
            self.container.upload_blob(path, text.encode(), overwrite=True)

    def content(self) -> dict[str, str]:
        return {
            blob.name: self.container.download_blob(blob.name).readall().decode()
            for blob in self.container.list_blobs()
        }


@pytest.fixture(params=["key", "sas"])
def store(request: pytest.FixtureRequest, azurite: Azurite, ml_client: MLClient) -> Store:
    return make_store(azurite, ml_client, request.param)


@pytest.fixture
def by_key(azurite: Azurite, ml_client: MLClient) -> Store:
    return make_store(azurite, ml_client, "key")


def make_store(azurite: Azurite, ml_client: MLClient, kind: Kind, name: str = "blob") -> Store:
    container = f"c-{secrets.token_hex(6)}"
    client = azurite.container(container)
    secret = azurite.sas(container) if kind == "sas" else WRONG_KEY if kind == "wrong" else KEY
    register(azurite, ml_client, container, secret, name)
    return Store(azurite, container, client, secret)


def register(azurite: Azurite, ml_client: MLClient, container: str, secret: str, name: str = "blob") -> None:
    is_key = secret.endswith("==")
    credentials = AccountKeyConfiguration(account_key=secret) if is_key else SasTokenConfiguration(sas_token=secret)
    ml_client.datastores.create_or_update(
        AzureBlobDatastore(
            name=name, account_name=ACCOUNT, container_name=container, endpoint=azurite.endpoint, protocol="http",
            credentials=credentials,
        )
    )  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """A job that is over, and what it left."""

    job: Job
    artifacts: Path

    @property
    def log(self) -> str:
        assert self.job.status != "Failed" or self.job.exit_code, self.job.error
        return (self.artifacts / "user_logs" / "std_log.txt").read_text()

    @property
    def transfers(self) -> str:
        return (self.artifacts / "system_logs" / "data_capability" / "data-capability.log").read_text()


Run = Callable[..., Ran]


@pytest.fixture
def run(ml_client: MLClient, here: Path) -> Run:
    """Submit, wait, and look: `run("cat ${{inputs.x}}", x=Input(…), o=Output(…))`."""

    def submit(text: str, **given: Input | Output) -> Ran:
        inputs = {name: one for name, one in given.items() if isinstance(one, Input)}
        outputs = {name: one for name, one in given.items() if isinstance(one, Output)}
        job = ml_client.jobs.create_or_update(command(command=text, inputs=inputs, outputs=outputs))
        ended = ml_client.jobs.wait(str(job.name), 300)
        return Ran(ended, ml_client.workspace.folder.artifacts(str(job.name)))

    return submit


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a little data in it."""
    folder = home.parent / "project"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "d.csv").write_text("a,b\n1,2\n")
    monkeypatch.chdir(folder)
    return folder
