"""The execution of a prepared notebook, cell by cell, told in the job's log. The door to nbclient and the kernel."""

import asyncio
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import nbformat
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from jupyter_aml.notebook import kernel
from jupyter_aml.notebook.prepared import Prepared

Node: TypeAlias = dict[str, Any]  # Any: JSON of a notebook, or of a kernel's message

_LONGEST_SOCKET: Final = 90
_ARGUMENTS: Final = (f"--IPKernelApp.extra_extensions={kernel.__name__}", "--HistoryManager.hist_file=:memory:")
_CONNECTED: Final = 1.0
"""Seconds after the kernel's first answer until all of its sockets are surely connected."""
_STARTUP: Final = 300
_WIDGET: Final = "application/vnd.jupyter.widget-view+json"
_KILLED: Final = 128


class _EndedError(Exception):
    """A cell that the kernel calls a success ended the notebook: by `exit()`, or what %run or %%capture ran failed."""


class Execution(NotebookClient):
    """Executes a notebook in a kernel of this interpreter: its output goes to the log as it comes.

    `ended` is the exit code: 0, or 1 after an exception, as a script's; what `sys.exit` says; 128 + n after signal n.
    """

    def __init__(self, prepared: Prepared, name: str, saved: Path) -> None:
        notebook: Any = nbformat.from_dict(prepared.content)  # pyright: ignore[reportUnknownMemberType] - no types
        self.connection = Path(tempfile.mkdtemp(prefix="aml-"))
        super().__init__(
            notebook, km=_manager(self.connection), timeout=None, startup_timeout=_STARTUP, record_timing=True,
            extra_arguments=list(_ARGUMENTS),
            on_notebook_start=self._begun, on_cell_start=self._cell_begins, on_cell_executed=self._cell_ran,
        )  # fmt: skip
        self.prepared, self.name, self.saved = prepared, name, saved
        self.failure: Mapping[str, Any] = {}
        self.running, self.began = 0, 0.0
        self.ended = 0

    def run(self) -> int:
        """Execute every cell; the exit code. Whatever happens, what ran is saved."""
        _say(f"{self.name}: cells 0/{self.prepared.total}")
        runs = [n for n, cell in zip(self.prepared.numbers, self.nb.cells, strict=True) if _is_run(cell)]
        around = {
            **os.environ, kernel.EXECUTED: self.name, kernel.CELLS: ",".join(map(str, runs)),
            kernel.PARENT: str(os.getpid()),
        }  # fmt: skip
        try:
            self.execute(env=around)
        except CellExecutionError:
            self.ended = self._failed()
        except _EndedError:
            self.ended = self._failed() if self.failure else 0
        except DeadKernelError:
            self.ended = self._died()
        finally:
            shutil.rmtree(self.connection, ignore_errors=True)
            self.save()
        return self.ended

    def save(self) -> None:
        """The notebook as far as it is; it appears whole."""
        beside = self.saved.with_name(f".{self.saved.name}.{os.getpid()}")
        beside.write_text(json.dumps(self.nb, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        beside.rename(self.saved)

    # What nbclient calls

    def _begun(self, notebook: object) -> None:
        """Names of sockets that are connected are needed no more: whatever ends this program, they are gone."""
        del notebook
        forget = partial(shutil.rmtree, self.connection, ignore_errors=True)
        asyncio.get_running_loop().call_later(_CONNECTED, forget)

    def _cell_begins(self, cell: Node, cell_index: int) -> None:
        self.running, self.began, self.failure = self.prepared.numbers[cell_index], time.monotonic(), {}
        if cell["cell_type"] == "code" and self.running and not _is_run(cell):
            self._tell_progress()

    def _cell_ran(self, cell: Node, cell_index: int, execute_reply: Node) -> None:
        """Whether to go on; nbclient itself stops after a reply that is an error, in a cell that may not raise."""
        del cell_index
        self.save()
        content = execute_reply["content"]
        if "raises-exception" in cell["metadata"].get("tags", []):
            _say(str(self.failure.get("text", "")).rstrip())
            self._tell_progress()
        elif content["status"] == "ok":
            if self.failure or any(one.get("source") == "ask_exit" for one in content.get("payload", ())):
                raise _EndedError
            self._tell_progress()

    def _tell_progress(self) -> None:
        if self.running:
            _say(f"cell {self.running}/{self.prepared.total} ({time.monotonic() - self.began:.1f} s)")

    def process_message(self, msg: Node, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        content = msg["content"]
        match msg["msg_type"]:
            case "stream":
                _write(content["text"])
            case "display_data" if kernel.FAILURE in content["data"]:
                self.failure = content["data"][kernel.FAILURE]
                return None
            case "execute_result" | "display_data" if _WIDGET not in content["data"]:
                _say(str(content["data"].get("text/plain", "")))
            case _:
                pass
        return super().process_message(msg, cell, cell_index)

    # The end

    def _failed(self) -> int:
        if not self.failure:
            _say(f"{self.name}, cell {self.running}: the cell failed")
            return 1
        said = self.failure
        where = f"{self.name}, cell {said['cell'] or self.running}, line {said['line'] or 1}"
        if said["exit"]:
            _say(f"{where}: {said['error']}")
            return (said["code"] or 0) & 0xFF
        _say(str(said["text"]).rstrip())
        _say(f"{where}: {said['error']}")
        return 1

    def _died(self) -> int:
        provisioner: Any = self.km.provisioner if self.km else None
        code = getattr(getattr(provisioner, "process", None), "returncode", None) or 1
        by = f" (signal {-code}; 9 is what a system out of memory sends)" if code < 0 else f" with exit code {code}"
        _say(f"{self.name}, cell {self.running}: the kernel ended{by}")
        return _KILLED - code if code < 0 else code


class _Manager(AsyncKernelManager):
    """Starts a kernel of this very interpreter, whatever kernels are installed."""

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="Python 3", language="python")


def _manager(folder: Path) -> AsyncKernelManager:
    """The kernel is reached by sockets in `folder`; by the loopback where their names are too long."""
    transport = "ipc" if len(str(folder)) < _LONGEST_SOCKET else "tcp"
    return _Manager(kernel_name="python3", connection_file=str(folder / "k.json"), transport=transport)


def _is_run(cell: Node) -> bool:
    return cell["cell_type"] == "code" and bool(cell["source"].strip())


def _say(text: str) -> None:
    if text:
        _write(f"{text}\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
