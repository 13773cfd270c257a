"""A real kernel: what is done to it is not done to the jobs that were submitted from it."""

from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from jupyter_aml.engine import lifecycle
from tests.journeys.engine.conftest import LIMIT, Site, until

SUBMIT = """
from jupyter_aml import MLClient, command
line = 'for i in 1 2 3 4 5; do echo line $i; touch up; until [ -e "$SCRATCH/$i" ]; do sleep 0.01; done; done'
job = MLClient.default().jobs.create_or_update(
    command(command=line, name="from-kernel", environment_variables={"SCRATCH": %r}))
"""
RECONNECT = """
from jupyter_aml import MLClient
ml = MLClient.default()
ml.jobs.stream("from-kernel")
print("status:", ml.jobs.get("from-kernel").status)
"""


class Kernel:
    """A kernel of this interpreter."""

    def __init__(self) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel()
        self.client = self._connected()

    def _connected(self) -> Any:
        client = self.manager.blocking_client()
        client.start_channels()
        client.wait_for_ready(timeout=LIMIT)
        return client

    def run(self, code: str) -> str:
        """What the cell printed."""
        printed: list[str] = []

        def hear(message: Any) -> None:
            content = message["content"]
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                printed.append(content["text"])

        reply = self.client.execute_interactive(code, timeout=LIMIT, output_hook=hear)
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(printed)

    def restart(self) -> None:
        self.client.stop_channels()
        self.manager.restart_kernel(now=True)
        self.client = self._connected()

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.context.destroy()


@pytest.fixture
def kernel(site: Site) -> Iterator[Kernel]:
    kernel = Kernel()
    yield kernel
    kernel.close()


def go(site: Site, *numbers: int) -> None:
    for number in numbers:
        (site.scratch / str(number)).touch()


def test_a_job_outlives_interrupt_and_restart_of_its_kernel_and_its_log_is_whole(site: Site, kernel: Kernel) -> None:
    kernel.run(SUBMIT % str(site.scratch))
    site.until_status("from-kernel", "Running")
    runners, supervisor = site.runners(), lifecycle.pid(site.folder)
    kernel.manager.interrupt_kernel()
    go(site, 1)
    kernel.restart()
    go(site, 2, 3, 4, 5)
    said = kernel.run(RECONNECT)
    assert "status: Completed" in said
    assert [line for line in said.splitlines() if line.startswith("line ")] == [f"line {n}" for n in range(1, 6)]
    assert lifecycle.pid(site.folder) == supervisor
    assert len(runners) == 1
    assert site.get("from-kernel").attempt == 1


def test_a_job_outlives_the_shutdown_of_its_kernel(site: Site, kernel: Kernel) -> None:
    kernel.run(SUBMIT % str(site.scratch))
    site.until_status("from-kernel", "Running")
    kernel.manager.shutdown_kernel(now=False)
    until(lambda: not kernel.manager.is_alive())
    assert site.runners()
    go(site, 1, 2, 3, 4, 5)
    assert site.until_finished("from-kernel").status == "Completed"
