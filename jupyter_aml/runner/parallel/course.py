"""The course of a parallel step: who gets which mini-batch, what is tried again, who is replaced, when it is over."""

from __future__ import annotations

import os
import select
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

from jupyter_aml.runner.parallel import told
from jupyter_aml.runner.parallel.batches import Batch
from jupyter_aml.runner.parallel.bell import Bell
from jupyter_aml.runner.parallel.crew import Crew, Hand
from jupyter_aml.runner.parallel.journal import Journal
from jupyter_aml.runner.parallel.rows import Rows
from jupyter_aml.runner.parallel.settings import Settings
from jupyter_aml.runner.parallel.tally import Failure, Tally
from jupyter_aml.runner.parallel.told import Told

_LOOK: Final = 0.5
"""Seconds after which it looks around although nothing happened."""
_AHEAD: Final = 0.05
"""Seconds of work that a worker holds beyond what it does now: quick mini-batches need not wait for the driver."""
_MOST_AHEAD: Final = 256
_FORGET: Final = 0.2
"""The weight of the newest mini-batch in the pace."""
_BREATH: Final = 0.002
"""While workers have work in hand, answers are gathered so long: the driver must not take a processor from them."""


class StalledError(Exception):
    """It cannot go on: what happened."""


class Course:
    """The loop of the driver, and its state."""

    def __init__(self, settings: Settings, batches: Sequence[Batch], crew: Crew, bell: Bell, journal: Journal) -> None:
        self.settings, self.batches, self.crew = settings, batches, crew
        self.bell, self.journal = bell, journal
        self.tally = Tally(settings, len(batches), sum(batch.count for batch in batches))
        self.rows = Rows()
        self.waiting: deque[int] = deque(range(len(batches)))
        self.tries: dict[int, int] = {}
        self.wanted = min(workers(settings), len(batches))
        self.pace = 1.0
        self.broken = 0
        self.progress = time.monotonic()

    def run(self) -> None:
        """Until every mini-batch is done. Raises TooManyError, or StalledError."""
        while not self.tally.is_over:
            self._man()
            self._hand_out()
            self._wait()
            for hand in [*self.crew.hands]:
                self._listen(hand)
            self._bury()
            self._look_at_clock()
            self.journal.progress(self.tally, len(self.crew.hands))
        self._dismiss()

    # ── who works ──

    def _man(self) -> None:
        """As many workers as there are mini-batches that are not done, at most as many as are wanted."""
        open_ones = len(self.batches) - self.tally.done
        while len(self.crew.hands) < min(self.wanted, open_ones):
            self.crew.add(self._node())

    def _node(self) -> int:
        """The node with the fewest workers."""
        counts = [0] * self.settings.plan.nodes
        for hand in self.crew.hands:
            counts[hand.place.node] += 1
        return counts.index(min(counts))

    def _hand_out(self) -> None:
        ready = [hand for hand in self.crew.hands if hand.is_ready and not hand.is_deaf]
        for length in range(self._ahead()):
            for hand in ready:
                if self.waiting and len(hand.given) == length:
                    hand.give(self.waiting.popleft())

    def _ahead(self) -> int:
        """How many mini-batches a worker may hold; fewer near the end, so that none waits behind another."""
        share = len(self.waiting) // max(len(self.crew.hands), 1)
        return min(_MOST_AHEAD, 1 + int(_AHEAD / max(self.pace, 1e-6)), 1 + share)

    def _wait(self) -> None:
        if all(len(hand.given) > 1 for hand in self.crew.hands):
            time.sleep(_BREATH)
        timeout = max(min([_LOOK, *(self._left(hand) for hand in self.crew.hands)]), 0.0)
        select.select([self.bell, *(hand for hand in self.crew.hands if not hand.is_deaf)], [], [], timeout)
        self.bell.silence()

    # ── what they say ──

    def _listen(self, hand: Hand) -> None:
        for one in hand.heard():
            if one.kind == told.READY:
                hand.is_ready, self.broken = True, 0
                self.progress = time.monotonic()
            elif one.kind == told.BEGAN:
                hand.has_begun, hand.since = True, time.monotonic()
            elif one.kind == told.DONE:
                self._take(hand, one)
            else:
                hand.reason = one.reason
                self.journal.note(f"{hand.place.name}: {one.reason}")

    def _take(self, hand: Hand, one: Told) -> None:
        number, seconds = hand.given.pop(0), one.seconds
        hand.since = self.progress = time.monotonic()
        hand.has_begun = False
        self.pace += (seconds - self.pace) * (_FORGET if self.tally.done else 1.0)
        if one.reason:
            self._failed(number, hand, one)
            return
        self.tally.succeeded(self.batches[number].count)
        self.rows.put(number, one.text)
        self.journal.processed(number, self.batches[number], hand.place, self.tries.get(number, 0) + 1, one)

    def _failed(self, number: int, hand: Hand, one: Told) -> None:
        """A try of a mini-batch failed: it is tried again, or counted."""
        batch, tries = self.batches[number], self.tries.get(number, 0) + 1
        self.tries[number] = tries
        self.journal.processed(number, batch, hand.place, tries, one)
        if tries <= self.settings.plan.max_retries:
            self.tally.retries += 1
            self.waiting.append(number)
            return
        failure = Failure(number, batch.title, tries, one.reason)
        self.journal.failed(failure)
        self.rows.put(number, one.text)
        self.tally.gave_up(failure, batch.count, one.results)

    # ── who is gone ──

    def _bury(self) -> None:
        for hand in [*self.crew.hands]:
            if hand.is_deaf:
                hand.kill("")
            reason = hand.buried()
            if reason is not None:
                self._listen(hand)  # what it said before it went
                self._gone(hand, reason)

    def _gone(self, hand: Hand, reason: str) -> None:
        """Its mini-batch failed; those that it had not begun go to others, and cost nothing."""
        self.crew.hands.remove(hand)
        hand.close()
        if not hand.is_ready:
            self._never_ready(reason)
            return
        guilty = hand.given[:1] if hand.late in {None, *hand.given[:1]} else []
        for number in reversed(hand.given[len(guilty) :]):
            self.waiting.appendleft(number)
        if guilty:
            self.journal.note(f"{hand.place.name} is gone: {reason}")
            seconds = time.monotonic() - hand.since
            self._failed(hand.given[0], hand, Told(told.DONE, seconds=seconds, reason=reason))

    def _never_ready(self, reason: str) -> None:
        """A worker whose init() failed is replaced as often as a mini-batch is; then others do without it."""
        self.broken += 1
        if self.broken <= self.settings.plan.max_retries:
            return
        if not any(hand.is_ready for hand in self.crew.hands):
            raise StalledError(f"No worker process could start, after {self.broken} tries: {reason}.")
        self.wanted = len(self.crew.hands)

    # ── the clock ──

    def _left(self, hand: Hand) -> float:
        """Seconds that a worker still has for what it does."""
        if hand.is_ready and not hand.given:
            return _LOOK
        return hand.since + self._limit(hand)[0] - time.monotonic()

    def _limit(self, hand: Hand) -> tuple[float, str]:
        """How long it may take for what it does, and what that is. Rows are brought before run() is called."""
        if not hand.is_ready:
            return self.settings.first_task_timeout, "init() took longer than {:g} s (first_task_creation_timeout)"
        if hand.has_begun or self.batches[hand.given[0]].files:
            return self.settings.plan.timeout, "run() took longer than {:g} s (retry_settings.timeout)"
        return self.settings.overhead_timeout, "its rows were not there after {:g} s (task_overhead_timeout)"

    def _look_at_clock(self) -> None:
        for hand in self.crew.hands:
            if self._left(hand) <= 0:
                seconds, sentence = self._limit(hand)
                hand.late = hand.given[0] if hand.given else None
                hand.kill(sentence.format(seconds))
        still = time.monotonic() - self.progress
        if 0 < self.settings.progress_timeout < still:
            limit = self.settings.progress_timeout
            raise StalledError(f"No mini-batch ended for {limit:g} s, which progress_update_timeout allows.")

    def _dismiss(self) -> None:
        """Every worker shuts down; one that takes longer than a mini-batch may is ended."""
        for hand in self.crew.hands:
            hand.dismiss()
        until = time.monotonic() + self.settings.plan.timeout
        while self.crew.hands and time.monotonic() < until:
            select.select([self.bell], [], [], min(_LOOK, max(until - time.monotonic(), 0.0)))
            self.bell.silence()
            self._leave_taken()
        for hand in self.crew.hands:
            self.journal.note(f"{hand.place.name}: shutdown() took too long and was ended")

    def _leave_taken(self) -> None:
        for hand in [*self.crew.hands]:
            for one in hand.heard():
                self.journal.note(f"{hand.place.name}: {one.reason}")
            if hand.buried() is not None:
                self.crew.hands.remove(hand)
                hand.close()


def workers(settings: Settings) -> int:
    """How many worker processes there are at most."""
    return (settings.plan.workers_per_node or _processors()) * settings.plan.nodes


def _processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
