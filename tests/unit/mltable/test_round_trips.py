"""What is saved loads as the same table with the same rows."""

import csv
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_aml.data.mltable import DataType, MLTable, from_delimited_files, load

CELL = st.one_of(
    st.sampled_from(["", "1", "0", "2.5", "true", "False", "2020-01-02", "x", "NaN", "13/01/2020", 'say "hi"', "p,q"]),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=6),
)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8)
STEP = st.sampled_from(
    [
        ("take", 3),
        ("skip", 1),
        ("filter", 'a != "x" or b == 1'),
        ("keep_columns", ["a", "c"]),
        ("drop_columns", "b"),
        ("convert_column_types", {"a": DataType.to_string(), ("b", "c"): "float"}),
        ("convert_column_types", {"a": DataType.to_bool(["1", "x"], ["0"], "true")}),
        ("convert_column_types", {"c": DataType.to_datetime(["%Y-%m-%d", "%d/%m/%Y"])}),
        ("take_random_sample", 0.5),
    ]
)


def _with(table: MLTable, steps: list[tuple[str, Any]]) -> MLTable:
    for name, argument in steps:
        table = (
            table.take_random_sample(argument, 7) if name == "take_random_sample" else getattr(table, name)(argument)
        )
    return table


@settings(deadline=None)  # the first example opens pandas
@given(ROWS, st.lists(STEP, max_size=3), st.booleans())
def test_a_saved_table_loads_with_the_same_rows(rows: list[tuple[str, ...]], steps: list[Any], colocated: bool) -> None:
    import pandas as pd

    with tempfile.TemporaryDirectory(prefix="a b 'c\" ;é") as root:
        path = Path(root, "data.csv")
        with path.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([("a", "b", "c"), *rows])
        table = _with(from_delimited_files([{"file": str(path)}]), steps)
        table.metadata.add("made", {"by": ["hypothesis", 1]})
        table.save(str(Path(root, "out")), colocated=colocated)
        loaded = load(str(Path(root, "out")))
        assert loaded.document.steps == table.document.steps
        assert loaded.metadata.get("made") == {"by": ["hypothesis", 1]}
        pd.testing.assert_frame_equal(loaded.to_pandas_dataframe(), table.to_pandas_dataframe())


@settings(deadline=None)  # the first example opens pandas
@given(st.lists(STEP, max_size=4))
def test_a_table_says_itself_the_same_after_it_was_read_back(steps: list[Any]) -> None:
    with tempfile.TemporaryDirectory() as root:
        table = _with(from_delimited_files([{"file": str(Path(root, "a.csv"))}]), steps)
        table.save(root)
        assert str(load(root)) == str(table)
        assert load(root) == load(root)
