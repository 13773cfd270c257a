"""Values given to a notebook that is executed as it is: typed, injected, linked, and never pasted."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.exceptions import ValidationException
from jupyter_aml.notebook import arguments
from jupyter_aml.notebook.arguments import literal, parameters_of, read_arguments
from jupyter_aml.notebook.prepared import INJECTED, Prepared, prepare
from jupyter_aml.notebook.script.script import Parameter

KNOWN = (
    Parameter("alpha", "number", 0.5, 1, 1), Parameter("depth", "integer", 3, 1, 2),
    Parameter("mode", "string", "fast", 1, 3, choices=("fast", "-slow")), Parameter("on", "boolean", True, 1, 4),
    Parameter("layers", "json", [1], 1, 5), Parameter("name", "string", "", 1, 6),
)  # fmt: skip


def cell(source: str, *tags: str, kind: str = "code") -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "metadata": {"tags": [*tags]}, "source": source, "id": "x"}
    return made | ({"outputs": [{"old": 1}], "execution_count": 9} if kind == "code" else {})


def content(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def prepared(folder: Path, said: list[str], *cells: dict[str, Any]) -> Prepared:
    path = folder / "train.ipynb"
    path.write_text(json.dumps(content(*cells)))
    parameters = parameters_of(path, said)
    return prepare(content(*cells), parameters, read_arguments(parameters, said), folder)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (["--alpha", "-1e-5"], {"alpha": -1e-5}), (["--alpha=7"], {"alpha": 7.0}), (["--depth", "-2"], {"depth": -2}),
        (["--mode", "-slow"], {"mode": "-slow"}), (["--on", "False"], {"on": False}), (["--on=1"], {"on": True}),
        (["--layers", '[1, {"a": null}]'], {"layers": [1, {"a": None}]}), (["--name="], {"name": ""}),
        (["--name", "--alpha"], {"name": "--alpha"}), (["--depth", "1", "--depth", "2"], {"depth": 2}),
    ],
)  # fmt: skip
def test_a_value_has_its_parameters_kind(said: list[str], value: dict[str, object]) -> None:
    assert read_arguments(KNOWN, said) == value


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["--alhpa", "1"], "'--alhpa' is no parameter"), (["--alpha"], "--alpha has no value"),
        (["--depth", "1.5"], "--depth is a integer, and got '1.5'"), (["--on", "maybe"], "--on is a boolean"),
        (["--layers", "[1"], "--layers is a json"), (["--mode", "slow"], "--mode is one of 'fast', '-slow'"),
        (["3"], "'3' is no parameter"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(said: list[str], why: str) -> None:
    with pytest.raises(ValidationException, match=why):
        read_arguments(KNOWN, said)


@pytest.mark.parametrize(
    "value", [0.1, -3, True, None, '"; import os\n', "'\"\\", "é\u2028", [1, [2.5]], {"a": [float("inf")], "b'": None}]
)
def test_a_literal_is_the_value_again(value: object) -> None:
    assert eval(literal(value), {"float": float}) == value  # noqa: S307  that it can be is the claim


def test_a_literal_may_be_no_number() -> None:
    assert math.isnan(eval(literal(float("nan"))))  # noqa: S307  as above


def test_parameters_are_read_back_as_written() -> None:
    assert arguments.from_json(arguments.to_json(KNOWN)) == KNOWN


def test_values_stand_behind_the_parameters_cell(tmp_path: Path) -> None:
    made = prepared(
        tmp_path, ["--alpha", "2"], cell("# T", kind="markdown"), cell("import os"), cell("alpha = 0.5", "parameters"),
        cell("print(alpha)"),
    )  # fmt: skip
    cells = made.content["cells"]
    assert [one["source"] for one in cells[2:]] == ["alpha = 0.5", "# Parameters\nalpha = 2.0", "print(alpha)"]
    assert cells[3]["metadata"]["tags"] == [INJECTED]
    assert (made.numbers, made.total) == ((0, 1, 2, 0, 3), 3)


def test_nothing_is_added_where_nothing_is_given(tmp_path: Path) -> None:
    made = prepared(tmp_path, [], cell("alpha = 0.5", "parameters"), cell(""))
    assert [one["source"] for one in made.content["cells"]] == ["alpha = 0.5", ""]
    assert made.numbers == (1, 2)


def test_the_output_of_an_earlier_run_is_gone(tmp_path: Path) -> None:
    (only,) = prepared(tmp_path, [], cell("1")).content["cells"]
    assert (only["outputs"], only["execution_count"]) == ([], None)


def test_the_cell_that_papermill_injected_is_used_again(tmp_path: Path) -> None:
    made = prepared(tmp_path, ["--alpha", "2"], cell("alpha = 0.5", "parameters"), cell("alpha = 9", INJECTED))
    assert [one["source"] for one in made.content["cells"]] == ["alpha = 0.5", "# Parameters\nalpha = 2.0"]
    assert made.numbers == (1, 2)


def test_a_parameter_that_is_no_cells_has_its_value_in_place(tmp_path: Path) -> None:
    made = prepared(tmp_path, ["--alpha", "2"], cell("é = 'é'; alpha = (0.5)  # rate\nprint(alpha)"))
    assert made.content["cells"][0]["source"] == "é = 'é'; alpha = (2.0)  # rate\nprint(alpha)"


def test_a_notebook_that_is_no_script_takes_values_too(tmp_path: Path) -> None:
    made = prepared(tmp_path, ["--alpha", "2"], cell("alpha = 0.5", "parameters"), cell("%%R\nplot(1)"))
    assert made.content["cells"][1]["source"] == "# Parameters\nalpha = 2.0"


# Data that the code finds by a path of its own


def placed(folder: Path, path: str, source: str) -> str:
    """What a cell says once the data at `path` lies elsewhere."""
    data = folder / "elsewhere.csv"
    data.write_text("1,2\n")
    code = folder / "wd"
    code.mkdir()
    found = Parameter("rows", "uri_file", path, 1, 1, is_found=True)
    made = prepare(content(cell(source)), [found], {"rows": str(data)}, code)
    return made.content["cells"][0]["source"]


def test_data_is_linked_where_the_code_looks_for_it(tmp_path: Path) -> None:
    source = "open('data/rows.csv')"
    assert placed(tmp_path, "data/rows.csv", source) == source
    assert (tmp_path / "wd" / "data" / "rows.csv").readlink() == tmp_path / "elsewhere.csv"


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    (tmp_path / "wd").mkdir()
    (tmp_path / "wd" / "rows.csv").write_text("own")
    found = Parameter("rows", "uri_file", "rows.csv", 1, 1, is_found=True)
    prepare(content(cell("1")), [found], {"rows": "/elsewhere"}, tmp_path / "wd")
    assert (tmp_path / "wd" / "rows.csv").read_text() == "own"


def test_a_path_out_of_the_folder_is_said_otherwise_in_the_code(tmp_path: Path) -> None:
    source = "a = [\n    open('../data/rows.csv'),\n    '../data/rows.csv', '../data']\n"
    place = str(tmp_path / "elsewhere.csv")
    assert placed(tmp_path, "../data/rows.csv", source) == source.replace("'../data/rows.csv'", repr(place))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.csv", "wd"]


def test_a_path_out_of_the_folder_in_a_cell_that_cannot_be_changed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValidationException, match=r"reads '\.\./rows\.csv', outside its folder"):
        placed(tmp_path, "../rows.csv", "!cat ../rows.csv")
