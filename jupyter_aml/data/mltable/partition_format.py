"""Columns out of paths: `{Dept}/{Day:yyyy/MM/dd}/x.csv` becomes a regular expression. Nothing is opened here."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from jupyter_aml.exceptions import UserErrorException

_PARTS: Final = {"yyyy": 4, "MM": 2, "dd": 2, "HH": 2, "mm": 2, "ss": 2}
_TOKEN: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|\*|[^{}*]+")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PartitionFormat:
    """A format ready to use: the names of its columns, the date's last."""

    pattern: re.Pattern[str]
    texts: tuple[str, ...]
    date: str | None

    @property
    def keys(self) -> list[str]:
        return [*self.texts, *([self.date] if self.date else [])]

    def values(self, path: str) -> list[str | int | None] | None:
        """One value for each key: text, and nanoseconds since 1970 for the date; None for a path that does not fit."""
        found = self.pattern.search(path)
        if found is None:
            return None
        texts: list[str | int | None] = [found[f"text{index}"] for index in range(len(self.texts))]
        if self.date is None:
            return texts
        parts = [
            int(found.groupdict().get(name) or least) for name, least in zip(_PARTS, (1, 1, 1, 0, 0, 0), strict=True)
        ]
        try:
            since = datetime(*parts, tzinfo=UTC) - _EPOCH
        except ValueError:
            return [*texts, None]
        return [*texts, (since.days * 86_400 + since.seconds) * 10**9]


def partition_format(text: str) -> PartitionFormat:
    """The format that a text describes. Raises UserErrorException with Azure's word for what is wrong."""
    texts: list[str] = []
    dates: list[str] = []
    parts: list[str] = []
    for token in _TOKEN.finditer(text):
        if token[1] is not None:
            parts.append(_capture(token[1], texts, dates, text))
        elif token[0] in {"{", "}"}:
            raise _bad("BAD_BRACKET", text, "it has a bracket without its other half")
        else:
            parts.append(r"[^/\\]*" if token[0] == "*" else _literal(token[0]))
    if not texts and not dates:
        raise _bad("NO_PART", text, "it has no {column}")
    if repeated := {name for name in texts if texts.count(name) > 1}:
        raise UserErrorException(
            f"A column name conflicts with an existing column (FieldNameConflict): {sorted(repeated)} in {text!r}."
        )
    return PartitionFormat(re.compile("".join(parts)), tuple(texts), dates[0] if dates else None)


def _capture(inside: str, texts: list[str], dates: list[str], text: str) -> str:
    name, colon, shape = inside.partition(":")
    if not name:
        raise _bad("NO_NAME", text, "every {column} needs a name")
    if not colon:
        texts.append(name)
        return rf"(?P<text{len(texts) - 1}>[^/\\]+)"
    dates.append(name)
    if len(dates) > 1:
        raise _bad("TOO_MANY_DATE", text, "only one date is supported")
    if "yyyy" not in shape and "yyyy" not in text:
        raise _bad("NO_YEAR", text, "a date needs its year (yyyy)")
    seen: set[str] = set()

    def digits(found: re.Match[str]) -> str:
        part = found[0]
        group = rf"(?P<{part}>\d{{{_PARTS[part]}}})" if part not in seen else rf"\d{{{_PARTS[part]}}}"
        seen.add(part)
        return group

    return re.sub("|".join(_PARTS), digits, _literal(shape))


def _literal(text: str) -> str:
    return re.escape(text.replace("{{", "{").replace("}}", "}")).replace("/", r"[/\\]")


def _bad(code: str, text: str, why: str) -> UserErrorException:
    return UserErrorException(
        f"Invalid partition_format {text!r} ({code}): {why}.",
        resolution="Write it like '/{Department}/{PartitionDate:yyyy/MM/dd}/data.csv'.",
    )
