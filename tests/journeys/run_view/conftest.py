"""A run in an awkward folder, and real kernels that look at it."""

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

from tests.conftest import AWKWARD
from tests.journeys.run_view.browsing import browser, opened
from tests.journeys.run_view.folder_source import FolderRuns

__all__ = ["browser", "opened"]

ROOT = Path(__file__).parents[3]
LIMIT = 120.0  # seconds until a test gives up waiting; what it waits for takes well below one, once a kernel is there
RUN = "happy_frog"
IMPORTS = """
import sys; sys.path.insert(0, {root!r})
from pathlib import Path
from tests.journeys.run_view.folder_source import FolderClient, FolderRuns
from jupyter_aml.widgets import RunDetails, show_job
client = FolderClient(FolderRuns(Path({folder!r})))
"""


@dataclass
class Screen:
    """A kernel, and all that it ever sent to its screen."""

    manager: KernelManager
    client: BlockingKernelClient
    messages: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def start(self, code: str) -> str:
        """Send a cell; its message id."""
        return self.client.execute(code)

    def run(self, code: str) -> None:
        """Send a cell and wait until it is done."""
        cell = self.start(code)
        self.until(lambda: any(self._is_idle(message, cell) for message in self.messages))

    def until(self, seen: Callable[[], object]) -> None:
        """Read what the kernel sends until `seen`; with what came on failure."""
        deadline = time.monotonic() + LIMIT
        while not seen():
            assert time.monotonic() < deadline, self.story()
            with contextlib.suppress(Empty):
                self.messages.append(self.client.get_iopub_msg(timeout=0.2))

    def is_done(self, cell: str) -> bool:
        return any(self._is_idle(message, cell) for message in self.messages)

    def painted(self) -> list[str]:
        """The HTML of every body shown or repainted, in order."""
        kinds = {"display_data", "update_display_data"}
        shown = [message["content"] for message in self.messages if message["msg_type"] in kinds]
        return [content["data"]["text/html"] for content in shown if "<article" in content["data"].get("text/html", "")]

    def of_kind(self, *kinds: str) -> list[dict[str, Any]]:
        return [message["content"] for message in self.messages if message["msg_type"] in kinds]

    def printed(self) -> str:
        return "".join(content["text"] for content in self.of_kind("stream"))

    def story(self) -> str:
        return "\n".join(f"{message['msg_type']} {str(message['content'])[:300]}" for message in self.messages)

    @staticmethod
    def _is_idle(message: dict[str, Any], cell: str) -> bool:
        ended = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
        return ended and message["parent_header"].get("msg_id") == cell


@pytest.fixture
def runs(tmp_path: Path) -> FolderRuns:
    """A run that has begun, in a folder under an awkward name."""
    folder = tmp_path / AWKWARD
    folder.mkdir()
    source = FolderRuns(folder)
    source.begin(RUN)
    return source


@pytest.fixture
def imports(runs: FolderRuns) -> str:
    return IMPORTS.format(root=str(ROOT), folder=str(runs.root))


@pytest.fixture
def screen(imports: str, tmp_path: Path) -> Iterator[Screen]:
    """A fresh kernel that has imported us."""
    manager, client = start_new_kernel(
        startup_timeout=LIMIT, kernel_name="python3", cwd=str(tmp_path), env={**os.environ, "IPYTHONDIR": str(tmp_path)}
    )
    shown = Screen(manager, client)
    try:
        shown.run(imports)
        yield shown
    finally:
        client.stop_channels()
        if manager.is_alive():
            manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
