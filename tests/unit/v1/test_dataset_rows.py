"""What SDK v1's tables keep of their rows: by columns, by times, by values of any kind. A wrong column is told."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import NotAvailableError, UnsupportedFieldError, UserErrorException
from jupyter_aml.v1.core.dataset import Dataset
from jupyter_aml.v1.core.workspace import Workspace
from jupyter_aml.v1.data import DataType, TabularDataset

ROWS = """day,seen,age,name,smokes
2024-01-01,2024-01-01 10:00:00,30,"a ""b"" \\",true
2024-02-01,2024-02-01 10:00:00,60,y,false
{now:%Y-%m-%d},{now:%Y-%m-%d %H:%M:%S},90,ü,true
"""


def now() -> datetime:
    return datetime.now(UTC).astimezone().replace(tzinfo=None, microsecond=0)


@pytest.fixture
def table(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TabularDataset:
    (tmp_path / "rows.csv").write_text(ROWS.format(now=now()))
    monkeypatch.chdir(tmp_path)
    store = ws.get_default_datastore()
    store.upload_files(["rows.csv"], target_path="rows")
    return Dataset.Tabular.from_delimited_files((store, "rows/rows.csv"))


def ages(found: TabularDataset) -> list[int]:
    frame: Any = found.to_pandas_dataframe()
    return [] if frame.empty else list(frame["age"])  # without rows there are no columns


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (lambda t: t["name"] == 'a "b" \\', [30]),
        (lambda t: t["name"] == "ü", [90]),
        (lambda t: (t["age"] < 61.5) & (t["smokes"] == True), [30]),  # noqa: E712 - a column is compared
        (lambda t: t["age"] != t["age"], []),
        (lambda t: ~((t["age"] < 60) | (t["age"] > 60)), [60]),
        (lambda t: t["day"] >= date(2024, 2, 1), [60, 90]),
        (lambda t: t["seen"] <= datetime(2024, 2, 1, 10), [30, 60]),  # noqa: DTZ001 - as people write it
        (lambda t: t["seen"] < datetime(2024, 2, 1, 12, tzinfo=timezone(timedelta(hours=2))), [30]),
    ],
)
def test_a_row_is_compared_with_a_value_of_any_kind(
    table: TabularDataset, where: Callable[..., Any], left: Any
) -> None:
    assert ages(table.filter(where(table))) == left


def test_numbers_of_numpy_are_numbers(table: TabularDataset) -> None:
    import numpy as np
    import pandas as pd

    assert ages(table.filter(table["age"] > np.int64(59))) == [60, 90]
    assert ages(table.filter(table["age"] > np.float64(59.5))) == [60, 90]
    assert ages(table.filter(table["day"] > pd.Timestamp("2024-01-15"))) == [60, 90]


@pytest.mark.parametrize("value", [None, object(), [1], float("nan"), b"x", timedelta(days=1)])
def test_what_no_column_can_be_compared_with_is_told(table: TabularDataset, value: object) -> None:
    with pytest.raises(UserErrorException, match="can be compared"):
        table.filter(table["age"] == value)


def test_an_empty_text_is_told_at_once(table: TabularDataset) -> None:
    with pytest.raises(UserErrorException, match="empty text"):
        table.filter(table["name"] == "")


def test_times_are_between_their_bounds(table: TabularDataset) -> None:
    timed, first, second = table.with_timestamp_columns("seen"), datetime(2024, 1, 1, 10), datetime(2024, 2, 1, 10)  # noqa: DTZ001
    assert ages(timed.time_between(first, second)) == [30, 60]
    assert ages(timed.time_between(first, second, include_boundary=False)) == []
    assert ages(timed.time_after(first, include_boundary=False).time_before(second)) == [60]
    assert ages(timed.time_recent(timedelta(minutes=30))) == [90]


def test_a_time_of_another_zone_is_the_same_moment(table: TabularDataset) -> None:
    timed = table.with_timestamp_columns("seen")
    east = timezone(timedelta(hours=5))
    assert ages(timed.time_before(datetime(2024, 2, 1, 14, 59, tzinfo=east))) == [30]
    assert ages(timed.time_before(datetime(2024, 2, 1, 15, 0, tzinfo=east))) == [30, 60]


def test_a_column_that_is_not_there_is_told_and_no_row_is_lost_silently(table: TabularDataset) -> None:
    with pytest.raises(UserErrorException, match="Did you mean 'seen'"):
        table.with_timestamp_columns("sen", validate=True)
    with pytest.raises(UserErrorException, match="holds no times"):
        table.with_timestamp_columns("name", validate=True)
    wrong = table.with_timestamp_columns("sen")
    with pytest.raises(UserErrorException, match="Did you mean 'seen'"):
        wrong.time_before(now())
    with pytest.raises(UserErrorException, match="Did you mean 'age'"):
        table.keep_columns(["agee"], validate=True)
    assert list(table.keep_columns("age", validate=True).to_pandas_dataframe().columns) == ["age"]


def test_the_two_columns_of_times_outlive_a_registration(ws: Workspace, table: TabularDataset) -> None:
    timed = table.with_timestamp_columns("seen", "day")
    assert timed.timestamp_columns == ("seen", "day")
    kept = timed.register(ws, "timed")
    assert kept.timestamp_columns == ("seen", "day")
    assert kept.with_timestamp_columns().timestamp_columns == (None, None)
    for given in ((None, "day"), ("day", "day")):
        with pytest.raises(UserErrorException, match="partition_timestamp"):
            table.with_timestamp_columns(*given)
    with pytest.raises(TypeError, match="Did you mean 'timestamp'"):
        table.with_timestamp_columns(timestmp="day")


def test_rows_with_a_time_are_indexed_by_it(table: TabularDataset) -> None:
    frame = table.with_timestamp_columns("seen").to_pandas_dataframe()
    assert list(frame.index) == list(frame["seen"])
    assert frame.index.name is None
    assert list(table.to_pandas_dataframe().index) == [0, 1, 2]


def test_nulls_are_the_only_answer_to_what_cannot_be_read(table: TabularDataset) -> None:
    assert len(table.to_pandas_dataframe(on_error="null")) == 3
    with pytest.raises(UnsupportedFieldError, match="out_of_range_datetime is not available"):
        table.to_pandas_dataframe(out_of_range_datetime="fail")
    with pytest.raises(UserErrorException, match="on_error: 'nul'"):
        table.to_pandas_dataframe(on_error="nul")


@pytest.mark.usefixtures("table")
def test_a_date_without_a_format_is_read_in_the_usual_ones(ws: Workspace) -> None:
    store = ws.get_default_datastore()
    types = {"day": DataType.to_datetime(), "age": DataType.to_float()}
    said = Dataset.Tabular.from_delimited_files(
        (store, "rows/rows.csv"), infer_column_types=False, set_column_types=types
    )
    frame: Any = said.to_pandas_dataframe()
    assert [frame[name].dtype.kind for name in ("day", "age", "name")] == ["M", "f", "O"]
    assert frame["day"].notna().all()


@pytest.mark.parametrize("what", ["to_dask_dataframe", "to_spark_dataframe", "submit_profile_run", "mount"])
def test_what_a_table_does_not_do_here_is_named(table: TabularDataset, what: str) -> None:
    with pytest.raises(NotAvailableError):
        getattr(table, what)()


@pytest.mark.parametrize("way", ["take", "skip"])
def test_a_count_of_rows_is_above_nothing(table: TabularDataset, way: str) -> None:
    for count in (0, -1):
        with pytest.raises(UserErrorException):
            getattr(table, way)(count)


def test_a_table_is_cut_in_two_that_share_nothing(table: TabularDataset) -> None:
    for seed in range(5):
        first, second = table.random_split(0.4, seed)
        assert sorted([*ages(first), *ages(second)]) == [30, 60, 90]
    for share in (0.0, 1.0, 2.0):
        with pytest.raises(UserErrorException):
            table.random_split(share)


def test_a_table_is_read_and_never_mounted(table: TabularDataset) -> None:
    assert table.as_named_input("x").binding().value.type == "mltable"
    with pytest.raises(UserErrorException, match=r"read by the script.*'mount'"):
        table.as_named_input("x").as_mount().binding()
