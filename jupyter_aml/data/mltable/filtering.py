"""Rows kept or dropped by a filter expression. The language is filter_syntax's; here it meets partitions."""

from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import cast

from jupyter_aml.data.mltable.columns import Column, Partition
from jupyter_aml.data.mltable.filter_quick import quick_mask
from jupyter_aml.data.mltable.filter_syntax import columns_of, parsed
from jupyter_aml.exceptions import UserErrorException


def filtered(parts: Sequence[Partition], text: str) -> list[Partition]:
    """The partitions with the rows for which the expression is true; a null is not. Raises UserErrorException."""
    expression = parsed(text)
    names = columns_of(text)
    kept: list[Partition] = []
    for part in parts:
        wanted = quick_mask(part, text)
        if wanted is None:
            wanted = [_wanted(expression(row), text) for row in _rows(part, names)]
        kept.append(part.keep(wanted))
    return kept


def _rows(part: Partition, names: set[str] | None) -> "map[Mapping[str, object]]":
    used = [name for name in part.columns if names is None or name in names]
    cells = zip(*(_cells(part.columns[name]) for name in used), strict=True) if used else repeat((), part.count)
    return map(dict, (zip(used, row, strict=True) for row in chain(cells)))


def _cells(column: Column) -> list[object]:
    return cast("list[object]", column.to_pylist())


def _wanted(found: object, text: str) -> bool:
    if found is None or isinstance(found, bool):
        return bool(found)
    raise UserErrorException(
        f"The filter {text!r} gives {found!r} where true or false is wanted (ValueCastError, expected Boolean)."
    )
