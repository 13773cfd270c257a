"""A real kernel with the magics loaded. Cells in, what a person sees out."""

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

LIMIT = 300.0  # seconds: a cell that waits for a cold job takes its time on a busy machine


@dataclass
class Seen:
    """What one cell showed. `kinds`: the MIME types of each output."""

    number: int = 0
    status: str = ""
    text: str = ""
    html: list[str] = field(default_factory=list[str])
    kinds: list[set[str]] = field(default_factory=list[set[str]])
    error: str = ""


class Kernel:
    """A kernel as a person uses it."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        self.pid = int(self.value("__import__('os').getpid()"))

    def interrupted(self, cell: str) -> Seen:
        """Run a cell and press Ctrl-C when it has shown that its job runs."""
        return self.run(cell, stop_at="Running")

    def run(self, cell: str, *, stop_at: str = "", answer: str | None = None) -> Seen:
        """Run a cell to its end; everything that it showed. `answer` is what a person types when it asks."""
        seen = Seen()

        def hear(message: dict[str, Any]) -> None:
            nonlocal stop_at
            content = message["content"]
            data = content.get("data", {})
            if stop_at and stop_at in data.get("text/html", ""):
                stop_at = ""
                os.kill(self.pid, signal.SIGINT)
            seen.text += content.get("text", "") + data.get("text/plain", "")
            seen.kinds += [set(data)] if data else []
            seen.html += [data["text/html"]] if "text/html" in data else []
            seen.error += f"{content.get('ename', '')}: {content['evalue']}" if "evalue" in content else ""

        def asked(message: dict[str, Any]) -> None:
            seen.text += message["content"]["prompt"]
            self.client.input(str(answer))

        reply = self.client.execute_interactive(
            cell, timeout=LIMIT, output_hook=hear, allow_stdin=answer is not None, stdin_hook=asked
        )
        seen.number = reply["content"]["execution_count"]
        seen.status = reply["content"]["status"]
        return seen

    def value(self, expression: str) -> str:
        """The repr of an expression in the kernel."""
        return self.run(f"print({expression})").text.strip()

    def completions(self, text: str) -> list[str]:
        """What Tab offers at the end of `text`."""
        self.client.complete(text, len(text))
        while True:
            reply = self.client.get_shell_msg(timeout=LIMIT)
            if reply["msg_type"] == "complete_reply":
                return reply["content"]["matches"]


@pytest.fixture
def kernel(plain_kernel: Kernel) -> Kernel:
    """A fresh kernel in a fresh folder, `%load_ext` done."""
    return _loaded(plain_kernel)


@pytest.fixture
def plain_kernel(home: Path, tmp_path: Path) -> Iterator[Kernel]:
    """A fresh kernel in a fresh folder, nothing done."""
    assert home.is_dir()
    work = tmp_path / "work"
    work.mkdir()
    manager, client = start_new_kernel(
        startup_timeout=LIMIT, kernel_name="python3", cwd=str(work), env=dict(os.environ)
    )
    try:
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


def _loaded(kernel: Kernel) -> Kernel:
    assert kernel.run("%load_ext jupyter_aml").status == "ok"
    return kernel
