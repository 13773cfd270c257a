"""A pipeline's program: it looks, asks `course` which steps may begin, and begins them, until nothing is left to do.

All that it knows is in the store: killed at any point, the next one finds each step there, by its name.
"""

import select
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from jupyter_aml.constants import LITERAL_TYPES
from jupyter_aml.engine import lifecycle
from jupyter_aml.engine.orchestrators.diary import Diary
from jupyter_aml.engine.orchestrators.pipeline import step as steps
from jupyter_aml.engine.orchestrators.pipeline.collecting import collect
from jupyter_aml.engine.orchestrators.pipeline.course import Course
from jupyter_aml.engine.orchestrators.pipeline.ledger import Ledger
from jupyter_aml.engine.orchestrators.pipeline.values import items_of, truth, written
from jupyter_aml.entities.job_folder import orchestrator_bell, pipeline_template
from jupyter_aml.entities.job_record import ChildRecord
from jupyter_aml.entities.launch import InputSpec, OutputSpec, launch_from_json
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.pipeline_plan import (
    CONDITION,
    IS_REUSED,
    ITEMS,
    STEP,
    Bound,
    ForEach,
    Item,
    StepPlan,
    collected_at,
    plan_from_json,
    round_of,
)
from jupyter_aml.entities.status import FINISHED, JobStatus
from jupyter_aml.entities.workspace import WorkspaceFolder
from jupyter_aml.exceptions import JobException, MlException
from jupyter_aml.runner.doorbell import listen
from jupyter_aml.store import jobs

LOG: Final = "logs/azureml/executionlogs.txt"
LOOK_AGAIN: Final = 1.0
"""Seconds between looks when nobody rings."""


def _step_of(child: ChildRecord) -> str:
    return child.properties.get(STEP, "")


class Controller:
    """One pipeline of one workspace."""

    def __init__(self, root: Path, pipeline: JobName) -> None:
        self.folder = WorkspaceFolder(root)
        self.plan = plan_from_json(pipeline_template(self.folder.jobs, pipeline).read_text())
        self.ledger = Ledger(self.folder, pipeline)
        self.diary = Diary(self.folder.artifacts(pipeline) / LOG)
        self.course = Course(self.plan)
        self.job = self.ledger.job()
        self._root = launch_from_json(jobs.launch_text(self.ledger.database, pipeline)).root or pipeline
        self._turns = {step.body: step for step in self.plan.steps if step.type == "do_while"}
        self._marks: dict[str, str] = {}
        self._items: dict[str, tuple[Item, ...]] = {}
        self._errors: dict[str, MlException] = {}
        self._stopped: set[str] = set()
        self._bell = listen(str(orchestrator_bell(self.folder.jobs, pipeline)))

    def run(self) -> None:
        """Until the pipeline is over. JobException when it failed; NotWantedError when somebody ended it."""
        self._recall()
        while True:
            self._look()
            self._stop_the_rest()
            self._begin_steps()
            if self.course.is_over:
                break
            if self.course.unfinished:
                self._wait()
        self._judge()

    def stop(self) -> None:
        """The pipeline is to end: so are its steps."""
        self.ledger.end_all()
        lifecycle.ensure(self.folder)
        self.diary.note("CONTROLLER", "The pipeline was told to end; so were its steps.")

    # ── looking ──

    def _recall(self) -> None:
        """The steps that an earlier program of this pipeline has begun."""
        children = [child for child in self.ledger.children() if _step_of(child) in self.course.steps]
        for child in children:
            if _step_of(child) not in self.course.loops:
                self._remember(child)  # an `if_else` has no job: it is decided again, and decides the same
        for child in children:
            if loop := self.course.loops.get(_step_of(child)):
                if loop.name not in self.course.rounds:
                    self._open(loop)  # its items are what they were
                self._remember(child)
        again = f"; {len(children)} jobs had begun before" if children else ""
        self.diary.note("CONTROLLER", f"Pipeline {self.job.name}: {len(self.course.steps)} steps{again}.")

    def _remember(self, child: ChildRecord) -> None:
        self._mark_again(child)  # before it stands: a turn of a `do_while` read what the one before it made
        self.course.is_at(_step_of(child), child.name, child.status)

    def _mark_again(self, child: ChildRecord) -> None:
        """What a step that an earlier program began offers later ones; one that was done while none lived, now."""
        step = self.course.steps[_step_of(child)]
        is_done = child.status == JobStatus.COMPLETED
        if not self._may_reuse(step) or IS_REUSED in child.properties or (child.status in FINISHED and not is_done):
            return
        with suppress(JobException):  # what it read is no more: nobody will read the same
            mark = self._marks[child.name] = self._mark(step, round_of(child.name))
            if is_done and not self.ledger.earlier(mark):
                self.ledger.offer(mark, child.name)

    def _look(self) -> None:
        before = self.course.unfinished
        for name, status in self.ledger.statuses(before).items():
            step = before[name]
            self.course.is_at(step, name, status)
            if status in FINISHED:
                self.diary.note("SCHEDULER", f"{step} ({name}) is {status}.")
            if status == JobStatus.COMPLETED and self._is_offered(self.course.steps[step], name):
                self.ledger.offer(self._marks[name], name)

    def _stop_the_rest(self) -> None:
        """What runs beside a step that failed, unless the pipeline goes on then."""
        if jobs_ := [name for name in self.course.to_stop() if name not in self._stopped]:
            self.ledger.end(jobs_)
            self._stopped.update(jobs_)
            lifecycle.ensure(self.folder)

    # ── beginning ──

    def _begin_steps(self) -> None:
        """What may begin; what was decided or taken over lets others begin at once."""
        while ready := self.course.ready():
            for step in ready:
                match step.type:
                    case "if_else":
                        self._decide(step)
                    case "do_while":
                        self._go_round(step)
                    case "parallel_for":
                        self._go_on(step)
                    case _:
                        self._begin(step, self._inputs(step))
            lifecycle.ensure(self.folder)

    def _decide(self, step: StepPlan) -> None:
        """Which block of an `if_else` is run: by what its condition has become."""
        is_true = self._is_true(step)
        self.course.decided(step.name, value=is_true)
        self.diary.note("SCHEDULER", f"{step.name}: its condition is {is_true}.")

    def _is_true(self, step: StepPlan) -> bool:
        bound = step.bound.get(CONDITION)
        return truth(f"jobs.{step.name}.condition", self._given(bound).value if bound else step.spec.get("condition"))

    def _go_round(self, step: StepPlan) -> None:
        """The body of a `do_while` once more, with what it made; or its end."""
        body, done = self.course.steps[step.body], round_of(self.course.stands[step.body].job) + 1
        if done < step.most and self._is_true(step):
            self._begin(body, self._of_turn(step), done)
            return
        self.course.is_at(step.name, "", JobStatus.COMPLETED)
        self.diary.note("SCHEDULER", f"{step.name}: done after {done} rounds.")

    def _of_turn(self, step: StepPlan) -> dict[str, InputSpec]:
        """What the body of a `do_while` is given once more: what it always is, and what its last turn made."""
        made = {name: self._given(bound) for name, bound in step.bound.items() if name != CONDITION}
        return {**self._inputs(self.course.steps[step.body]), **made}

    def _go_on(self, step: StepPlan) -> None:
        """Rounds of a `parallel_for`, as many as may run at once; after the last one, what they made together."""
        try:
            if step.name not in self.course.rounds:
                self._open(step)
            rounds = self.course.rounds[step.name]
            for number in rounds.next:
                self._begin(self.course.steps[step.body], self._of_round(step, number), number)
            if rounds.are_completed:
                self._collect(step, [one.job for one in rounds.begun])
        except JobException as error:
            self._errors[step.name] = error
            self.course.is_at(step.name, "", JobStatus.FAILED)
            self.diary.note("SCHEDULER", f"{step.name} failed: {error}", "ERROR")

    def _open(self, step: StepPlan) -> None:
        """The items of a `parallel_for`, once what they are bound to is there."""
        each, bound = step.each or ForEach(), step.bound.get(ITEMS)
        self._items[step.name] = items_of(each, self._given(bound).value) if bound else each.items
        self.course.opened(step.name, len(self._items[step.name]))
        self.diary.note("SCHEDULER", f"{step.name}: {len(self._items[step.name])} rounds of {step.body}.")

    def _of_round(self, step: StepPlan, number: int) -> dict[str, InputSpec]:
        """What the body of a `parallel_for` is given in one round: what it always is, and its item."""
        item = self._items[step.name][number]
        bound = {name: self._given(one) for name, one in item.bound.items()}
        return {**self._inputs(self.course.steps[step.body]), **item.given, **bound}

    def _collect(self, step: StepPlan, rounds: Sequence[str]) -> None:
        """What the rounds made, put together once: who reads it finds it as it was."""
        if not self.ledger.collected(step.name):
            made = [self.ledger.outputs(job) for job in rounds]
            for name, output in collected_at(step, self.job.name).items():
                collect(step, name, [one[name] for one in made], Path(output.path))
            self.ledger.keep_collected(step.name, steps.sum_of(made))
        self.course.is_at(step.name, "", JobStatus.COMPLETED)
        self.diary.note("SCHEDULER", f"{step.name}: done after {len(rounds)} rounds.")

    def _begin(self, step: StepPlan, inputs: Mapping[str, InputSpec], round_: int = 0) -> None:
        made = steps.made(step, self.job, self._root, inputs, time.time(), round_=round_)
        mark = self._marks[made.record.name] = steps.mark_of(step, self._as_read(step, made))
        earlier = self.ledger.earlier(mark) if self._may_reuse(step) else None
        if earlier:
            self.ledger.take_over(steps.reused(made, earlier, self.ledger.outputs(earlier.name)), earlier.name)
            self.course.is_at(step.name, made.record.name, JobStatus.COMPLETED)
            self.diary.note("SCHEDULER", f"{step.name} is that of {earlier.name}: nothing of it has changed.")
            return
        self.ledger.begin(made)
        self.course.is_at(step.name, made.record.name, JobStatus.NOT_STARTED)
        self.diary.note("SCHEDULER", f"Began {step.name} ({made.record.name}).")

    def _inputs(self, step: StepPlan) -> dict[str, InputSpec]:
        """What the inputs that were open have become."""
        return {name: self._given(bound) for name, bound in step.bound.items()}

    def _given(self, bound: Bound) -> InputSpec:
        if not bound.step:
            return steps.passed_on(bound, self.plan.inputs[bound.name])
        output = self._outputs(bound.step)[bound.name]
        if bound.type in LITERAL_TYPES:
            text = written(bound.step, bound.name, bound.type, output.path)
            return InputSpec(bound.type, text, optional=bound.optional)
        return steps.given_by(bound, output)

    def _outputs(self, step: str) -> Mapping[str, OutputSpec]:
        plan = self.course.steps[step]
        return collected_at(plan, self.job.name) if plan.each else self.ledger.outputs(self.course.stands[step].job)

    def _mark(self, step: StepPlan, number: int) -> str:
        """Of a step that an earlier program began: what it would offer later ones."""
        turns = self._turns.get(step.name) if number else None
        if loop := self.course.loops.get(step.name):
            inputs = self._of_round(loop, number)
        else:
            inputs = self._of_turn(turns) if turns else self._inputs(step)
        made = steps.made(step, self.job, self._root, inputs, 0.0, round_=number)
        return steps.mark_of(step, self._as_read(step, made))

    def _as_read(self, step: StepPlan, made: steps.Made) -> steps.Made:
        """The same job, what a loop put together named by what its rounds made: that lies elsewhere each time."""
        read = dict(made.launch.inputs)
        for name, bound in step.bound.items():
            if bound.step and self.course.steps[bound.step].each and bound.type not in LITERAL_TYPES and name in read:
                read[name] = replace(read[name], value=f"{self.ledger.collected(bound.step)}/{bound.name}")
        return replace(made, launch=replace(made.launch, inputs=read))

    def _may_reuse(self, step: StepPlan) -> bool:
        return step.type in {"command", "sweep"} and step.is_deterministic and not self.plan.force_rerun

    def _is_offered(self, step: StepPlan, job: str) -> bool:
        """A run that was forced is no candidate for later ones (§9.3)."""
        return self._may_reuse(step) and job in self._marks

    # ── waiting, ending ──

    def _wait(self) -> None:
        """Until a step is over: the supervisor rings."""
        ready, _, _ = select.select([self._bell], [], [], LOOK_AGAIN)
        if not ready:
            lifecycle.ensure(self.folder)  # it may have been killed while nobody else looked
            return
        with suppress(BlockingIOError):
            while self._bell.recv(1):
                pass

    def _judge(self) -> None:
        counts = self._counts()
        self.diary.note("CONTROLLER", ", ".join(f"{count} {what}" for what, count in counts.items()) + ".")
        if cause := self.course.cause:
            step, job = cause
            told = self._errors.get(step)
            raise JobException(
                f"Step '{step}' of the pipeline failed: {told.message if told else self.ledger.error(job)}",
                resolution=told.resolution if told else f"Its log: ml_client.jobs.stream('{job}').",
            )

    def _counts(self) -> Mapping[str, int]:
        children = self.ledger.children()
        reused = sum(child.properties.get(IS_REUSED) == "true" for child in children)
        began = len(children) - reused
        left = self.course.not_begun
        return {"steps run": began, "reused": reused} | ({"not begun": left} if left else {})
