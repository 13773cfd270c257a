"""Progress read from the last lines of a log: tqdm, Keras, Lightning, rich and plain "epoch 3/10". Pure.

A line counts only when it says how much of how much, in a form that training loops write: a date, a version, a path
or a fraction among words is no progress. Of several forms in one line the first of `_forms` that fits is taken.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

_ESCAPES: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_LONGEST: Final = 1_000
"""Characters of a line that are looked at, from its end."""
_LOOKED_AT: Final = 50
"""Lines from the end that are looked at."""
_LARGEST: Final = 10**15


@dataclass(frozen=True, slots=True)
class LogProgress:
    """How far a job says that it is. `rate`: units a second; None: it does not say."""

    label: str
    done: float
    total: float
    fraction: float
    eta_seconds: float | None = None
    rate: float | None = None


_COUNT: Final = r"(?P<done>\d+(?:\.\d+)?)(?P<done_unit>[kKMG]?)\s*/\s*(?P<total>\d+(?:\.\d+)?)(?P<total_unit>[kKMG]?)"
_CLOCK: Final = r"\d+:\d\d(?::\d\d)?"
_LEFT: Final = rf"(?P<eta>(?:\d+ days?,? )?{_CLOCK}|\?)"
_RATE: Final = r"(?P<rate>\d+(?:\.\d+)?)(?P<rate_unit>[kMG]?)(?P<per>\s?[\w.]{0,20}/s|\s?s/\s?[\w.]{1,20})"
_BAR: Final = r"[━╸╺─█▉▊▋▌▍▎▏#=>. ░▒▓-]"
_WORDS: Final = r"epochs?|steps?|iterations?|iters?|batch(?:es)?|trials?|folds?|rounds?|chunks?|files?|samples?|cells?"
_NAMED: Final = rf"\b(?P<label>{_WORDS})\b\s*[:=#]?\s*"
_ENDS: Final = r"(?![\w./-])"

_EPOCH: Final = re.compile(r"^\s*(epoch \d+(?:/\d+)?):?\s*$", re.IGNORECASE)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """In the order in which they are tried; made when a log is first read: that takes longer than most imports."""
    return (
        # 45/100 ━━━━━━━━ 5s 110ms/step: Keras 3
        re.compile(
            rf"^(?P<label>){_COUNT}\s+[━╸╺]{{5,}}[━╸╺ ]*\s*(?P<eta>(?:\d+:)*\d+s?)\s+\d+(?:\.\d+)?(?:ms|us|s)/step"
        ),
        # Epoch 3:  45%|████▌     | 45/100 [00:12<00:15,  3.61it/s, loss=0.3]: tqdm, Lightning
        re.compile(
            rf"^(?P<label>.*?):?\s*(?P<percent>\d{{1,3}})%\|[^|]*\|\s*{_COUNT}[\w ]{{0,9}}"
            rf"\[(?:{_CLOCK}|\?)(?:<{_LEFT})?(?:,\s*(?:{_RATE}|\?))?"
        ),
        # Working... ━━━━━━━━━━  45% 0:00:12; Epoch 0/9 ━━━━━ 45/100 0:00:05 • 0:00:12 3.61it/s: rich, Lightning too
        re.compile(
            rf"^(?P<label>.*?)\s*[━╸╺]{{5,}}[━╸╺ ]*\s*(?:{_COUNT}\s*)?(?:(?P<percent>\d{{1,3}}(?:\.\d+)?)%\s*)?"
            rf"(?:(?:{_CLOCK})\s*•\s*)?(?:{_LEFT}|-:--:--)?(?:\s+{_RATE})?"
        ),
        # 45/100 [=========>....] - ETA: 5s - loss: 0.3; 45/100 ━━━━━━ 5s 110ms/step: Keras 2 and 3
        re.compile(rf"^(?P<label>){_COUNT}\s+\[{_BAR}{{5,}}\](?:\s*-\s*(?:ETA:\s*)?(?P<eta>[\d:hms]+))?"),
        # Train Epoch: 3 [640/60000 (1%)]; Epoch: [3/10]; step 45/100 …; [Epoch 3 of 10]
        re.compile(rf"{_NAMED}\d+\s*:?\s*\[\s*{_COUNT}\s*(?:\(\s*\d+(?:\.\d+)?\s*%\)\s*)?\]", re.IGNORECASE),
        re.compile(rf"{_NAMED}[\[(]?\s*{_COUNT}{_ENDS}", re.IGNORECASE),
        re.compile(rf"{_NAMED}(?P<done>\d+) (?:of|out of) (?P<total>\d+){_ENDS}", re.IGNORECASE),
    )


def progress(lines: Iterable[str]) -> LogProgress | None:
    """What the last line that tells of progress says; None when none of the last ones does.

    Each may hold several states after carriage returns: the last one counts. Of Keras, the epoch of the line above is
    the label.
    """
    last = list(lines)[-_LOOKED_AT:]
    for place in range(len(last) - 1, -1, -1):
        if found := of_line(last[place]):
            return found if found.label else _named(found, last[:place])
    return None


def of_line(line: str) -> LogProgress | None:
    """What one line says."""
    text = _ESCAPES.sub("", line[-4 * _LONGEST :]).rstrip().rpartition("\r")[2][-_LONGEST:].strip()
    if not any(mark in text for mark in "/%") and " of " not in text:
        return None
    for form in _forms():
        if (found := form.search(text)) and (read := _read(found)):
            return read
    return None


def _named(found: LogProgress, above: list[str]) -> LogProgress:
    for line in reversed(above[-3:]):
        if named := _EPOCH.match(_ESCAPES.sub("", line[:_LONGEST])):
            return LogProgress(named[1], found.done, found.total, found.fraction, found.eta_seconds, found.rate)
    return found


def _read(found: re.Match[str]) -> LogProgress | None:
    said = found.groupdict()
    done, total = _number(said.get("done"), said.get("done_unit")), _number(said.get("total"), said.get("total_unit"))
    if done is None or total is None:
        percent = _number(said.get("percent"), "")
        if percent is None:
            return None
        done, total = percent, 100.0
    if not 0 < total <= _LARGEST or done > total:
        return None
    rate = _rate(said)
    eta = _seconds(said.get("eta"))
    if eta is None and rate:
        eta = (total - done) / rate
    return LogProgress(said["label"].strip(" :-|[("), done, total, done / total, eta, rate)


def _number(text: str | None, unit: str | None) -> float | None:
    if not text:
        return None
    return float(text) * {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}.get(unit or "", 1)


def _rate(said: dict[str, str | None]) -> float | None:
    """Units a second, also where it says seconds a unit."""
    number = _number(said.get("rate"), said.get("rate_unit"))
    if not number:
        return None
    return number if (said.get("per") or "").endswith("/s") else 1 / number


def _seconds(text: str | None) -> float | None:
    """`1:02:03`, `02:03`, `5s`, `2 days, 1:02:03`, `1h2m3s`."""
    if not text or text == "?":
        return None
    days, _, clock = text.rpartition(" ")
    day = re.match(r"\d+", days)
    if units := re.findall(r"(\d+)([hms])", clock):
        return float(sum(int(number) * {"h": 3600, "m": 60, "s": 1}[unit] for number, unit in units))
    total = 0
    for part in clock.split(":"):
        total = total * 60 + int(part or 0)
    return float(total + (int(day[0]) * 86_400 if day else 0))
