"""Attempts as processes of this machine. Runners are forks of the caller, who is single-threaded. No truth here."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from jupyter_aml.engine.executors import orphans, sighting, zygotes
from jupyter_aml.engine.executors.base import Sighting, State
from jupyter_aml.engine.executors.hosts import Hosts
from jupyter_aml.engine.executors.pidfds import Pidfds
from jupyter_aml.entities.job_folder import AttemptFolder
from jupyter_aml.entities.launch import Launch, WarmPlan, launch_from_json
from jupyter_aml.runner import claim, signals

_KILLED: Final = 128
"""Exit codes above it say which signal ended the process."""


class SubprocessExecutor:
    """The executor of one machine (contract: `base`). A warm worker leaves after `idle_seconds` without a job."""

    def __init__(self, *, idle_seconds: float = zygotes.IDLE_SECONDS) -> None:
        self._hosts = Hosts(self._launch_again)
        self._adopted = Pidfds()
        self._zygotes = zygotes.Zygotes(self._launch_cold, idle_seconds)

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

    def _launch_cold(self, folder: AttemptFolder, launch: Launch, reason: str) -> None:
        self._launch_again(folder, replace(launch, warm=WarmPlan(cold_because=reason)))

    def _launch_again(self, folder: AttemptFolder, launch: Launch) -> None:
        """What cannot be started now (a full disk) is seen ABSENT: whoever launched it decides."""
        with suppress(OSError):
            self.launch(folder, launch)

    def _start(self, folder: AttemptFolder, launch: Launch, lease: int) -> None:
        if launch.warm.is_warm and launch.warm.modules:
            folder.launch.write_text(launch.to_json())
            reason = self._zygotes.take(folder, launch, lease)
            if not reason:
                return
            launch = replace(launch, warm=WarmPlan(cold_because=reason))
        folder.launch.write_text(launch.to_json())
        self._hosts.give(folder, launch, lease)

    def stop(self, folder: AttemptFolder, reason: str) -> None:
        """Ask the attempt to end, for that reason."""
        folder.root.mkdir(parents=True, exist_ok=True)
        beside = folder.root / f"cancel.{os.getpid()}"
        beside.write_text(reason)
        beside.rename(folder.cancel)
        begun = claim.read_begun(folder)
        if begun and begun.pid and not folder.outcome.exists():
            signals.send(begun.pid, begun.birth, signals.STOP)
        self._zygotes.hurry(folder)

    def look(self, folder: AttemptFolder) -> Sighting:
        """What there is to see of the attempt now."""
        seen = sighting.look(folder)
        if seen.state == State.RUNNING and not self._hosts.runs(folder):
            self._adopt(folder)
        elif seen.outcome and seen.outcome.warm and (seen.outcome.exit_code or 0) > _KILLED:
            # The launch file of an ended attempt may be spoiled or gone; then there is nothing to remember.
            with suppress(OSError, ValueError, TypeError, KeyError):
                self._zygotes.remember_cold(launch_from_json(folder.launch.read_text()))
        return seen

    def _adopt(self, folder: AttemptFolder) -> None:
        begun = claim.read_begun(folder)
        if begun and begun.pid:
            self._adopted.watch(begun)

    def end_orphans(self, folder: AttemptFolder) -> None:
        """End what a killed runner left behind; nothing happens while the runner lives."""
        orphans.end(folder)

    def filenos(self) -> Sequence[int]:
        """Descriptors that become readable when a look is worth while; each is given to `drain` then."""
        return [*self._hosts.filenos(), *self._adopted.filenos(), *self._zygotes.filenos()]

    def drain(self, descriptor: int) -> None:
        """Take in what that descriptor has to say."""
        if not self._adopted.forget(descriptor):
            self._hosts.drain(descriptor)
            self._zygotes.drain(descriptor)

    def reap(self) -> None:
        """Take in the ends of our own children, and of no others."""
        self._hosts.reap()
        self._zygotes.reap()

    def close(self) -> None:
        """Let go of everything but the attempts."""
        self._hosts.close()
        self._adopted.close()
        self._zygotes.close()
