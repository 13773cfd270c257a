"""MLTable, the object: paths and steps as data. Every step gives a new table; rows come only when asked for."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from jupyter_aml.data.mltable import saving
from jupyter_aml.data.mltable.datatypes import OFF, ON, DataType, Json, Switch, type_mappings
from jupyter_aml.data.mltable.document import Document
from jupyter_aml.data.mltable.execution import executed
from jupyter_aml.data.mltable.frame import frame
from jupyter_aml.data.mltable.partition_format import partition_format
from jupyter_aml.data.mltable.paths import Resolver, refuse
from jupyter_aml.data.mltable.steps import step
from jupyter_aml.data.mltable.traits import Metadata, Traits
from jupyter_aml.exceptions import UserErrorException

if TYPE_CHECKING:
    from jupyter_aml.data.mltable.frame import DataFrame

_SHOWN: Final = 20
_SEEDS: Final = 1000


class MLTableValidationError(UserErrorException, RuntimeError):
    """A table's data cannot be loaded; a RuntimeError too, as that is what Azure's package raises."""


class MLTable:
    """A table defined by an MLTable file or by code: paths, and steps that are done when rows are asked for.

    Made by `load` and the `from_…` functions, never by `MLTable()`.
    """

    def __init__(self) -> None:
        self._document: Document | None = None
        self._resolver: Resolver = refuse

    @classmethod
    def of(cls, document: Document, resolver: Resolver) -> "MLTable":
        """The table of a document."""
        table = cls()
        table._document, table._resolver = document, resolver
        return table

    @property
    def document(self) -> Document:
        """What the table says. Raises UserErrorException for a table that was not loaded."""
        if self._document is None:
            raise UserErrorException(
                "MLTable does not appear to be loaded correctly. Please use MLTable.load() to load a MLTable YAML file "
                "into memory."
            )
        return self._document

    # --- what it says

    def __repr__(self) -> str:
        return self.document.dumped()

    def __eq__(self, other: object) -> bool:
        """Equal steps, traits, metadata and paths as they were given."""
        if not isinstance(other, MLTable):
            return False
        ours, theirs = self.document, other.document
        return (ours.steps, dict(ours.traits), dict(ours.metadata), self.paths) == (
            theirs.steps,
            dict(theirs.traits),
            dict(theirs.metadata),
            other.paths,
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType] - traits and metadata can be set, so a table is no key

    @property
    def paths(self) -> list[dict[str, str]]:
        """The paths as they were given."""
        return [one.written() for one in self.document.paths]

    @property
    def partition_keys(self) -> list[str]:
        """The columns that a partition format takes from paths."""
        for one in self.document.steps:
            if one.name == "extract_columns_from_partition_format":
                return partition_format(str(one.mapping()["partition_format"])).keys
        return []

    @property
    def traits(self) -> Traits:
        return Traits(self)

    @property
    def metadata(self) -> Metadata:
        return Metadata(self)

    def section(self, name: str) -> Mapping[str, Json]:
        """The mapping `traits` or `metadata` as it stands."""
        return self.document.traits if name == "traits" else self.document.metadata

    def put(self, name: str, key: str, value: Json) -> None:
        """Set one key of `traits` or `metadata`, in this table: as in Azure's package these two can be set."""
        section = {**self.section(name), key: value}
        document = self.document
        self._document = replace(document, traits=section) if name == "traits" else replace(document, metadata=section)

    # --- rows

    def to_pandas_dataframe(self) -> "DataFrame":
        """All rows. Raises UserErrorException when files are missing or a step cannot be done."""
        return frame(executed(self.document, self._resolver))

    def show(self, count: int = _SHOWN) -> "DataFrame":
        """The first rows."""
        return self.take(count).to_pandas_dataframe()

    def validate(self) -> None:
        """Raise MLTableValidationError unless a first row can be read."""
        message = "Can not load data from this MLTable's associated datastores. Please check the associated paths."
        try:
            count = sum(part.count for part in executed(self.take(1).document, self._resolver))
        except UserErrorException as error:
            raise MLTableValidationError(message, resolution=str(error)) from error
        if count != 1:
            raise MLTableValidationError(message, resolution="It has no rows.")

    def get_partition_count(self) -> int:
        return len(executed(self.document, self._resolver))

    # --- steps

    def _then(self, name: str, arguments: object, at: int | None = None) -> "MLTable":
        return MLTable.of(self.document.then(step(name, arguments), at), self._resolver)

    def take(self, count: int = _SHOWN) -> "MLTable":
        """The first `count` rows."""
        _check_count(count, "Number of rows must be a positive integer")
        return self._then("take", count)

    def skip(self, count: int = _SHOWN) -> "MLTable":
        """All rows but the first `count`."""
        _check_count(count, "Count must be an integer > 0.")
        return self._then("skip", count)

    def take_random_sample(self, probability: float, seed: int | None = None) -> "MLTable":
        """About this share of the rows; one seed always draws the same."""
        _check_share(probability, "Probability should an float greater than 0 and less than 1")
        return self._then("take_random_sample", {"probability": probability, "seed": _seed(seed)})

    def random_split(self, percent: float = 0.5, seed: int | None = None) -> "tuple[MLTable, MLTable]":
        """Two tables that share no row: about this share of the rows, and the others."""
        _check_share(percent, "Percent should be a float greater than 0 and less than 1")
        drawn = _seed(seed)
        first, second = (
            self._then(
                "sample",
                {
                    "sampler": "random_percent",
                    "sampler_arguments": {"probability": most, "probability_lower_bound": least, "seed": drawn},
                },
            )
            for least, most in ((0.0, percent), (percent, 1.0))
        )
        return first, second

    def select_partitions(self, partition_index_list: int | list[int]) -> "MLTable":
        """The partitions with these numbers, in their own order."""
        given = cast("object", partition_index_list)
        found: list[object] = [given] if isinstance(given, int) else []
        found += cast("list[object]", given) if isinstance(given, list) else []
        if not found or not all(isinstance(one, int) for one in found):
            raise UserErrorException("Columns should be a int or list of int with at least one element")
        return self._then("select_partitions", found)

    def extract_columns_from_partition_format(self, partition_format: str) -> "MLTable":
        """Columns from the files' paths: `/{Department}/{Day:yyyy/MM/dd}/data.csv`. The step stands first."""
        return self._then("extract_columns_from_partition_format", {"partition_format": partition_format}, at=0)

    def filter(self, expression: str) -> "MLTable":
        """The rows for which an expression is true: `col("a") > 1 and not (b == "x")`. It is read when rows are."""
        return self._then("filter", expression)

    def convert_column_types(self, column_types: Mapping[str | tuple[str, ...], DataType | str]) -> "MLTable":
        """Columns in other types; what cannot be converted becomes null."""
        return self._then("convert_column_types", type_mappings(column_types))

    def keep_columns(self, columns: str | Iterable[str]) -> "MLTable":
        """These columns only. Columns that are not there are passed over; those in traits must stay."""
        names = _column_names(columns)
        in_traits = self.traits.columns()
        if (in_traits and isinstance(names, str) and {names} != in_traits) or in_traits - {*_listed(names)}:
            raise UserErrorException("Columns in traits must be kept and cannot be dropped")
        return self._then("keep_columns", names)

    def drop_columns(self, columns: str | Iterable[str]) -> "MLTable":
        """All columns but these. Columns in traits must stay."""
        names = _column_names(columns)
        if self.traits.columns() & {*_listed(names)}:
            raise UserErrorException("Columns in traits must be kept and cannot be dropped")
        return self._then("drop_columns", names)

    # --- files

    def save(
        self,
        path: str | None = None,
        overwrite: Switch | str = ON,
        colocated: Switch = OFF,
        show_progress: Switch = OFF,  # noqa: ARG002 - accepted; a local copy needs no bar
        if_err_remove_files: Switch = ON,
    ) -> "MLTable":
        """Write the MLTable file into a folder (the current one by default), with its data files when `colocated`.

        `overwrite`: True or 'overwrite', False or 'fail', 'skip'. Raises UserErrorException; what this call wrote
        before is then removed again, unless `if_err_remove_files` is False.
        """
        saving.save(
            self.document,
            saving.Order.of(path, overwrite, colocated=colocated, tidy=if_err_remove_files),
            self._resolver,
        )
        return self


def _check_count(count: object, message: str) -> None:
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise UserErrorException(message)


def _check_share(share: object, message: str) -> None:
    if not isinstance(share, float) or not 0 < share < 1:
        raise UserErrorException(message)


def _seed(seed: object) -> int:
    if seed is None:
        return random.randint(1, _SEEDS)
    if not isinstance(seed, int):
        raise UserErrorException("A random seed must be an integer")
    return seed


def _column_names(columns: object) -> str | list[str]:
    if isinstance(columns, str):
        return columns
    names: list[object] = [*columns] if isinstance(columns, list | tuple | set) else [None]
    texts = [name for name in names if isinstance(name, str)]
    if len(texts) != len(names):
        raise UserErrorException(
            "Expect column names to be a string, a list of strings, a tuple of strings, or a set of strings"
        )
    if repeated := {name for name in texts if texts.count(name) > 1}:
        raise UserErrorException(f"Found duplicate columns in given column names: {repeated}")
    return texts


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names
