"""When a trigger is due: the mathematics of cron expressions and recurrences. Pure: every time is passed in.

Times that go in and come out are seconds since the epoch; a trigger itself thinks in its own time zone's wall clock.
A wall time that a zone skips in spring is due as much later as the clocks went forward; one that it repeats in
autumn is due once, the first time. A cron expression whose hours are `*` or `*/n` counts hours as they pass: it is
due in both of them.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import product
from typing import Any, Final, Literal, TypeAlias, cast

from jupyter_aml.entities.time_zones import zone_of
from jupyter_aml.exceptions import ValidationException, did_you_mean

TriggerSpec: TypeAlias = Mapping[str, Any]  # Any: a trigger as its YAML says it
Frequency: TypeAlias = Literal["minute", "hour", "day", "week", "month"]

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SECONDS: Final[dict[str, int]] = {"minute": 60, "hour": 3600}
_WEEK: Final = 7
_YEAR: Final = 12
_FAR: Final = 9 * 366
"""Days to look ahead: a 29 February may be eight years away. Whoever is not due by then never is."""
_FIELDS: Final = ("minutes", "hours", "days", "months", "days of the week")


@dataclass(frozen=True, slots=True)
class Clockwork:
    """A trigger, understood: due at `times` of the days that `is_day` names, or every `seconds`; from, until, where."""

    zone: tzinfo
    start: float
    end: float | None = None
    seconds: int = 0
    times: tuple[time, ...] = ()
    is_day: Callable[[date], bool] = bool
    repeats: bool = False
    """Whether it is due again in an hour that its zone repeats."""

    def next_after(self, at: float) -> float | None:
        """The first time after `at` that it is due, or None."""
        found = self._stepped_after(at) if self.seconds else self._of_days_after(max(at, self.start - 1e-6))
        return found if found is not None and (self.end is None or found <= self.end) else None

    def last_in(self, after: float, until: float) -> float | None:
        """The last time in `(after, until]` that it was due, or None."""
        until = until if self.end is None else min(until, self.end)
        after = max(after, self.start - 1e-6)
        if until <= after:
            return None
        if self.seconds:
            found = self.start + (until - self.start) // self.seconds * self.seconds
            return found if found > after else None
        return self._of_days_before(after, until)

    def count_in(self, after: float, until: float) -> int:
        """How often in `(after, until]` it was due."""
        until = until if self.end is None else min(until, self.end)
        after = max(after, self.start - 1e-6)
        if until <= after:
            return 0
        if self.seconds:
            return int((until - self.start) // self.seconds) - int((after - self.start) // self.seconds)
        return sum(self._due_on(day, after, until) for day in self._days_until(after, until))

    def _due_on(self, day: date, after: float, until: float) -> int:
        moments = self._moments(day)
        return bisect_right(moments, until) - bisect_right(moments, after)

    def _days_until(self, after: float, until: float) -> Iterator[date]:
        day = datetime.fromtimestamp(after, self.zone).date() - timedelta(days=1)
        last = datetime.fromtimestamp(until, self.zone).date() + timedelta(days=1)
        while day <= last:
            if self.is_day(day):
                yield day
            day += timedelta(days=1)

    def _stepped_after(self, at: float) -> float:
        steps = (at - self.start) // self.seconds + 1
        return self.start + max(steps, 0) * self.seconds

    def _of_days_after(self, at: float) -> float | None:
        for day in self._days(at, 1):
            moments = self._moments(day)
            if (place := bisect_right(moments, at)) < len(moments):
                return moments[place]
        return None

    def _of_days_before(self, after: float, until: float) -> float | None:
        for day in self._days(until, -1):
            moments = self._moments(day)
            if place := bisect_right(moments, until):
                return moments[place - 1] if moments[place - 1] > after else None
            if self._moment(day, time.max) < after:
                return None
        return None

    def _days(self, at: float, step: int) -> Iterator[date]:
        """The days from `at` on, or back; one day earlier, for a skipped hour may move a time past midnight."""
        first = datetime.fromtimestamp(at, self.zone).date() - timedelta(days=step)
        for ahead in range(_FAR):
            try:
                day = first + timedelta(days=step * ahead)
            except OverflowError:
                return
            if self.is_day(day):
                yield day

    def _moments(self, day: date) -> list[float]:
        first = {self._moment(day, at) for at in self.times}
        return sorted(first | (self._repeated(day) if self.repeats else set()))

    def _moment(self, day: date, at: time) -> float:
        return datetime.combine(day, at, self.zone).timestamp()

    def _repeated(self, day: date) -> set[float]:
        """The second time of those that the zone has twice on that day."""
        midnight = datetime.combine(day, time(), self.zone)
        if midnight.utcoffset() == datetime.combine(day + timedelta(days=1), time(), self.zone).utcoffset():
            return set()
        twice = (datetime.combine(day, at, self.zone) for at in self.times)
        return {at.replace(fold=1).timestamp() for at in twice if at.timestamp() < at.replace(fold=1).timestamp()}


def clockwork(trigger: TriggerSpec, said_at: float) -> Clockwork:
    """A trigger as its YAML says it; without a start time it starts with the second in which it was said.

    Raises ValidationException that begins with the field.
    """
    zone = zone_of(str(trigger.get("time_zone") or "UTC"))
    start = _moment("start_time", trigger.get("start_time"), zone)
    end = _moment("end_time", trigger.get("end_time"), zone)
    known = start if start is not None else said_at // 1
    if trigger.get("expression") is not None:
        minutes, hours, weekdays = _cron(str(trigger["expression"]))
        times = tuple(time(hour, minute) for hour, minute in product(hours, minutes))
        passing = str(trigger["expression"]).split()[1].startswith("*")
        return Clockwork(zone, known, end, 0, times, lambda day: day.isoweekday() % _WEEK in weekdays, passing)
    return _recurrence(trigger, zone, known, end)


# ── cron ──


def _cron(expression: str) -> tuple[list[int], list[int], set[int]]:
    """Minutes, hours and days of the week (0: Sunday); days and months are read as `*`, as Azure ML does."""
    words = expression.split()
    if len(words) != len(_FIELDS):
        message = (
            f"expression: '{expression}' has {len(words)} fields; a cron expression has five: {', '.join(_FIELDS)}."
        )
        raise ValidationException(message, resolution="E.g. '0 18 * * 1-5': at 18:00 from Monday to Friday.")
    for name, word, low, high in ((_FIELDS[2], words[2], 1, 31), (_FIELDS[3], words[3], 1, 12)):
        _numbers(name, word, low, high)
    minutes, hours = _numbers(_FIELDS[0], words[0], 0, 59), _numbers(_FIELDS[1], words[1], 0, 23)
    return minutes, hours, {day % _WEEK for day in _numbers(_FIELDS[4], _numbered(words[4]), 0, _WEEK)}


def _numbered(word: str) -> str:
    """Days of the week by number."""
    for number, day in enumerate(_DAYS, 1):
        word = word.lower().replace(day, str(number)).replace(day[:3], str(number))
    return word


def _numbers(name: str, word: str, low: int, high: int) -> list[int]:
    """`*`, lists, ranges and steps. ValidationException where it is none of these, or out of range."""
    found: set[int] = set()
    for part in word.split(","):
        body, slash, step = part.partition("/")
        first, dash, last = (str(low), "-", str(high)) if body == "*" else body.partition("-")
        last = last if dash else (str(high) if slash else first)
        if not (first.isdecimal() and last.isdecimal() and (not slash or step.isdecimal())):
            raise ValidationException(f"expression: '{part}' is no {name}.", resolution="Use *, 5, 1-5, 1,3 or */15.")
        if not low <= int(first) <= int(last) <= high or (slash and int(step) < 1):
            raise ValidationException(f"expression: '{part}' is out of range: {name} go from {low} to {high}.")
        found |= set(range(int(first), int(last) + 1, int(step or 1)))
    return sorted(found)


# ── recurrence ──


def _recurrence(trigger: TriggerSpec, zone: tzinfo, start: float, end: float | None) -> Clockwork:
    frequency = str(trigger.get("frequency") or "").lower()
    known = (*_SECONDS, "day", "week", "month")
    if frequency not in known:
        message = f"frequency: '{trigger.get('frequency')}' is not a frequency."
        raise ValidationException(message, resolution=did_you_mean(frequency, known))
    interval = _interval(trigger.get("interval", 1))
    pattern = cast("TriggerSpec", trigger.get("schedule") or {})
    _check_use(frequency, pattern)
    if frequency in _SECONDS:
        return Clockwork(zone, start, end, _SECONDS[frequency] * interval)
    first = datetime.fromtimestamp(start, zone)
    return Clockwork(zone, start, end, 0, _times(pattern, first), _days(frequency, interval, pattern, first.date()))


def _check_use(frequency: str, pattern: TriggerSpec) -> None:
    """A pattern that the frequency has no use for would be ignored: hours and minutes are those of a day."""
    if frequency in _SECONDS and pattern:
        message = f"schedule: a pattern says when in a day, and with frequency '{frequency}' the start alone counts."
        raise ValidationException(message, resolution="Leave it out, or use frequency 'day', 'week' or 'month'.")
    if frequency != "month" and pattern.get("month_days"):
        message = f"schedule.month_days: with frequency '{frequency}' days of the month do not count."
        raise ValidationException(message, resolution="Use frequency 'month'.")


def _interval(value: object) -> int:
    if isinstance(value, int) and value >= 1:
        return value
    raise ValidationException(f"interval: a whole number from 1 on is expected, found {value!r}.")


def _times(pattern: TriggerSpec, first: datetime) -> tuple[time, ...]:
    """Hours crossed with minutes; without a pattern, the time of the start."""
    if not pattern:
        return (first.time(),)
    hours = _within("schedule.hours", pattern.get("hours"), 0, 23) or [first.hour]
    minutes = _within("schedule.minutes", pattern.get("minutes"), 0, 59) or [0]
    return tuple(time(hour, minute) for hour, minute in product(hours, minutes))


def _days(frequency: str, interval: int, pattern: TriggerSpec, first: date) -> Callable[[date], bool]:
    """Which days: every so many days, weeks (from a Monday) or months after the first."""
    weekdays = {_weekday(day) for day in _listed(pattern.get("week_days"))}
    month_days = set(_within("schedule.month_days", pattern.get("month_days"), 1, 31))
    monday = first - timedelta(days=first.weekday())

    def is_day(day: date) -> bool:
        if day < first:
            return False
        if frequency == "day":
            return (day - first).days % interval == 0 and (not weekdays or day.weekday() in weekdays)
        if frequency == "week":
            return (day - monday).days // _WEEK % interval == 0 and day.weekday() in (weekdays or {first.weekday()})
        months = (day.year - first.year) * _YEAR + day.month - first.month
        if months % interval:
            return False
        return day.weekday() in weekdays if weekdays and not month_days else day.day in (month_days or {first.day})

    return is_day


def _weekday(value: object) -> int:
    name = str(value).lower()
    if name not in _DAYS:
        raise ValidationException(f"schedule.week_days: '{value}' is no day.", resolution=did_you_mean(name, _DAYS))
    return _DAYS.index(name)


def _within(name: str, value: object, low: int, high: int) -> list[int]:
    for number in _listed(value):
        if not isinstance(number, int) or not low <= number <= high:
            raise ValidationException(f"{name}: whole numbers from {low} to {high} are expected, found {number!r}.")
    return cast("list[int]", _listed(value))


def _listed(value: object) -> list[object]:
    return [] if value is None else cast("list[object]", value) if isinstance(value, list) else [value]


def _moment(name: str, value: object, zone: tzinfo) -> float | None:
    """A time as YAML, JSON or Python say it; without an offset it is the zone's wall clock."""
    if value is None:
        return None
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        message = f"{name}: '{value}' is not a time."
        raise ValidationException(message, resolution="E.g. '2026-11-25T18:00:00'.") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC).timestamp()
