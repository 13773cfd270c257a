"""Attempts as processes of this machine. The caller is single-threaded, for a runner is a fork of it. Holds no truth."""

import os
from collections.abc import Sequence

from jupyter_aml.engine.executors import orphans, sighting
from jupyter_aml.engine.executors.base import Sighting, State
from jupyter_aml.engine.executors.pidfds import Pidfds
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch
from jupyter_aml.runner import attempt, claim, signals


class SubprocessExecutor:
    """The executor of one machine (contract: `base`)."""

    def __init__(self) -> None:
        self._children: set[int] = set()
        self._adopted = Pidfds()

    def launch(self, folder: AttemptFolder, launch: Launch) -> None:
        """Start the attempt; nothing happens when it was started before."""
        folder.root.mkdir(parents=True, exist_ok=True)
        lease = claim.take_lease(folder)
        if lease is None:
            return
        try:
            if not folder.begun.exists():
                self._start(folder, launch, lease)
        finally:
            os.close(lease)

    def _start(self, folder: AttemptFolder, launch: Launch, lease: int) -> None:
        folder.launch.write_text(launch.to_json())
        pid = os.fork()
        if pid == 0:
            attempt.run_and_exit(folder, lease)
        self._children.add(pid)

    def stop(self, folder: AttemptFolder, reason: str) -> None:
        """Ask the attempt to end, for that reason."""
        folder.root.mkdir(parents=True, exist_ok=True)
        beside = folder.root / f"cancel.{os.getpid()}"
        beside.write_text(reason)
        beside.rename(folder.cancel)
        begun = claim.read_begun(folder)
        if begun and begun.pid and not folder.outcome.exists():
            signals.send(begun.pid, begun.birth, signals.STOP)

    def look(self, folder: AttemptFolder) -> Sighting:
        """What there is to see of the attempt now."""
        seen = sighting.look(folder)
        if seen.state == State.RUNNING:
            self._adopt(folder)
        return seen

    def _adopt(self, folder: AttemptFolder) -> None:
        begun = claim.read_begun(folder)
        if begun and begun.pid and begun.pid not in self._children:
            self._adopted.watch(begun)

    def end_orphans(self, folder: AttemptFolder) -> None:
        """End what a killed runner left behind; nothing happens while the runner lives."""
        orphans.end(folder)

    def filenos(self) -> Sequence[int]:
        """Descriptors that become readable when a look is worth while; each is given to `drain` then."""
        return self._adopted.filenos()

    def drain(self, descriptor: int) -> None:
        """Take in what that descriptor has to say."""
        self._adopted.forget(descriptor)

    def reap(self) -> None:
        """Take in the ends of our own children, and of no others."""
        for pid in list(self._children):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self._children.discard(pid)

    def close(self) -> None:
        """Let go of everything but the attempts."""
        self._adopted.close()
