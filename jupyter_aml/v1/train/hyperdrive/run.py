"""SDK v1's HyperDriveRun: a sweep by its id, its children, its best one. It reads; nothing is decided here."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NoReturn

from jupyter_aml.entities.status import JobStatus
from jupyter_aml.entities.sweep_details import SweepDetails, Trial, best_of
from jupyter_aml.exceptions import NotAvailableError, UserErrorException
from jupyter_aml.operations import jobs, sweep_details
from jupyter_aml.v1.arguments import meaningless
from jupyter_aml.v1.core.run import Run
from jupyter_aml.v1.train.hyperdrive.exceptions import HyperDriveConfigException

if TYPE_CHECKING:
    from jupyter_aml.v1.core.experiment import Experiment
    from jupyter_aml.v1.train.hyperdrive.runconfig import HyperDriveConfig

_UP: Final = "maximize"


class HyperDriveRun(Run):
    """A sweep that was submitted. ValidationException when the run of that id is another kind of job."""

    def __init__(
        self, experiment: "Experiment", run_id: str, hyperdrive_config: "HyperDriveConfig | None" = None
    ) -> None:
        super().__init__(experiment, run_id)
        self.hyperdrive_config = hyperdrive_config
        if self.type != "hyperdrive":
            raise HyperDriveConfigException(
                f"'{run_id}' is no sweep, it is a {self.type} run.", resolution="Run(experiment, run_id) shows it."
            )

    def get_best_run_by_primary_metric(
        self,
        include_failed: bool = True,
        include_canceled: bool = True,
        include_resume_from_runs: bool = True,
    ) -> Run | None:
        """The child whose metric was the best at any time, of equal ones the first; None: none has logged it.

        Those of the sweeps that it went on from are its own too, if they are to be included.
        """
        left_out = {JobStatus.FAILED: not include_failed, JobStatus.CANCELED: not include_canceled}
        found = [*self._family] if include_resume_from_runs else [self._details]
        trials = (trial for one in found for trial in one.trials if not left_out.get(trial.status))
        best = best_of(trials, found[0].goal)
        return Run(self.experiment, best.name) if best else None

    def get_children_sorted_by_primary_metric(
        self,
        top: int = 0,
        reverse: bool = False,
        discard_no_metric: bool = False,
    ) -> list[dict[str, Any]]:
        """The best children first, or last if `reverse`; those without the metric behind them. `top` 0: all."""
        given: object = top
        if isinstance(given, bool) or not isinstance(given, int) or given < 0:
            raise UserErrorException(f"top: {top!r} is no number of children.", resolution="0 is all of them.")
        found = self._details
        scored = [trial for trial in found.trials if trial.value is not None]
        scored.sort(key=lambda trial: trial.value or 0.0, reverse=(found.goal == _UP) != reverse)
        others = [] if discard_no_metric else [trial for trial in found.trials if trial.value is None]
        return [_row(trial) for trial in (scored + others)[: top or None]]

    def get_hyperparameters(self) -> dict[str, str]:
        """The values of each child, as JSON."""
        return {trial.name: json.dumps(trial.params) for trial in self._details.trials}

    def get_metrics(
        self, name: str | None = None, recursive: bool = False, run_type: str | None = None, populate: bool = False
    ) -> dict[str, Any]:
        """What each child logged, by child: there is nothing below them to be `recursive` about."""
        meaningless("there is nothing below a child", recursive=recursive)
        children = [Run(self.experiment, trial.name) for trial in self._details.trials]
        return {run.id: run.get_metrics(name, populate=populate) for run in children if run_type in {None, run.type}}

    def cancel(self) -> bool:
        """Ask for its end, and so for that of its children."""
        super().cancel()
        return True

    def fail(self, *_: object, **__: object) -> NoReturn:
        """Not for a sweep: SDK v1 refuses it too."""
        raise UserErrorException("A sweep cannot be failed from outside.", resolution="run.cancel() ends it.")

    def get_diagnostics(self, *_: object, **__: object) -> NoReturn:
        """Not for a sweep: SDK v1 refuses it too."""
        raise NotAvailableError.of("get_diagnostics", "diagnostics of sweeps")

    @property
    def _family(self) -> Iterator[SweepDetails]:
        """It, and the sweeps that it went on from, the newest first."""
        name: str | None = self._ran
        while name:
            record = jobs.get(self._client.workspace, name)
            yield sweep_details.gathered(self._client.workspace, record)
            name = record.spec.get("resume_from")

    @property
    def _details(self) -> SweepDetails:
        return sweep_details.gathered(self._client.workspace, jobs.get(self._client.workspace, self._ran))


def _row(trial: Trial) -> dict[str, Any]:
    return {
        "run_id": str(trial.name),
        "hyperparameters": json.dumps(trial.params),
        "best_primary_metric": trial.value,
        "status": str(trial.status),
    }
