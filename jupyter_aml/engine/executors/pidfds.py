"""Runners that are not our children, watched without polling (Linux: pidfds). Nothing is signalled here."""

import os
import sys
from typing import Final

from jupyter_aml.runner.claim import Begun, birth_of

_IS_POSSIBLE: Final = sys.platform == "linux" and hasattr(os, "pidfd_open")


class Pidfds:
    """Descriptors that become readable when a runner is gone. Where there are none, the caller has to look again."""

    def __init__(self) -> None:
        self._by_runner: dict[tuple[int, str], int] = {}

    def watch(self, begun: Begun) -> None:
        """Watch this runner from now on; nothing happens when it is watched already or gone."""
        runner = (begun.pid, begun.birth)
        if not _IS_POSSIBLE or runner in self._by_runner:
            return
        try:
            descriptor = os.pidfd_open(begun.pid)
        except ProcessLookupError:
            return
        if birth_of(begun.pid) == begun.birth:
            self._by_runner[runner] = descriptor
        else:
            os.close(descriptor)

    def filenos(self) -> list[int]:
        return list(self._by_runner.values())

    def forget(self, descriptor: int) -> bool:
        """Stop watching; False when the descriptor is not one of these."""
        for runner, known in self._by_runner.items():
            if known == descriptor:
                os.close(descriptor)
                del self._by_runner[runner]
                return True
        return False

    def close(self) -> None:
        for descriptor in self.filenos():
            self.forget(descriptor)
