"""Text to instants by strptime-like formats, as the real package reads them. No clock and no time zone of ours.

Differs from Python's strptime: a space stands for any white space, numbers may lack leading zeros, `.%f` is optional
and goes to nanoseconds, `%z` takes `+0200`, `+02:00`, `Z` and `UTC`; the result is UTC.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

_MONTHS: Final = "january february march april may june july august september october november december".split()
_DAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NANO_DIGITS: Final = 9
_CENTURY_TURN: Final = 70
_LEAP_SECOND: Final = 60
_NOON: Final = 12

_ITEMS: Final = {
    "Y": r"\s*(?P<Y>[+-]?\d{1,4})",
    "y": r"\s*(?P<y>\d{1,2})",
    "m": r"\s*(?P<m>\d{1,2})",
    "d": r"\s*(?P<d>\d{1,2})",
    "e": r"\s*(?P<d>\d{1,2})",
    "H": r"\s*(?P<H>\d{1,2})",
    "I": r"\s*(?P<I>\d{1,2})",
    "M": r"\s*(?P<M>\d{1,2})",
    "S": r"\s*(?P<S>\d{1,2})",
    "f": r"\s*(?P<f>\d{1,9})",
    "b": f"(?P<b>{'|'.join(month[:3] for month in _MONTHS)})",
    "B": f"(?P<b>{'|'.join([*_MONTHS, *(month[:3] for month in _MONTHS)])})",
    "a": f"(?:{'|'.join(day[:3] for day in _DAYS)})",
    "A": f"(?:{'|'.join([*_DAYS, *(day[:3] for day in _DAYS)])})",
    "p": r"(?P<p>am|pm)",
    "z": r"\s*(?P<z>[+-]\d{2}:?\d{2}|Z|UTC)",
    "%": "%",
}


def _variants() -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    clocks = ("", "T%H:%M:%S", " %H:%M:%S", "T%H:%M:%S.%f", " %H:%M:%S.%f")
    zoned = tuple(f"{clock}%z" for clock in clocks[1:])
    iso = [day + clock for day in ("%Y-%m-%d", "%Y/%m/%d") for clock in (*clocks, *zoned)]
    named = [
        f"%d{sep}%b{sep}{year}{clock}"
        for sep in "-/"
        for year in ("%y", "%Y")
        for clock in ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f")
    ]
    unsure = [
        (f"%m{sep}%d{sep}{year}{clock}", f"%d{sep}%m{sep}{year}{clock}")
        for sep in "-/"
        for year in ("%y", "%Y")
        for clock in ("", " %I:%M %p", " %I:%M:%S %p", " %H:%M", " %H:%M:%S")
    ]
    return (*iso, *named), tuple(unsure)


CERTAIN, UNSURE = _variants()
"""Formats that are looked for in text: those that say one thing, and pairs of month-first and day-first."""


def instant(text: str, formats: Iterable[str]) -> int | None:
    """Nanoseconds since 1970 by the first format that fits the whole text; None when none does."""
    for one in formats:
        if (found := _instant(text, one)) is not None:
            return found
    return None


def inferred_formats(samples: Sequence[str]) -> tuple[str, ...] | None:
    """The formats that a column's samples are written in; None when they are no dates.

    Where all samples of one shape could be month-first as well as day-first, neither is taken: Azure reads such
    dates as nulls rather than guess, and so do we.
    """
    shapes = {_shape(text) for text in samples}
    if not all(_dateish(shape) for shape in shapes):
        return None
    firsts = {next((one for one in CERTAIN if _instant(text, one) is not None), None) for text in samples}
    certain = [one for one in CERTAIN if one in firsts]
    decided: list[str] = []
    for pair in UNSURE:
        left = [{one for one in pair if _instant(text, one) is not None} for text in samples]
        sides = [side for side in left if side]
        if agreed := set(pair).intersection(*sides) if sides else set[str]():
            decided += agreed if len(agreed) == 1 else []
        elif sides:
            return None
    fits = [*certain, *(one for pair in UNSURE for one in pair)]
    if not all(any(_instant(text, one) is not None for one in fits) for text in samples):
        return None
    return (*certain, *decided)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text)


@cache
def _dateish(shape: str) -> bool:
    """Whether digits stand in groups as a date's do: cheap, and wrong only by saying yes."""
    return bool(re.match(r"\s*\+?0[-/](0|[A-Za-z]{3})[-/]0", shape))


@cache
def _pattern(one: str) -> re.Pattern[str] | None:
    """The regular expression of a format; None for a format with an item nobody knows."""
    parts: list[str] = []
    for item in re.findall(r"\.%f|%.|\s+|[^%\s]+|%$", one.replace("%T", "%H:%M:%S").replace("%F", "%Y-%m-%d")):
        if item == ".%f":
            parts.append(r"(?:\.(?P<f>\d+))?")
        elif item.startswith("%"):
            if item[1:] not in _ITEMS:
                return None
            parts.append(_ITEMS[item[1:]])
        else:
            parts.append(r"\s*" if item.isspace() else re.sub(r"(?<!^)\.(?=$)", r"\\.", re.escape(item)))
    try:
        return re.compile("".join(parts), re.IGNORECASE | re.ASCII) if parts else None
    except re.error:  # an item twice
        return None


def _instant(text: str, one: str) -> int | None:
    pattern = _pattern(one)
    found = pattern.fullmatch(text) if pattern else None
    if not found or (found.groupdict().get("z") or "").islower():
        return None
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    try:
        return _composed(parts)
    except (ValueError, OverflowError):
        return None


def _composed(parts: dict[str, str]) -> int:
    second = int(parts.get("S", 0))
    leap = second == _LEAP_SECOND
    moment = datetime(
        _year(parts),
        _MONTHS.index(next(name for name in _MONTHS if name.startswith(parts["b"].lower()[:3]))) + 1
        if "b" in parts
        else int(parts.get("m", 1)),
        int(parts.get("d", 1)),
        _hour(parts),
        int(parts.get("M", 0)),
        second - leap,
        tzinfo=UTC,
    )
    since = moment - _EPOCH + timedelta(seconds=leap) - _offset(parts.get("z", "Z"))
    fraction = parts.get("f", "")[:_NANO_DIGITS].ljust(_NANO_DIGITS, "0")
    return (since.days * 86_400 + since.seconds) * 10**9 + int(fraction)


def _year(parts: dict[str, str]) -> int:
    if "y" in parts:
        year = int(parts["y"])
        return year + (1900 if year >= _CENTURY_TURN else 2000)
    return int(parts["Y"])


def _hour(parts: dict[str, str]) -> int:
    if "I" not in parts:
        return int(parts.get("H", 0))
    hour = int(parts["I"])
    if not 1 <= hour <= _NOON:
        raise ValueError(hour)
    return hour % 12 + (12 if parts.get("p", "").lower() == "pm" else 0)


def _offset(zone: str) -> timedelta:
    if zone in {"Z", "UTC"}:
        return timedelta()
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timedelta(minutes=-minutes if zone[0] == "-" else minutes)
