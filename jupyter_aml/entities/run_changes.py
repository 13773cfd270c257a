"""What is new about a run since somebody last looked: plain data, as views exchange it. Nothing is opened here."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final, Self, cast

from jupyter_aml.entities.log_progress import LogProgress
from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.exceptions import ValidationException


@dataclass(frozen=True, slots=True)
class Cursor:
    """How much of a run somebody has seen. The first one has seen nothing; whoever holds one need not understand it.

    `details`: which details; `log`: which log, and how what was seen of it ends; `log_at`: so many bytes of it;
    `metrics`: the last row of its metrics. `follow` is the reader's own word: the log to read; '' leaves the choice.
    """

    details: str = ""
    log: str = ""
    log_at: int = 0
    metrics: int = 0
    follow: str = ""

    def to_json(self) -> str:
        """The cursor as a short text; what is as in the first one is left out."""
        return json.dumps({name: value for name, value in asdict(self).items() if value != _FIRST[name]})

    @classmethod
    def of_json(cls, text: str) -> Self:
        """The cursor in such a text. ValidationException for any other."""
        try:
            given: object = json.loads(text or "{}")
        except ValueError:
            given = None
        return cls.of(given)

    @classmethod
    def of(cls, given: object) -> Self:
        """The cursor in such a text's object. ValidationException for any other."""
        found = cast("dict[str, str | int]", given) if isinstance(given, dict) else {"": ""}
        if all(_fits(_FIRST.get(name), value) for name, value in found.items()):
            return cls(**found)  # pyright: ignore[reportArgumentType] - each was just held beside its kind
        message = f"cursor: {str(found)[:80]!r} is none."
        raise ValidationException(message, resolution="Give back the cursor of the last answer, or none.")


_FIRST: Final[Mapping[str, str | int]] = asdict(Cursor())


def _fits(first: str | int | None, value: object) -> bool:
    return type(value) is type(first) and not (isinstance(value, int) and value < 0)


@dataclass(frozen=True, slots=True)
class SeriesSummary:
    """One metric in a line. `least` and `most`: of its finite values, None while it has none. `last` may be no number.

    A last value that JSON lacks is a word: NaN, Infinity, -Infinity.
    """

    key: str
    count: int
    last: float | str
    least: float | None
    most: float | None
    first_step: int
    last_step: int


@dataclass(frozen=True, slots=True)
class LogPiece:
    """What was appended to a log. `start`: its first byte; `first_line`: the number of its first line, from 0.

    `start` lies behind what was seen before when more was appended than is sent at once; it begins at a line then.
    `is_new`: it does not continue what was seen before, for it is another log, or was truncated or replaced.
    `size`: of the whole log, in bytes.
    """

    name: str
    size: int
    start: int
    first_line: int
    text: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What is new since a cursor, and the cursor to ask with the next time.

    `details` has neither metrics nor the text of the log; None: as they were. `series`: those with new points.
    `is_final`: nothing will change again, once this was read. `progress`: how far the log says that the run is now,
    new or not; None: it says nothing, or the run is over.
    """

    cursor: Cursor
    details: RunTabs | None = None
    series: tuple[SeriesSummary, ...] = ()
    log: LogPiece | None = None
    is_final: bool = False
    progress: LogProgress | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is new."""
        return self.details is None and not self.series and self.log is None


@dataclass(frozen=True, slots=True)
class RunNow:
    """How a run stands: the answer to a wish for its end, or for another like it."""

    run: str
    status: str
