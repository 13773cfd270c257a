"""The machine under hypothesis: any order of facts, stale and doubled ones, restarts and lost launches."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from jupyter_aml.engine import machine
from jupyter_aml.entities.compute_record import Power, Trigger
from jupyter_aml.entities.names import JobName
from tests.machine.world import RESULTS, Job, World

PICK = st.integers(0, 999)


class Torture(RuleBasedStateMachine):
    """Every rule tells the machine one fact; `World.tell` checks the laws after each."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()

    @initialize(kind=st.sampled_from(["dedicated", "low_priority", "instance"]))
    def begin(self, kind: str) -> None:
        self.world = World(low_priority=kind == "low_priority", is_instance=kind == "instance")

    def is_instance(self) -> bool:
        return self.world.made.instance is not None

    def is_no_instance(self) -> bool:
        return not self.is_instance()

    def any_job(self, pick: int) -> JobName:
        names = [*self.world.jobs, JobName("nobody")]
        return names[pick % len(names)]

    def any_alive(self, pick: int) -> Job:
        alive = self.world.alive()
        return alive[pick % len(alive)]

    def one_lives(self) -> bool:
        return bool(self.world.alive())

    @rule(nodes=st.integers(1, 4), max_attempts=st.integers(1, 3))
    def wish(self, nodes: int, max_attempts: int) -> None:
        self.world.wish(nodes, max_attempts)

    @precondition(is_no_instance)
    @rule()
    def take_up(self) -> None:
        self.world.take_up()

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        self.world.cancel(self.any_job(pick))

    @rule(pick=PICK)
    def refuse(self, pick: int) -> None:
        self.world.refuse(self.any_job(pick))

    @precondition(one_lives)
    @rule(pick=PICK)
    def start(self, pick: int) -> None:
        self.world.start(self.any_alive(pick))

    @precondition(one_lives)
    @rule(pick=PICK)
    def finish(self, pick: int) -> None:
        self.world.finish(self.any_alive(pick))

    @precondition(one_lives)
    @rule(pick=PICK, result=st.sampled_from(RESULTS))
    def end(self, pick: int, result: machine.Result) -> None:
        self.world.end(self.any_alive(pick), result)

    @precondition(one_lives)
    @rule(pick=PICK)
    def lose(self, pick: int) -> None:
        self.world.lose(self.any_alive(pick))

    @rule(pick=PICK, attempt=st.integers(-1, 4), kind=st.integers(0, 4))
    def hear_of_an_attempt_that_is_not_there(self, pick: int, attempt: int, kind: int) -> None:
        self.world.stale(self.any_job(pick), attempt, kind)

    @rule(low=st.integers(0, 3), more=st.integers(0, 3), idle_seconds=st.sampled_from([0.0, 30.0, 120.0]))
    def resize(self, low: int, more: int, idle_seconds: float) -> None:
        self.world.resize(low, low + more, idle_seconds)

    @precondition(is_instance)
    @rule(power=st.sampled_from(["start", "stop", "restart"]), trigger=st.sampled_from(["User", "Schedule"]))
    def switch(self, power: Power, trigger: Trigger) -> None:
        self.world.power(power, trigger)

    @rule(pick=PICK)
    def preempt(self, pick: int) -> None:
        numbers = [node.number for node in self.world.cluster.each] or [0]
        self.world.preempt(numbers[pick % len(numbers)])

    @rule(seconds=st.sampled_from([0.0, 1.0, 29.0, 31.0, 600.0]))
    def tick(self, seconds: float) -> None:
        self.world.tick(seconds)

    @rule()
    def restart(self) -> None:
        self.world.restart()

    @rule(pick=PICK, nodes=st.integers(1, 3))
    def crash_between_decision_and_deed(self, pick: int, nodes: int) -> None:
        self.world.crash_before_acting(pick, nodes)

    def teardown(self) -> None:
        self.world.drain()


TestTorture = Torture.TestCase
TestTorture.settings = settings(
    max_examples=1000,
    stateful_step_count=40,
    deadline=None,
)
