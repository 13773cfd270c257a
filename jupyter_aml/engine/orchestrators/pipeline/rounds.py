"""The rounds of a parallel_for: which may begin, whether they are over. Pure; nothing is opened here."""

from dataclasses import dataclass

from jupyter_aml.entities.status import FINISHED, JobStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """How a step, or one round of it, stands: the job that it is, or was taken from."""

    job: str
    status: JobStatus

    @property
    def has_failed(self) -> bool:
        """Whether it ended, and not well."""
        return self.status in {JobStatus.FAILED, JobStatus.CANCELED}


class Rounds:
    """One round for each item, `most` at once; 0: all."""

    def __init__(self, count: int, most: int) -> None:
        self._most = most or count
        self.stands: list[Standing | None] = [None] * count

    def is_at(self, number: int, standing: Standing) -> None:
        """A round has a job, which stands so."""
        self.stands[number] = standing

    @property
    def begun(self) -> list[Standing]:
        """The rounds that have a job, in the order of the items."""
        return [one for one in self.stands if one]

    @property
    def unfinished(self) -> list[Standing]:
        """The rounds that go on."""
        return [one for one in self.begun if one.status not in FINISHED]

    @property
    def failed(self) -> list[Standing]:
        """The rounds that failed or were canceled."""
        return [one for one in self.begun if one.has_failed]

    @property
    def next(self) -> list[int]:
        """The rounds that may begin now."""
        room = self._most - len(self.unfinished)
        return [number for number, one in enumerate(self.stands) if one is None][: max(0, room)]

    @property
    def are_completed(self) -> bool:
        """Whether every round has run, and well."""
        return all(one and one.status == JobStatus.COMPLETED for one in self.stands)
