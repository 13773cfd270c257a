"""A worker process: init() once, run() for each mini-batch that it is told, shutdown(). It starts nothing.

It is told numbers of mini-batches, four bytes each, and answers each with a record. It is a fork of the driver, so it
knows the mini-batches already.
"""

from __future__ import annotations

import atexit
import os
import random
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_aml.runner.parallel import entry, rows, tables, told
from jupyter_aml.runner.parallel.batches import Batch
from jupyter_aml.runner.parallel.settings import Settings
from jupyter_aml.runner.parallel.told import Told

NUMBER: Final = told.LENGTH
_THIS_ROOM: Final = str(Path(__file__).parent)


@dataclass(frozen=True)
class Place:
    """Where a worker stands: its node, its name, the folder of the job's logs, and that of the cut table."""

    node: int
    name: str
    logs: Path
    scratch: Path

    def log(self, kind: str, suffix: str) -> Path:
        """One of its own logs, as Azure ML names them."""
        return self.logs / "user" / kind / str(self.node) / f"{self.name}{suffix}.txt"


class Worker:
    """What the process is, from its fork to its end."""

    def __init__(self, channel: socket.socket, settings: Settings, batches: Sequence[Batch], place: Place) -> None:
        self.channel, self.settings, self.batches, self.place = channel, settings, batches, place
        self.pid = os.getpid()

    def live(self) -> None:
        """Serve until the driver closes its end."""
        self._settle()
        began = time.monotonic()
        try:
            script = entry.load(self.settings)
            script.init()
        except BaseException as error:  # noqa: BLE001 - whatever the user's code raises is what the driver is told
            self._say(Told(told.BROKEN, reason=self._told(error, "init()")))
            return
        self._say(Told(told.READY, seconds=time.monotonic() - began))
        while (number := self._next()) is not None:
            self._say(self._ran(script, number))
        self._shut(script)

    def _settle(self) -> None:
        """Its own logs, its own random numbers, the variables that tell it from the others."""
        place = self.place
        for descriptor, kind in ((1, "stdout"), (2, "stderr")):
            log = place.log(kind, f".{kind}")
            log.parent.mkdir(parents=True, exist_ok=True)
            opened = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            os.dup2(opened, descriptor)
            os.close(opened)
        random.seed()
        os.environ["AZUREML_CR_NODE_RANK"] = os.environ["AZ_BATCHAI_TASK_INDEX"] = str(place.node)
        os.environ["AZUREML_PROCESS_NAME"] = place.name
        entry.prepare_logging(self.settings, place.log("entry_script_log", ".log"))

    def _ran(self, script: entry.Entry, number: int) -> Told:
        batch, began = self.batches[number], time.monotonic()
        try:
            returned = script.run(self._data(batch), number, batch)
            count = rows.counted(returned)
            text = rows.text_of(returned) if self.settings.plan.output else ""
        except BaseException as error:  # noqa: BLE001 - a failed mini-batch is an answer too
            reason = self._told(error, f"mini-batch {number}")
            return Told(told.DONE, number, 0, time.monotonic() - began, reason)
        reason = f"run() returned {count} results for {batch.count} items" if count < batch.count else ""
        return Told(told.DONE, number, count, time.monotonic() - began, reason, text)

    def _data(self, batch: Batch) -> object:
        if batch.files:
            return list(batch.files)
        found = tables.rows_at(self.place.scratch, batch.place)
        self._say(Told(told.BEGAN))
        return found

    def _shut(self, script: entry.Entry) -> None:
        if script.shutdown is None:
            return
        try:
            script.shutdown()
        except BaseException as error:  # noqa: BLE001 - its work is done: the driver is told, the job goes on
            self._say(Told(told.WARNING, reason=f"shutdown() failed: {self._told(error, 'shutdown()')}"))

    def _told(self, error: BaseException, where: str) -> str:
        """The error in one line; its traceback goes into the worker's error log, and to its stderr."""
        frames = [one for one in traceback.extract_tb(error.__traceback__) if not one.filename.startswith(_THIS_ROOM)]
        text = "".join(
            ["Traceback (most recent call last):\n", *traceback.format_list(frames),
             *traceback.format_exception_only(type(error), error)]
        )  # fmt: skip
        log = self.place.log("error", "")
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a") as stream:
            stream.write(f"{where}:\n{text}\n")
        sys.stderr.write(text)
        at = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
        said = str(error).strip().splitlines()
        return f"{type(error).__name__}{f': {said[0]}' if said else ''}{at}"

    # ── the channel ──

    def _next(self) -> int | None:
        data = self.channel.recv(NUMBER.size, socket.MSG_WAITALL)
        return NUMBER.unpack(data)[0] if len(data) == NUMBER.size else None

    def _say(self, one: Told) -> None:
        if os.getpid() != self.pid:
            os._exit(1)  # a fork of the user's own, which came back from run(): it is no worker
        self.channel.sendall(told.framed(one))


def leave() -> None:
    """The end of a process that was forked: what an interpreter does when it leaves, without the driver's frames."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    vars(atexit)["_run_exitfuncs"]()
    os._exit(0)
