"""SDK v1's early termination policies, as SDK v2's drafts. Nothing is judged here."""

import math
from typing import Final, Protocol

from jupyter_aml import sweep
from jupyter_aml.entities.sweep_settings import EarlyTerminationPolicy as Draft
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException

_MOST_PERCENT: Final = 99


class EarlyTerminationPolicy(Protocol):
    """Whatever can say itself as SDK v2 does."""

    def draft(self) -> Draft | None:
        """The policy as SDK v2 writes it; None: there is none."""
        ...


class NoTerminationPolicy:
    """Every run goes on to its end."""

    def draft(self) -> None:
        """None."""


class _Policy:
    def __init__(self, evaluation_interval: int, delay_evaluation: int) -> None:
        for name, value in (("evaluation_interval", evaluation_interval), ("delay_evaluation", delay_evaluation)):
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise HyperDriveConfigException(f"{name}: a whole number is expected, 0 or more; found {value!r}.")
        self.evaluation_interval, self.delay_evaluation = evaluation_interval, delay_evaluation

    def _due(self) -> dict[str, int]:
        return {"evaluation_interval": self.evaluation_interval, "delay_evaluation": self.delay_evaluation}


class BanditPolicy(_Policy):
    """Ends what falls behind the best run by more than a slack: exactly one of a factor and an amount."""

    def __init__(
        self,
        evaluation_interval: int = 1,
        slack_factor: float | None = None,
        slack_amount: float | None = None,
        delay_evaluation: int = 0,
    ) -> None:
        super().__init__(evaluation_interval, delay_evaluation)
        given = {"slack_factor": slack_factor, "slack_amount": slack_amount}
        self._slack = {name: value for name, value in given.items() if value is not None}
        if len(self._slack) != 1:
            raise HyperDriveConfigException(
                f"BanditPolicy: exactly one of slack_factor and slack_amount is expected; found {len(self._slack)}.",
                resolution="BanditPolicy(evaluation_interval=1, slack_factor=0.1)",
            )
        for name, value in self._slack.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
                raise HyperDriveConfigException(f"{name}: a number is expected, 0 or more; found {value!r}.")
        self.slack_factor, self.slack_amount = slack_factor, slack_amount

    def draft(self) -> sweep.BanditPolicy:
        """The policy as SDK v2 writes it."""
        return sweep.BanditPolicy.of({**self._slack, **self._due()})


class MedianStoppingPolicy(_Policy):
    """Ends what is worse than the median of all runs' running averages."""

    def __init__(self, evaluation_interval: int = 1, delay_evaluation: int = 0) -> None:
        super().__init__(evaluation_interval, delay_evaluation)

    def draft(self) -> sweep.MedianStoppingPolicy:
        """The policy as SDK v2 writes it."""
        return sweep.MedianStoppingPolicy.of(self._due())


class TruncationSelectionPolicy(_Policy):
    """Ends the lowest part of the runs, in percent."""

    def __init__(
        self,
        truncation_percentage: int,
        evaluation_interval: int = 1,
        delay_evaluation: int = 0,
        exclude_finished_jobs: bool = False,
    ) -> None:
        super().__init__(evaluation_interval, delay_evaluation)
        given: object = truncation_percentage
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= _MOST_PERCENT:
            raise HyperDriveConfigException(
                f"truncation_percentage: {given!r} is not between 1 and {_MOST_PERCENT}, a whole number."
            )
        self.truncation_percentage, self.exclude_finished_jobs = truncation_percentage, exclude_finished_jobs

    def draft(self) -> sweep.TruncationSelectionPolicy:
        """The policy as SDK v2 writes it."""
        excluded = {"exclude_finished_jobs": True} if self.exclude_finished_jobs else {}
        given = {"truncation_percentage": self.truncation_percentage, **excluded, **self._due()}
        return sweep.TruncationSelectionPolicy.of(given)
