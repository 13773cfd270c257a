"""A sweep's program: it looks, asks `course` what follows, and carries that out, until nothing is left to try.

All that it knows is in the store: killed at any point, the next one finds every trial there, by its name.
"""

import json
import select
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from jupyter_aml.engine import lifecycle
from jupyter_aml.engine.orchestrators.diary import Diary
from jupyter_aml.engine.orchestrators.sweep import policies, sampling
from jupyter_aml.engine.orchestrators.sweep.course import Best, Course, Trial
from jupyter_aml.engine.orchestrators.sweep.importance import importance
from jupyter_aml.engine.orchestrators.sweep.ledger import Ledger
from jupyter_aml.engine.orchestrators.sweep.sampling import Observed
from jupyter_aml.entities.distributions import space as space_of
from jupyter_aml.entities.job_folder import orchestrator_bell, trial_template
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.entities.sweep_plan import plan_from_json, trial_name
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import JobException, did_you_mean
from jupyter_aml.runner.doorbell import listen

LOG: Final = "azureml-logs/hyperdrive.txt"
LOOK_AGAIN: Final = 1.0
"""Seconds between looks when nobody rings."""
LOOK_AT_METRICS: Final = 0.05
"""The same while a policy waits for what running trials log."""
_AHEAD: Final = 2
"""So many times the trials that can run are wished, so that a slot that gets free need not wait for us."""


class Controller:
    """One sweep of one workspace."""

    def __init__(self, root: Path, sweep: JobName) -> None:
        self.folder = WorkspaceFolder(root)
        self.plan = plan_from_json(trial_template(self.folder.jobs, sweep).read_text())
        self.ledger = Ledger(self.folder, sweep, self.plan)
        self.diary = Diary(self.folder.artifacts(sweep) / LOG)
        self.space = space_of(self.plan.space)
        self.sampler = sampling.sampler(self.plan.algorithm, self.space, self.plan.goal)
        self.course = Course(
            self.plan.goal, policies.policy(self.plan.policy),
            self.plan.max_total_trials, self.plan.max_concurrent_trials,
        )  # fmt: skip
        self._bell = listen(str(orchestrator_bell(self.folder.jobs, sweep)))
        self._earlier: list[Observed] = []
        self._untold: dict[str, str] = {}
        self._noted: Best | None = None
        self._told_at = 0.0

    @property
    def _listens_to_others(self) -> bool:
        """Whether what a trial came to matters for the next one, which is then drawn as late as possible."""
        return self.plan.algorithm["type"] == "bayesian"

    @property
    def _has_policy(self) -> bool:
        return self.plan.policy is not None

    def run(self) -> None:
        """Until the sweep is over. JobException when it failed; NotWantedError when somebody ended it."""
        self._recall()
        while True:
            self._look()
            self._judge()
            self._check_hope()
            self._begin_trials()
            self._tell(is_last=self.course.is_over)
            if self.course.is_over:
                break
            self._wait()
        self._finish()

    def stop(self) -> None:
        """The sweep is to end: so are its trials."""
        self.ledger.end_all()
        lifecycle.ensure(self.folder)
        self.diary.note("CONTROLLER", "The sweep was told to end; so were its trials.")

    # ── looking ──

    def _recall(self) -> None:
        """What the store knows: the trials of earlier sweeps that this one goes on from, and its own."""
        for sweep in self.plan.resumes:
            self._earlier += [self._observed(trial, len(self._earlier)) for trial in self.ledger.trials(sweep)]
        for trial in self.ledger.trials(self.ledger.sweep):
            self.course.began(trial)
            self.course.stands(trial.number, trial.status)
            self.course.logged(trial.number, trial.values)
            self._untold[trial.name] = json.dumps(trial.params)
        again = f"; {len(self.course.trials)} trials had begun before" if self.course.trials else ""
        self.diary.note("CONTROLLER", f"Sweep {self.ledger.sweep}: {self.plan.goal} {self.plan.metric}{again}.")

    def _look(self) -> None:
        """What became of the trials that went on."""
        before = {trial.name: trial for trial in self.course.unfinished}
        statuses = self.ledger.statuses(before)
        ended = {name for name, status in statuses.items() if status in FINISHED}
        seen = self.ledger.values(before if self._has_policy else ended)
        for name, values in seen.items():
            self.course.logged(before[JobName(name)].number, values)
        for name, status in statuses.items():
            self.course.stands(before[name].number, status)
            if status in FINISHED:
                self.diary.note("SCHEDULER", f"{name} is {status}.")
        if self.course.best and self.course.best != self._noted:
            self.ledger.note_best(self.course.best)
            self._noted = self.course.best

    def _judge(self) -> None:
        for trial, verdict in self.course.verdicts():
            self.ledger.end(trial, verdict)
            said = f"{verdict.value:g} at interval {verdict.interval}, bound {verdict.bound:g}"
            self.diary.note("POLICY", f"{verdict.policy} ends {trial.name}: {said}.")
            lifecycle.ensure(self.folder)

    def _check_hope(self) -> None:
        """Raises JobException when it is clear that no trial will come to anything."""
        if self.course.is_hopeless:
            failed = next(trial for trial in self.course.trials.values() if trial.status == JobStatus.FAILED)
            count = self.course.count([JobStatus.FAILED])
            raise JobException(
                f"All of the first {count} trials failed. {failed.name}: {self.ledger.error(failed.name)}",
                resolution="Run the trial's command once as a job of its own.",
            )
        trial = self.course.without_metric
        if trial and not any(self.ledger.values(one.name for one in self.course.unfinished).values()):
            logged = self.ledger.logged(trial.name)
            raise JobException(
                f"objective.primary_metric: '{self.plan.metric}' was not logged by {trial.name}, which completed; "
                f"it logged {', '.join(repr(name) for name in logged) or 'nothing'}.",
                resolution=did_you_mean(self.plan.metric, logged)
                if logged
                else f"Call mlflow.log_metric('{self.plan.metric}', …) in the trial.",
            )

    # ── trying ──

    def _begin_trials(self) -> None:
        slots = self.ledger.slots()
        most = slots if self._listens_to_others else _AHEAD * slots
        numbers = self.course.next_numbers(most - len(self.course.unfinished))
        for number in numbers:
            params = self._drawn(number)
            if params is None:
                self.course.is_exhausted = True
                break
            self.course.began(self.ledger.begin(number, params))
            self._untold[trial_name(self.ledger.sweep, number)] = text = json.dumps(params)
            self.diary.note("SCHEDULER", f"Began {trial_name(self.ledger.sweep, number)}: {text}")
        if numbers:
            lifecycle.ensure(self.folder)

    def _drawn(self, number: int) -> Mapping[str, Any] | None:
        earlier = len(self._earlier)
        seen = (*self._earlier, *self._all_observed(earlier)) if self._listens_to_others else ()
        return self.sampler.params(earlier + number, seen)

    def _all_observed(self, earlier: int) -> list[Observed]:
        return [self._observed(trial, earlier + trial.number) for trial in self.course.trials.values()]

    def _observed(self, trial: Trial, number: int) -> Observed:
        from jupyter_aml.engine.orchestrators.sweep.best import best

        value = best(trial.values, self.plan.goal) if trial.is_over else None
        return Observed(number, trial.params, value)

    # ── telling, waiting ──

    def _tell(self, *, is_last: bool) -> None:
        """The trials' values among the sweep's tags: at most once a second, for there may be a thousand."""
        now = time.monotonic()
        if self._untold and (is_last or now - self._told_at >= LOOK_AGAIN):
            self.ledger.note_params(self._untold)
            self._untold, self._told_at = {}, now

    def _wait(self) -> None:
        """Until a trial is over (the supervisor rings), or something may have been logged."""
        ready, _, _ = select.select([self._bell], [], [], LOOK_AT_METRICS if self._has_policy else LOOK_AGAIN)
        if not ready:
            if not self._has_policy:
                lifecycle.ensure(self.folder)  # it may have been killed while nobody else looked
            return
        with suppress(BlockingIOError):
            while self._bell.recv(1):
                pass

    def _finish(self) -> None:
        found = importance(self._all_observed(0), self.space)
        if found:
            self.ledger.note("sweep.importance", values=json.dumps(found))
        best = self.course.best
        said = f"the best is {best.child} with {self.plan.metric} {best.value:g}" if best else "none logged a number"
        self.diary.note("CONTROLLER", f"{len(self.course.trials)} trials are over; {said}.")
