"""A job that is not finished, and the queue of those that wait. Values only; nothing is decided here."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.status import JobStatus

_CHUNK: Final = 256
"""A changed queue copies at most that many tasks: ten thousand wishes cost ten thousand times the same."""


class Leaving(StrEnum):
    """Why an attempt was told to end, and so what follows when it has."""

    NOT = ""
    CANCELED = "canceled"
    """Somebody wished the job's end: it is canceled."""
    PREEMPTED = "preempted"
    """Its node was taken away: it waits for another one, and that costs it none of its attempts."""
    HALTED = "halted"
    """Its compute instance was stopped: the job failed."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job that is not finished. `place` orders those that wait; `on` are the numbers of its nodes.

    `spared` of its attempts do not count against `max_attempts`; `taken` is the node that was preempted under it.
    """

    name: JobName
    nodes: int = 1
    max_attempts: int = 1
    attempt: int = 0
    status: JobStatus = JobStatus.NOT_STARTED
    place: int = 0
    spared: int = 0
    on: tuple[int, ...] = ()
    leaving: Leaving = Leaving.NOT
    taken: int | None = None

    @property
    def holds_nodes(self) -> bool:
        """Whether an attempt of it may be alive."""
        return self.status is not JobStatus.QUEUED and self.status is not JobStatus.NOT_STARTED

    @property
    def is_attached(self) -> bool:
        """Whether it is a part of somebody's own process, which nobody can start again."""
        return self.nodes == 0

    @property
    def is_used_up(self) -> bool:
        """Whether it was tried as often as the job allows."""
        return self.attempt - self.spared >= self.max_attempts


Chunk: TypeAlias = dict[JobName, Task]


@dataclass(frozen=True, slots=True)
class Queue:
    """Waiting tasks by their place. A changed queue shares with the one before all but one short chunk."""

    chunks: tuple[Chunk, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.chunks)

    def __len__(self) -> int:
        return sum(map(len, self.chunks))

    def __iter__(self) -> Iterator[Task]:
        for chunk in self.chunks:
            yield from chunk.values()

    def get(self, name: JobName) -> Task | None:
        """The waiting task of that name."""
        return next((chunk[name] for chunk in self.chunks if name in chunk), None)

    def add(self, task: Task) -> "Queue":
        """With `task` at its place."""
        if not self.chunks or _last(self.chunks[-1]) < task.place:
            return self._appended(task)
        index = next(index for index, chunk in enumerate(self.chunks) if _last(chunk) >= task.place)
        there = sorted((*self.chunks[index].values(), task), key=lambda one: one.place)
        return self._changed(index, {one.name: one for one in there})

    def without(self, name: JobName) -> "Queue":
        """Without the task of that name."""
        for index, chunk in enumerate(self.chunks):
            if name in chunk:
                return self._changed(index, {key: task for key, task in chunk.items() if key != name})
        return self

    def _appended(self, task: Task) -> "Queue":
        if self.chunks and len(self.chunks[-1]) < _CHUNK:
            return self._changed(len(self.chunks) - 1, {**self.chunks[-1], task.name: task})
        return Queue((*self.chunks, {task.name: task}))

    def _changed(self, index: int, chunk: Chunk) -> "Queue":
        return Queue((*self.chunks[:index], *((chunk,) if chunk else ()), *self.chunks[index + 1 :]))


def _last(chunk: Chunk) -> int:
    return next(reversed(chunk.values())).place
