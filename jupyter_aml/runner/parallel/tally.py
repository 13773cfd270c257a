"""What became of the mini-batches, in numbers, and when it is too much. Pure; no clock is read here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from jupyter_aml.runner.parallel.settings import Settings

_SHOWN: Final = 20


class TooManyError(Exception):
    """More failed than a threshold allows."""


@dataclass(frozen=True)
class Failure:
    """A mini-batch that failed for good: which one, how often it was tried, and why it failed the last time."""

    number: int
    title: str
    tries: int
    reason: str

    def __str__(self) -> str:
        times = "once" if self.tries == 1 else f"{self.tries} times"
        return f"mini-batch {self.number} ({self.title}), tried {times}: {self.reason}"


@dataclass
class Tally:
    """Counts, and the thresholds that they are held against."""

    settings: Settings
    batches: int
    items: int
    done: int = 0
    items_done: int = 0
    items_failed: int = 0
    retries: int = 0
    failures: list[Failure] = field(default_factory=list)  # pyright: ignore[reportUnknownVariableType] - as in 3.8

    @property
    def is_over(self) -> bool:
        return self.done == self.batches

    @property
    def failed(self) -> int:
        return len(self.failures)

    def succeeded(self, items: int) -> None:
        """A mini-batch is done."""
        self.done += 1
        self.items_done += items

    def gave_up(self, failure: Failure, items: int, results: int) -> None:
        """A mini-batch failed for good, with so many results for its items. Raises TooManyError."""
        self.done += 1
        self.failures.append(failure)
        self.items_done += min(results, items)
        self.items_failed += max(items - results, 0)
        self._check()

    def _check(self) -> None:
        plan, percent = self.settings.plan, self.settings.allowed_failed_percent
        for count, what, threshold, most in (
            (self.failed, "mini-batch", "mini_batch_error_threshold", plan.mini_batch_error_threshold),
            (self.items_failed, "item", "error_threshold", plan.error_threshold),
        ):
            if 0 <= most < count:
                raise TooManyError(f"{_some(count, what)} failed, more than the {most} that {threshold} allows.")
        if self.failed * 100 > percent * self.batches:
            share = f"{self.failed} of {self.batches} mini-batches failed, more than the {percent:g} %"
            raise TooManyError(f"{share} that allowed_failed_percent allows.")

    def line(self) -> str:
        """Where it stands."""
        return (
            f"{self.done:,} of {self.batches:,} mini-batches done, {self.failed:,} failed, retries: {self.retries:,}; "
            f"{self.items_done:,} of {self.items:,} items succeeded, {self.items_failed:,} failed"
        )

    def told(self) -> str:
        """The mini-batches that failed, the first of them."""
        lines = [f"  {failure}" for failure in self.failures[:_SHOWN]]
        more = self.failed - _SHOWN
        return "\n".join([*lines, f"  … and {more:,} more"] if more > 0 else lines)


def _some(count: int, what: str) -> str:
    plural = "es" if what.endswith("ch") else "s"
    return f"{count:,} {what}{'' if count == 1 else plural}"
