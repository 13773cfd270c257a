"""Long-running operations, in Azure's shape. Waits; decides nothing."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from jupyter_aml.operations.streams import Patience, Wake

Result = TypeVar("Result")


class LROPoller(Generic[Result]):
    """What a `begin_…` call returns (`azure.core.polling.LROPoller`): the work goes on whether or not you wait.

    `look` gives the result once there is one, and None before; `wake` makes sure that somebody works on it.
    """

    def __init__(self, look: Callable[[], Result | None], *, wake: Wake = tuple) -> None:
        self._look, self._wake = look, wake

    def result(self, timeout: float | None = None) -> Result:
        """The result, when it is there. TimeoutError after `timeout` seconds."""
        self.wait(timeout)
        found = self._look()
        if found is None:
            message = f"Not done after {timeout} s; it goes on."
            raise TimeoutError(message)
        return found

    def wait(self, timeout: float | None = None) -> None:
        """Return when it is done, or after `timeout` seconds."""
        patience = Patience(self._wake)
        deadline = time.monotonic() + (timeout if timeout is not None else float("inf"))
        while not self.done() and time.monotonic() < deadline:
            patience.nap()

    def done(self) -> bool:
        """Whether the result is there."""
        return self._look() is not None

    def status(self) -> str:
        """'InProgress' or 'Succeeded'."""
        return "Succeeded" if self.done() else "InProgress"
