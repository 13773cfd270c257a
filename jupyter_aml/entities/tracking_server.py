"""The tracking server of a workspace, as files: who serves, who uses it, where it listens. Nothing is served here."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TrackingServerFiles:
    """The files by which the server and the runners that use it find each other, in the workspace's folder.

    lock    locked (flock) by the server for as long as it lives
    users   locked shared by each runner whose job may log; the server leaves some time after the last one
    state   where it listens; appears whole, only its owner may read it: it holds the token
    log     what the server says
    """

    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "tracking-server.lock"

    @property
    def users(self) -> Path:
        return self.root / "tracking-server.users"

    @property
    def state(self) -> Path:
        return self.root / "tracking-server.json"

    @property
    def log(self) -> Path:
        return self.root / "tracking-server.log"


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server is reached, on this machine only."""

    port: int
    token: str

    @property
    def uri(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    def __repr__(self) -> str:
        return f"Listening({self.uri})"


def read_listening(path: Path) -> Listening | None:
    """What the state file says; None while there is none."""
    try:
        return Listening(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None
