"""A table's traits and metadata, read and set through their table. Nothing is checked against data."""

from collections.abc import Mapping
from typing import Protocol, cast

from jupyter_aml.data.mltable.datatypes import Json
from jupyter_aml.exceptions import UserErrorException


class Owner(Protocol):
    """The table that traits and metadata belong to."""

    def section(self, name: str) -> Mapping[str, Json]:
        """The mapping `traits` or `metadata`."""
        ...

    def put(self, name: str, key: str, value: Json) -> None:
        """Set one key of a section."""
        ...


class Traits:
    """Which columns are the index and the time of a table. `table.traits.timestamp_column = 'day'` sets one."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    @property
    def timestamp_column(self) -> str:
        """The column's name. Raises UserErrorException when none is set."""
        found = self._owner.section("traits").get("timestamp_column")
        if found is None:
            raise UserErrorException("Timestamp column does not appear to be set. Please make sure you have set it.")
        return str(found)

    @timestamp_column.setter
    def timestamp_column(self, column_name: str) -> None:
        if not isinstance(cast("object", column_name), str):
            raise UserErrorException(f"An object of type string is expected, but encountered type: {type(column_name)}")
        self._owner.put("traits", "timestamp_column", column_name)

    @property
    def index_columns(self) -> list[str]:
        """The columns' names. Raises UserErrorException when none are set."""
        found = self._owner.section("traits").get("index_columns")
        if found is None:
            raise UserErrorException("Index columns do not appear to be set. Please make sure you have set them.")
        return [*cast("list[str]", found)]

    @index_columns.setter
    def index_columns(self, index_columns_list: list[str] | None) -> None:
        if index_columns_list and not isinstance(cast("object", index_columns_list), list):
            raise UserErrorException(
                f"An object of type list is expected, but encountered type: {type(index_columns_list)}"
            )
        self._owner.put("traits", "index_columns", cast("Json", index_columns_list))

    def columns(self) -> set[str]:
        """Every column that a trait names."""
        found = self._owner.section("traits")
        stamp, index = found.get("timestamp_column"), cast("list[str] | None", found.get("index_columns"))
        return {*([str(stamp)] if stamp is not None else []), *(index or [])}


class Metadata:
    """Whatever a table's author wants to keep with it, by name."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner

    def has(self, key: str) -> bool:
        return _name(key) in self._owner.section("metadata")

    def get(self, key: str) -> Json:
        """The value, or None."""
        return self._owner.section("metadata").get(_name(key))

    def add(self, key: str, value: Json) -> None:
        """Set a value; an older one is replaced."""
        self._owner.put("metadata", _name(key), value)


def _name(key: object) -> str:
    if not isinstance(key, str):
        raise UserErrorException(f"Metadata only supports string property names, but encountered {type(key)}.")
    return key
