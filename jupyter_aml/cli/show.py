"""Values on a terminal: JSON, YAML, a table, tabs, or nothing. Nothing is fetched here."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import click

Columns: TypeAlias = Sequence[tuple[str, str]]
Plain: TypeAlias = dict[str, Any]  # Any: an entity as its JSON says it

FORMATS: Final = ("json", "jsonc", "yaml", "yamlc", "table", "tsv", "none")


def show(value: object, output: str, columns: Columns) -> None:
    """Print what a verb gave back; a verb that gave nothing prints nothing."""
    if value is None or output == "none":
        return
    match output:
        case "yaml" | "yamlc":
            click.echo(_yaml(plain(value)), nl=False)
        case "table" | "tsv":
            rows = [_cells(row, columns) for row in _rows(plain(value))]
            click.echo(_table([title for title, _ in columns], rows) if output == "table" else _tabs(rows))
        case _:
            click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False, default=str))


def plain(value: object) -> Plain | list[Plain]:
    """An entity, or several, as the dicts that JSON shows."""
    if isinstance(value, Iterable) and not _is_one(value):
        return [_plain(item) for item in value]
    return _plain(value)


def _is_one(value: object) -> bool:
    return isinstance(value, Mapping) or hasattr(value, "model_dump")


def _plain(entity: Any) -> Plain:  # noqa: ANN401 - entities share no class, only these ways to become a dict
    if isinstance(entity, Mapping):
        return dict(entity)
    if not hasattr(entity, "model_dump"):
        return dict(vars(entity))
    short = entity.spec() if hasattr(entity, "spec") else {}
    as_written = {key: short.get(key, {}) for key in ("inputs", "outputs") if short}
    return {**entity.model_dump(mode="json"), **as_written}


def _rows(value: Plain | list[Plain]) -> list[Plain]:
    return value if isinstance(value, list) else [value]


def _cells(row: Plain, columns: Columns) -> list[str]:
    return [_text(_at(row, key.split("."))) for _, key in columns]


def _at(value: Any, path: Sequence[str]) -> object:  # noqa: ANN401 - JSON, walked
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _table(titles: list[str], rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    lines = [titles, ["-" * width for width in widths], *rows]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _tabs(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


def _yaml(value: object) -> str:
    import yaml

    return yaml.safe_dump(json.loads(json.dumps(value, default=str)), sort_keys=False, allow_unicode=True)
