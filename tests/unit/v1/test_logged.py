"""What SDK v1 makes of logged values, and the shapes in which it gives them back."""

from typing import Any

import pytest

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.v1.core import logged


@pytest.mark.parametrize("value", [1, 0.5, "a", True, None])
def test_a_plain_value_is_itself(value: object) -> None:
    assert logged.plain(value) is value


def test_whatever_else_is_logged_as_its_text() -> None:
    assert logged.plain({"a": 1}) == "{'a': 1}"


def test_numpys_values_become_pythons() -> None:
    import numpy as np

    given = [np.float64(0.5), np.int32(3), np.array(2.5), np.bool_(1), np.str_("a")]
    found = [logged.plain(value) for value in given]
    assert found == [0.5, 3, 2.5, True, "a"]
    assert [type(value) for value in found] == [float, int, float, bool, str]
    assert logged.several(np.array([1, 2])) == [1, 2]
    assert logged.several(np.float64(1)) is None


@pytest.mark.parametrize("value", [[1, 2], (1, 2), range(1, 3)])
def test_lists_are_several(value: object) -> None:
    assert logged.several(value) == [1, 2]


@pytest.mark.parametrize("value", ["ab", 1, {"a": 1}])
def test_one_value_is_not_several(value: object) -> None:
    assert logged.several(value) is None


def note(name: str, kind: str, value: object) -> dict[str, Any]:
    return {"name": name, "type": kind, "value": value}


def test_one_value_is_itself_and_several_are_a_list() -> None:
    assert logged.gathered([], {"a": [0.5], "b": [1.0, 2.0]}) == {"a": 0.5, "b": [1.0, 2.0]}


def test_whole_numbers_stay_whole() -> None:
    found = logged.gathered([note("n", logged.WHOLE, None)], {"n": [3.0, 2.5]})
    assert found == {"n": [3, 2.5]}
    assert isinstance(found["n"][0], int)


def test_a_list_of_one_stays_a_list() -> None:
    assert logged.gathered([note("l", logged.LIST, [4])], {"l": [4.0]}) == {"l": [4]}


def test_rows_are_columns_and_a_single_one_is_values() -> None:
    rows = [note("r", logged.ROW, {"x": 1, "y": "a"}), note("r", logged.ROW, {"x": 2, "y": "b"})]
    assert logged.gathered(rows[:1], {"r/x": [1.0]}) == {"r": {"x": 1, "y": "a"}}
    assert logged.gathered(rows, {"r/x": [1.0, 2.0]}) == {"r": {"x": [1, 2], "y": ["a", "b"]}}


def test_texts_are_told_in_their_order() -> None:
    notes = [note("t", logged.SCALAR, "a"), note("t", logged.SCALAR, "b")]
    assert logged.gathered(notes, {}) == {"t": ["a", "b"]}


@pytest.mark.parametrize("table", [{"x": [1], "y": [1, 2]}, {"x": 1, "y": [1, 2]}, [1]])
def test_a_table_has_columns_of_one_length(table: object) -> None:
    with pytest.raises(UserErrorException):
        logged.checked_table("t", table)


@pytest.mark.parametrize("value", ["{", {"data": {}}, [1]])
def test_a_chart_says_what_it_is(value: object) -> None:
    with pytest.raises(UserErrorException):
        logged.checked_document("c", "residuals", value)
