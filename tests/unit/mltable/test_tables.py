"""Tables are lazy and immutable; URIs go through the resolver; draws are fair and repeatable; errors name the place."""

import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.data.mltable import (
    MLTableInvalidLines,
    from_delimited_files,
    from_delta_lake,
    from_json_lines_files,
    from_parquet_files,
    from_paths,
    load,
)
from jupyter_aml.exceptions import AssetPathException, UnsupportedFieldError, UserErrorException

HEAVY = "import sys, jupyter_aml.data.mltable; print([m for m in ('pandas', 'pyarrow', 'numpy') if m in sys.modules])"


def test_the_room_opens_without_pandas_and_pyarrow() -> None:
    ran = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_nothing_is_read_before_rows_are_asked_for(folder: Path) -> None:
    table = from_delimited_files([{"file": "later.csv"}]).filter("a > 5").keep_columns(["a"])
    (folder / "later.csv").write_text("a,b\n5,x\n6,y\n")
    assert table.to_pandas_dataframe()["a"].tolist() == [6]


def test_a_step_leaves_the_table_it_came_from_alone(folder: Path) -> None:
    table = from_delimited_files([{"file": "a.csv"}])
    before = str(table)
    table.take(1).filter("a > 1").drop_columns("b").metadata.add("x", 1)
    assert str(table) == before


def test_text_columns_are_object_as_in_azure(folder: Path) -> None:
    frame = from_delimited_files([{"file": "a.csv"}]).to_pandas_dataframe()
    assert frame["b"].dtype == object
    assert frame.columns.dtype == object


def test_a_uri_is_refused_by_name_without_a_resolver(folder: Path) -> None:
    table = from_delimited_files([{"file": "azureml://datastores/d/paths/a.csv"}])
    with pytest.raises(AssetPathException, match=r"azureml://datastores/d/paths/a\.csv"):
        table.to_pandas_dataframe()


def test_uris_go_through_the_resolver(folder: Path) -> None:
    (folder / "store").mkdir()
    (folder / "store" / "b.csv").write_text("a,b\n8,w\n")
    asked: list[str] = []

    def resolver(uri: str) -> Path:
        asked.append(uri)
        return folder / uri.removeprefix("azureml://datastores/d/paths/")

    root = "azureml://datastores/d/paths"
    paths = [{"file": f"{root}/a.csv"}, {"folder": f"{root}/store"}, {"pattern": f"{root}/store/*.csv"}]
    table = from_delimited_files(paths, resolver=resolver).take(4)
    assert table.to_pandas_dataframe()["a"].tolist() == [5, 6, 7, 8]
    assert asked == [f"{root}/store", f"{root}/store", f"{root}/a.csv"]


@pytest.mark.parametrize("pattern", ["azureml://datastores/d/paths/a/*/../../../b.csv", "*/../../b.csv", "a?/.."])
def test_a_pattern_cannot_lead_out_of_the_folder_that_it_names(folder: Path, pattern: str) -> None:
    (folder / "MLTable").write_text(f"paths:\n  - pattern: '{pattern}'\n")
    with pytest.raises(AssetPathException, match=r"no '\.\.' may follow a wildcard"):
        from_paths([{"pattern": pattern}])
    with pytest.raises(AssetPathException, match=r"no '\.\.' may follow a wildcard"):
        load(str(folder))
    (folder / "sub").mkdir()
    (folder / "sub" / "MLTable").write_text("paths:\n  - pattern: ../*.csv\ntransformations: [read_delimited]\n")
    assert len(load(str(folder / "sub")).to_pandas_dataframe()) == 3  # where it is said outright, it is meant


def test_a_table_is_loaded_from_a_uri(folder: Path) -> None:
    from_delimited_files([{"file": "a.csv"}]).save("out", colocated=True)
    table = load("azureml:table:1", resolver=lambda uri: folder / "out" if uri == "azureml:table:1" else folder)
    assert len(table.to_pandas_dataframe()) == 3


def test_a_draw_is_repeatable_and_near_its_share(folder: Path) -> None:
    (folder / "many.csv").write_text("i\n" + "".join(f"{index}\n" for index in range(2, 4002)))
    table = from_delimited_files([{"file": "many.csv"}])
    first, again = (table.take_random_sample(0.25, 3).to_pandas_dataframe() for _ in range(2))
    assert first.equals(again)
    assert abs(len(first) / 4000 - 0.25) < 0.05
    assert not first.equals(table.take_random_sample(0.25, 4).to_pandas_dataframe())


@pytest.mark.parametrize("percent", [0.1, 0.5, 0.9])
def test_a_split_shares_no_row_and_loses_none(folder: Path, percent: float) -> None:
    (folder / "many.csv").write_text("i\n" + "".join(f"{index}\n" for index in range(2, 502)))
    halves = from_delimited_files([{"file": "many.csv"}]).random_split(percent, seed=5)
    left, right = (half.to_pandas_dataframe()["i"].tolist() for half in halves)
    assert sorted([*left, *right]) == [*range(2, 502)]
    assert abs(len(left) / 500 - percent) < 0.1


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("paths: []\ntransformation: []", "transformation", "transformations"),
        ("paths:\n- fle: a", "paths[0]", "file"),
        ("paths: []\ntransformations:\n- read_delimted", "transformations[0]", "mapping"),
        ("paths: []\ntransformations:\n- tke: 1", "transformations[0]", "take"),
        ("paths: []\ntransformations:\n- take: 1\n- read_delimited: {delimter: x}", "delimter", "delimiter"),
        (
            "paths: []\ntransformations:\n- read_delimited: {header: no}",
            "transformations[0].read_delimited.header",
            "no_header",
        ),
        ("query_source: {handler: x}", "query_source", "paths"),
    ],
)
def test_a_mistake_is_named_by_its_place_with_a_way_out(folder: Path, text: str, place: str, hint: str) -> None:
    (folder / "MLTable").write_text(text)
    with pytest.raises((UserErrorException, UnsupportedFieldError)) as caught:
        load(".")
    assert place in str(caught.value)
    assert hint in str(caught.value)


def test_delta_tables_are_refused_by_name(folder: Path) -> None:
    with pytest.raises(UnsupportedFieldError, match="from_delta_lake"):
        from_delta_lake("x")
    (folder / "MLTable").write_text("paths: [{folder: .}]\ntransformations: [read_delta_lake]")
    with pytest.raises(UnsupportedFieldError, match=r"transformations\.read_delta_lake"):
        load(".").to_pandas_dataframe()


def test_invalid_lines_may_be_named_by_the_enum(folder: Path) -> None:
    (folder / "a.jsonl").write_text('{"a": 1}\nnope\n')
    table = from_json_lines_files([{"file": "a.jsonl"}], invalid_lines=MLTableInvalidLines.drop)
    assert table.to_pandas_dataframe()["a"].tolist() == [1]


def test_categories_and_old_dates_of_parquet_are_read_where_the_real_package_breaks(folder: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"c": pd.Categorical(["x", "y"]), "d": pd.to_datetime(["1500-01-01", "2020-07-01"])})
    frame.to_parquet("a.parquet")
    found = from_parquet_files([{"file": "a.parquet"}]).to_pandas_dataframe()
    assert found["c"].tolist() == ["x", "y"]
    assert found["d"].tolist() == frame["d"].tolist()


def test_a_large_file_is_cut_into_partitions_of_whole_lines(folder: Path) -> None:
    rows = 3_000_000
    (folder / "big.csv").write_text("a,b\n" + "1234,x\n" * rows)
    table = from_delimited_files([{"file": "big.csv"}])
    assert table.get_partition_count() == 2
    assert sum(len(table.select_partitions(index).to_pandas_dataframe()) for index in (0, 1)) == rows


def test_paths_stay_lazy_until_rows_are_asked_for(folder: Path) -> None:
    assert from_paths([{"pattern": "nope*"}]).paths == [{"pattern": "nope*"}]
