"""The course of a pipeline: which steps may begin, when it is over, whether it failed. Pure; nothing is opened here."""

from collections.abc import Iterable, Iterator

from jupyter_aml.engine.orchestrators.pipeline.rounds import Rounds, Standing
from jupyter_aml.entities.pipeline_plan import PipelinePlan, StepPlan, round_of
from jupyter_aml.entities.status import FINISHED, JobStatus


class Course:
    """A pipeline from its first step to its last."""

    def __init__(self, plan: PipelinePlan) -> None:
        self._plan = plan
        self.steps = {step.name: step for step in plan.steps}
        self.stands: dict[str, Standing] = {}
        self.skipped: set[str] = set()
        self.loops = {step.body: step for step in plan.steps if step.type == "parallel_for"}
        """The `parallel_for` steps by their bodies: these begin with them, round by round."""
        self.rounds: dict[str, Rounds] = {}

    def is_at(self, step: str, job: str, status: JobStatus) -> None:
        """A step, or the round of one that is repeated, has a job, which stands so."""
        standing = Standing(job, status)
        if loop := self.loops.get(step):
            self.rounds[loop.name].is_at(round_of(job), standing)
        else:
            self.stands[step] = standing

    def opened(self, loop: str, count: int) -> None:
        """A `parallel_for` has its items: so many."""
        self.rounds[loop] = Rounds(count, self.steps[loop].most)

    def decided(self, step: str, *, value: bool) -> None:
        """An `if_else` has its condition: the steps of its other block are not begun, nor what waits for them."""
        self.is_at(step, "", JobStatus.COMPLETED)
        self.skipped |= set(self.steps[step].blocks["false" if value else "true"])
        self.skipped |= {loop.name for body, loop in self.loops.items() if body in self.skipped}

    @property
    def unfinished(self) -> dict[str, str]:
        """The steps that go on, by their jobs."""
        found = {one.job: step for step, one in self.stands.items() if one.status not in FINISHED}
        for body, loop in self.loops.items():
            if rounds := self.rounds.get(loop.name):
                found |= {one.job: body for one in rounds.unfinished}
        return found

    def ready(self) -> list[StepPlan]:
        """The steps that may begin now, in the order of the plan, and the loops of which a round may."""
        return [step for step in self._left() if self._may_begin(step)]

    def _left(self) -> Iterator[StepPlan]:
        """The steps that are not begun, and the loops that are not done."""
        for step in self._plan.steps:
            if step.name not in self.stands and step.name not in self.skipped and step.name not in self.loops:
                yield step

    def _may_begin(self, step: StepPlan) -> bool:
        if step.name == self._plan.final:
            return self._others_are_over
        if self.failed and (not self._plan.continue_on_step_failure or self._has_failed(self._plan.initial)):
            return False
        if rounds := self.rounds.get(step.name):
            return bool(rounds.next) or rounds.are_completed
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
    def cause(self) -> tuple[str, str] | None:
        """The step by which the pipeline failed, and its job if it has one: one that failed, not one that was ended."""
        ended = [(name, one) for name in self.failed for one in self._standings(name) if one.has_failed]
        ended.sort(key=lambda one: one[1].status != JobStatus.FAILED)
        return (ended[0][0], ended[0][1].job) if ended else None

    @property
    def not_begun(self) -> int:
        """How many steps have not begun."""
        return sum(step.name not in self.rounds for step in self._left()) + len(self.skipped)

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
        return not any(self._may_begin(step) for step in self._left() if step.name != self._plan.final)

    def _is_completed(self, step: str) -> bool:
        return step in self.stands and self.stands[step].status == JobStatus.COMPLETED

    def _has_failed(self, step: str) -> bool:
        return any(one.has_failed for one in self._standings(step))

    def _standings(self, step: str) -> list[Standing]:
        """How a step stands, a loop with its rounds."""
        own = [self.stands[step]] if step in self.stands else []
        return own + (self.rounds[step].begun if step in self.rounds else [])
