"""The course of a pipeline: which steps may begin, when it is over, whether it failed. Pure; nothing is opened here."""

from collections.abc import Iterable
from dataclasses import dataclass

from jupyter_aml.entities.pipeline_plan import PipelinePlan, StepPlan
from jupyter_aml.entities.status import FINISHED, JobStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """How a step stands: the job that it is, or was taken from."""

    job: str
    status: JobStatus


class Course:
    """A pipeline from its first step to its last."""

    def __init__(self, plan: PipelinePlan) -> None:
        self._plan = plan
        self.steps = {step.name: step for step in plan.steps}
        self.stands: dict[str, Standing] = {}
        self.skipped: set[str] = set()

    def is_at(self, step: str, job: str, status: JobStatus) -> None:
        """A step has a job, which stands so."""
        self.stands[step] = Standing(job, status)

    def decided(self, step: str, *, value: bool) -> None:
        """An `if_else` has its condition: the steps of its other block are not begun, nor what waits for them."""
        self.is_at(step, "", JobStatus.COMPLETED)
        self.skipped |= set(self.steps[step].blocks["false" if value else "true"])

    @property
    def unfinished(self) -> dict[str, str]:
        """The steps that go on, by their jobs."""
        return {one.job: step for step, one in self.stands.items() if one.status not in FINISHED}

    def ready(self) -> list[StepPlan]:
        """The steps that may begin now, in the order of the plan."""
        left = (step for step in self._plan.steps if step.name not in self.stands and step.name not in self.skipped)
        return [step for step in left if self._may_begin(step)]

    def _may_begin(self, step: StepPlan) -> bool:
        if step.name == self._plan.final:
            return self._others_are_over
        if self.failed and (not self._plan.continue_on_step_failure or self._has_failed(self._plan.initial)):
            return False
        before = (*step.after, self._plan.initial) if step.name != self._plan.initial else step.after
        return all(self._is_completed(name) for name in before if name)

    @property
    def is_over(self) -> bool:
        """Whether nothing runs and nothing more may begin."""
        return not self.unfinished and not self.ready()

    @property
    def failed(self) -> list[str]:
        """The steps that failed or were canceled, in the order of the plan."""
        return [step.name for step in self._plan.steps if self._has_failed(step.name)]

    @property
    def is_stopping(self) -> bool:
        """Whether what still runs is to be ended: a step failed, and the pipeline does not go on then."""
        failed = [name for name in self.failed if name != self._plan.final]
        return bool(failed) and not self._plan.continue_on_step_failure

    def to_stop(self) -> Iterable[str]:
        """The jobs that are to be ended now; the final step runs whatever happens."""
        return [job for job, step in self.unfinished.items() if step != self._plan.final] if self.is_stopping else []

    @property
    def _others_are_over(self) -> bool:
        if any(step != self._plan.final for step in self.unfinished.values()):
            return False
        left = (step for step in self._plan.steps if step.name not in {*self.stands, *self.skipped, self._plan.final})
        return not any(self._may_begin(step) for step in left)

    def _is_completed(self, step: str) -> bool:
        return step in self.stands and self.stands[step].status == JobStatus.COMPLETED

    def _has_failed(self, step: str) -> bool:
        return step in self.stands and self.stands[step].status in {JobStatus.FAILED, JobStatus.CANCELED}
