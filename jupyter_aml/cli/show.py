"""Values on a terminal: JSON, YAML, a table, tabs, or nothing, whole or as a query picks. Nothing is fetched here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol, cast

import click

from jupyter_aml.verbs.value import Plain, cells, filled, plain, text

FORMATS: Final = ("json", "jsonc", "yaml", "yamlc", "table", "tsv", "none")
Columns = Sequence[tuple[str, str]]


class Query(Protocol):
    """A compiled JMESPath expression."""

    def search(self, value: object) -> object: ...


def show(value: object, output: str, columns: Columns, query: Query | None = None) -> None:
    """Print what a verb gave back; a verb that gave nothing prints nothing."""
    if value is None or output == "none":
        return
    found = _json(plain(value))
    if query:
        found, columns = query.search(found), ()
    match output:
        case "yaml" | "yamlc":
            click.echo(_yaml(found), nl=False)
        case "table":
            _echo(_table(*_tabular(found, columns)))
        case "tsv":
            _echo("\n".join("\t".join(row) for row in _rows(found, columns)))
        case _:
            click.echo(json.dumps(found, indent=2, ensure_ascii=False))


def _json(value: object) -> Any:  # noqa: ANN401 - JSON
    return json.loads(json.dumps(value, default=str))


def _echo(lines: str) -> None:
    if lines:
        click.echo(lines)


def _rows(found: object, columns: Columns) -> list[list[str]]:
    """What tabs separate: the columns; of a query, its values as they stand."""
    if columns:
        return [cells(row, columns) for row in _things(found)]
    return [_values(thing) for thing in _each(found)]


def _tabular(found: object, columns: Columns) -> tuple[list[str], list[list[str]]]:
    """Titles and rows of a table. Of a query's objects the keys are the titles; empty columns are left out."""
    things = list(_each(found))
    if columns:
        return filled([title for title, _ in columns], [cells(row, columns) for row in _things(found)])
    if things and all(isinstance(thing, Mapping) for thing in things):
        keys = list(dict.fromkeys(key for thing in cast("list[Plain]", things) for key in thing))
        return [key[:1].upper() + key[1:] for key in keys], [
            [text(thing.get(key)) for key in keys] for thing in cast("list[Plain]", things)
        ]
    rows = [_values(thing) for thing in things]
    wide = max(map(len, rows), default=0)
    titles = ["Result"] if wide == 1 else [f"Column{number + 1}" for number in range(wide)]
    return titles, [[*row, *[""] * (wide - len(row))] for row in rows]


def _each(found: object) -> Iterable[object]:
    if found is None:
        return []
    return cast("list[object]", found) if isinstance(found, list) else [found]


def _things(found: object) -> list[Plain]:
    return [thing if isinstance(thing, dict) else {"value": thing} for thing in _each(found)]


def _values(thing: object) -> list[str]:
    if isinstance(thing, Mapping):
        return [_scalar(value) for value in thing.values()]
    return [_scalar(value) for value in thing] if isinstance(thing, list) else [_scalar(thing)]


def _scalar(value: object) -> str:
    """A value between tabs; az writes booleans as true and false."""
    return str(value).lower() if isinstance(value, bool) else text(value)


def _table(titles: list[str], rows: list[list[str]]) -> str:
    if not titles or not rows:
        return ""
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    lines = [titles, ["-" * width for width in widths], *rows]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _yaml(value: object) -> str:
    import yaml

    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
