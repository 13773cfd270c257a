"""Things as plain mappings, for JSON, tables and queries: a secret never comes along. Nothing is fetched here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, Final, TypeAlias, TypeGuard, cast

Plain: TypeAlias = dict[str, Any]  # Any: an entity as its JSON says it
CONTAINER: Final = frozenset({"name", "latest_version"})
OF_A_KIND: Final = ("search_space", "sampling_algorithm", "early_termination", "jobs", "create_job")
"""Fields of several kinds, each with fields of its own: pydantic dumps what all of them have."""
LONG: Final = re.compile(r"^azureml://subscriptions/[^/]+/resource[gG]roups/[^/]+/workspaces/[^/]+/datastores/")
MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)\S*")


def plain(value: object) -> object:
    """An entity, or several, as the dicts that JSON shows; text and numbers stay."""
    if value is None or isinstance(value, str | int | float):
        return value
    return [plain(item) for item in value] if several(value) else plain_one(value)


def several(value: object) -> TypeGuard[Iterable[object]]:
    """Whether it is a list of things rather than one."""
    return isinstance(value, Iterable) and not isinstance(value, str | Mapping) and not hasattr(value, "model_dump")


def plain_one(entity: Any) -> Plain:  # noqa: ANN401 - entities share no class, only these ways to become a dict
    """One entity as a dict, nulls kept."""
    if isinstance(entity, Mapping):
        return dict(entity)
    if not hasattr(entity, "model_dump") and hasattr(entity, "json"):
        return entity.json()
    if is_dataclass(entity):
        return asdict(cast("Any", entity))
    if not hasattr(entity, "model_dump"):
        return {key: value for key, value in vars(entity).items() if not key.startswith("_")}
    short = entity.spec() if hasattr(entity, "spec") else {}
    as_written = {key: short.get(key, {}) for key in ("inputs", "outputs") if key in type(entity).model_fields}
    return {**entity.model_dump(mode="json"), **as_written, **{key: short[key] for key in OF_A_KIND if key in short}}


def at(value: Any, path: str) -> object:  # noqa: ANN401 - JSON, walked
    """What a dotted path names in it; None when there is nothing."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def cells(row: Mapping[str, Any], columns: Sequence[tuple[str, str]]) -> list[str]:
    """A row of tabs: the text below each title, whole. Of a container of versions, only what is its own."""
    shown = CONTAINER if "latest_version" in row and not row.get("version") else None
    return [text(at(row, path)) if shown is None or path in shown else "" for _, path in columns]


def short(cell: str) -> str:
    """A cell for people: this workspace's URIs in their short form, times to the second."""
    if moment := MOMENT.fullmatch(cell):
        return f"{moment[1]} {moment[2]}"
    return LONG.sub("azureml://datastores/", cell)


def text(value: object) -> str:
    """A cell: nothing for nothing, `k=v` for a mapping."""
    if isinstance(value, Mapping):
        return " ".join(f"{key}={item}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(text, value))
    return "" if value is None else str(value)


def filled(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Titles and short rows without the columns that hold nothing; the first stays."""
    kept = [place for place in range(len(titles)) if not place or not rows or any(row[place] for row in rows)]
    return [titles[place] for place in kept], [[short(row[place]) for place in kept] for row in rows]
