"""Numbers, sizes, spans and moments as people read them. Pure: the moment `now` is handed in by the caller."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final

_UNITS: Final = ("B", "kB", "MB", "GB", "TB", "PB")
_BIG: Final = 1e6
_SMALL: Final = 1e-4
_THOUSAND: Final = 1000
_TENTHS_BELOW: Final = {"size": 100, "seconds": 10}


def number(value: float, digits: int = 4) -> str:
    """`value` with about `digits` significant digits, a proper minus, no exponent unless it helps."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("+∞" if value > 0 else "−∞")
    if abs(value) < _BIG and value == int(value):
        return f"{int(value):,}".replace("-", "−")
    if not _SMALL <= abs(value) < _BIG:
        return _scientific(value, digits)
    text = f"{value:,.{max(0, digits - 1 - _exponent(value))}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def tick_texts(values: Sequence[float]) -> list[str]:
    """The numbers of one axis, all written alike."""
    top = max(map(abs, values), default=0.0)
    if top and not _SMALL * 10 <= top < _BIG:
        return [_scientific(value, 3) if value else "0" for value in values]
    places = max((_places(value) for value in values), default=0)
    return [f"{value:,.{places}f}".replace("-", "−") if value else "0" for value in values]


def _scientific(value: float, digits: int) -> str:
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}".replace("-", "−")


def _exponent(value: float) -> int:
    return math.floor(math.log10(abs(value)))


def _places(value: float) -> int:
    """Decimals that a round number needs."""
    return len(f"{value:.6f}".rstrip("0").partition(".")[2])


def size(count: int) -> str:
    """Bytes in the largest decimal unit that keeps a whole part."""
    scaled, unit = float(count), 0
    while scaled >= _THOUSAND and unit < len(_UNITS) - 1:
        scaled, unit = scaled / _THOUSAND, unit + 1
    places = 1 if unit and scaled < _TENTHS_BELOW["size"] else 0
    return f"{scaled:.{places}f} {_UNITS[unit]}"


def span(seconds: float) -> str:
    """A duration in its two largest units."""
    if seconds < 1:
        return f"{seconds * _THOUSAND:.0f} ms"
    if seconds < _TENTHS_BELOW["seconds"]:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join([f"{many} {unit}" for many, unit in parts if many][:2])


def moment(seconds: float, zone: tzinfo | None = None) -> str:
    """A point in time, to the second, in `zone` (None: this machine's)."""
    return f"{_at(seconds, zone):%d %b %Y, %H:%M:%S}"


def clock(seconds: float, zone: tzinfo | None = None) -> str:
    """The time of day of a moment."""
    return f"{_at(seconds, zone):%H:%M:%S}"


def iso(seconds: float) -> str:
    """A moment for machines, in UTC."""
    return f"{_at(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _at(seconds: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone)
