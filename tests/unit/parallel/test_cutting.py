"""Mini-batches as tables: which items each has, for every way to say their size."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from jupyter_aml.entities.parallel_plan import ParallelPlan, driver_command, plan_from_json
from jupyter_aml.entities.parallel_step import parallel_plan
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.runner.parallel import tables
from jupyter_aml.runner.parallel.batches import CutError, of_files, of_rows, rows_each, size_of
from jupyter_aml.runner.parallel.files import files_of
from jupyter_aml.runner.parallel.settings import settings

FILES = [f"f{number}" for number in range(7)]
BYTES = {name: 100 * (number + 1) for number, name in enumerate(FILES)}  # 100, 200, … 700


@pytest.mark.parametrize(
    ("size", "counts"),
    [
        ("", [1, 1, 1, 1, 1, 1, 1]),
        ("0", [1, 1, 1, 1, 1, 1, 1]),
        ("1", [1, 1, 1, 1, 1, 1, 1]),
        ("2", [2, 2, 2, 1]),
        ("3", [3, 3, 1]),
        ("7", [7]),
        ("1000", [7]),
        ("1kb", [4, 1, 1, 1]),
        ("1KB", [4, 1, 1, 1]),
        ("2kb", [5, 2]),
        ("1mb", [7]),
        ("1gb", [7]),
    ],
)
def test_files_by_number_or_by_bytes(size: str, counts: list[int]) -> None:
    found = of_files(FILES, size_of(size), BYTES.__getitem__)
    assert [batch.count for batch in found] == counts
    assert [file for batch in found for file in batch.files] == FILES


@pytest.mark.parametrize(
    ("size", "rows", "length", "each"),
    [
        ("10", 100, 5_000, 10),  # rows
        ("1", 100, 5_000, 1),
        ("1023", 100, 5_000, 1023),
        ("1024", 100, 5_000, 20),  # bytes, as in Azure ML
        ("1kb", 100, 5_000, 20),
        ("102400", 1000, 1_024_000, 100),
        ("100kb", 1000, 1_024_000, 100),
        ("1kb", 10, 1_000_000, 1),  # a row longer than a mini-batch
        ("", 100, 5_000, 20_971),  # 1 MB
        ("0", 100, 0, 104_857_600),
    ],
)
def test_rows_by_number_or_by_bytes(size: str, rows: int, length: int, each: int) -> None:
    assert rows_each(size_of(size), rows, length) == each


def test_every_row_is_in_one_mini_batch() -> None:
    assert [list(rows) for rows in of_rows(7, 3)] == [[0, 1, 2], [3, 4, 5], [6]]


@pytest.mark.parametrize("text", ["ten", "10tb", "-1", "1.5", "kb"])
def test_another_size_is_refused(text: str) -> None:
    with pytest.raises(CutError, match="mini_batch_size"):
        size_of(text)


def test_files_come_sorted_from_every_folder_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "é ;'.txt", "a.txt"):
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_text(name)
    tmp_path.joinpath("a/b/above").symlink_to(tmp_path)
    found = [Path(file).relative_to(tmp_path).as_posix() for file in files_of(str(tmp_path), "data")]
    assert found == ["a.txt", "a/b/c.txt", "a/z.txt", "b.txt", "é ;'.txt"]
    assert files_of(str(tmp_path / "b.txt"), "data") == [str(tmp_path / "b.txt")]


@pytest.mark.parametrize(("place", "says"), [("empty", "holds no file"), ("gone", "is not there")])
def test_an_input_without_files_is_an_error(tmp_path: Path, place: str, says: str) -> None:
    tmp_path.joinpath("empty").mkdir()
    with pytest.raises(CutError, match=says):
        files_of(str(tmp_path / place), "data")


def test_a_direct_input_says_what_to_do() -> None:
    with pytest.raises(CutError, match="ro_mount"):
        files_of("azureml://datastores/d/paths/x", "data")


# ── tables ──

ROWS = "store,brand,amount\n" + "".join(f"{n % 3},{'ab'[n % 2]},{n}\n" for n in range(12))


@pytest.fixture(scope="module")
def libraries() -> None:
    """What the process that cuts needs, loaded once here: it is a fork."""
    for name in ("pandas", "jupyter_aml.mltable", "jupyter_aml.data.mltable.execution"):
        import_module(name)


def table(folder: Path, text: str = ROWS) -> str:
    folder.joinpath("rows.csv").write_text(text)
    folder.joinpath("MLTable").write_text(
        "paths:\n  - file: ./rows.csv\ntransformations:\n  - read_delimited:\n      delimiter: ','\n"
    )
    return str(folder)


def cut(folder: Path, **plan: Any) -> list[tuple[int, object, list[int]]]:
    """Of each mini-batch its count, its key, and the amounts of its rows."""
    folder.joinpath("scratch").mkdir()
    data = folder / "table"
    data.mkdir()
    given = ParallelPlan("s.py", "data", "mltable", **plan)
    batches = tables.cut(given, table(data), folder / "scratch")
    rows = [tables.rows_at(folder / "scratch", batch.place) for batch in batches]
    assert all(list(frame.index) == list(range(len(frame))) for frame in rows)
    return [
        (batch.count, batch.key, [int(one) for one in frame["amount"]])
        for batch, frame in zip(batches, rows, strict=True)
    ]


def test_a_table_is_cut_by_rows(libraries: None, tmp_path: Path) -> None:
    found = cut(tmp_path, mini_batch_size="5")
    assert found == [(5, None, [0, 1, 2, 3, 4]), (5, None, [5, 6, 7, 8, 9]), (2, None, [10, 11])]


def test_partition_keys_win_over_the_size(libraries: None, tmp_path: Path) -> None:
    found = cut(tmp_path, mini_batch_size="1", partition_keys=("store", "brand"))
    assert [(key, rows) for _, key, rows in found] == [
        ({"store": 0, "brand": "a"}, [0, 6]),
        ({"store": 1, "brand": "b"}, [1, 7]),
        ({"store": 2, "brand": "a"}, [2, 8]),
        ({"store": 0, "brand": "b"}, [3, 9]),
        ({"store": 1, "brand": "a"}, [4, 10]),
        ({"store": 2, "brand": "b"}, [5, 11]),
    ]


def test_a_partition_key_that_is_no_column_is_told(libraries: None, tmp_path: Path) -> None:
    with pytest.raises(CutError, match=r"no column 'stor'.*Did you mean 'store'"):
        cut(tmp_path, partition_keys=("stor",))


def test_a_table_of_paths_is_a_list_of_files(libraries: None, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt", "three.txt"):
        tmp_path.joinpath(name).write_text(name)
    tmp_path.joinpath("MLTable").write_text("paths:\n  - pattern: ./*.txt\n")
    tmp_path.joinpath("scratch").mkdir()
    plan = ParallelPlan("s.py", "data", "mltable", mini_batch_size="2")
    found = tables.cut(plan, str(tmp_path), tmp_path / "scratch")
    assert [[Path(file).name for file in batch.files] for batch in found] == [["one.txt", "three.txt"], ["two.txt"]]


def test_an_environment_that_reads_no_tables_is_told_what_it_needs(tmp_path: Path) -> None:
    plan = ParallelPlan("s.py", "data", "mltable", readers=("no_such_reader",))
    with pytest.raises(CutError, match=r"no_such_reader.*Add mltable"):
        tables.cut(plan, str(tmp_path), tmp_path)


# ── the plan ──

STEP: dict[str, Any] = {
    "type": "parallel",
    "component": {
        "inputs": {"data": {"type": "mltable"}, "model": {"type": "uri_folder"}, "t": {"type": "integer"}},
        "outputs": {"rows": {"type": "uri_file"}},
        "input_data": "${{inputs.data}}",
        "mini_batch_size": "10kb",
        "retry_settings": {"max_retries": 5, "timeout": 9},
        "task": {
            "type": "run_function",
            "entry_script": "score.py",
            "program_arguments": "--model ${{inputs.model}} --cols a;b\n--t '$x' \"$HOME\" it's",
            "append_row_to": "${{outputs.rows}}",
        },
    },
    "inputs": {"data": {"path": "x"}, "t": 3},
    "max_concurrency_per_instance": 2,
    "resources": {"instance_count": 3},
}


def test_a_step_wins_over_its_component() -> None:
    plan = parallel_plan({**STEP, "mini_batch_size": 7, "error_threshold": 4})
    assert (plan.input, plan.input_type, plan.output, plan.output_type) == ("data", "mltable", "rows", "uri_file")
    assert (plan.mini_batch_size, plan.max_retries, plan.timeout) == ("7", 5, 9.0)
    assert (plan.nodes, plan.workers_per_node, plan.error_threshold) == (3, 2, 4)


def test_defaults_are_azures() -> None:
    plan = ParallelPlan("s.py", "data")
    assert (plan.max_retries, plan.timeout, plan.logging_level) == (2, 60.0, "INFO")
    assert (plan.error_threshold, plan.mini_batch_error_threshold, plan.workers_per_node) == (-1, -1, 0)


def test_program_arguments_are_words_and_no_shell_code() -> None:
    command, variables = driver_command(parallel_plan(STEP))
    assert command == (
        "python -m jupyter_aml.runner.parallel --model ${{inputs.model}} --cols a\\;b --t '$x' \"\\$HOME\" it\\'s"
    )
    assert json.loads(variables["JUPYTER_AML_PARALLEL"])["mini_batch_size"] == "10kb"


def test_a_plan_is_the_same_after_its_json() -> None:
    plan = parallel_plan(STEP)
    assert plan_from_json(plan.to_json()) == plan


def test_a_setting_may_be_an_inputs_value() -> None:
    plan = parallel_plan({**STEP, "retry_settings": {"timeout": "${{inputs.t}}"}})
    command, variables = driver_command(plan)
    assert '--run_invocation_timeout "${{inputs.t}}"' in command
    given = settings(plan_from_json(variables["JUPYTER_AML_PARALLEL"]), ["--run_invocation_timeout", "3"])
    assert given.plan.timeout == 3.0


def test_azures_options_among_the_program_arguments_are_settings() -> None:
    words = "--error_threshold 5 --allowed_failed_percent=30 --progress_update_timeout 9 --model m".split()
    given = settings(ParallelPlan("s.py", "data"), words)
    assert (given.plan.error_threshold, given.allowed_failed_percent, given.progress_timeout) == (5, 30.0, 9.0)
    assert given.arguments[-2:] == ["--model", "m"]
    assert given.arguments[:2] == ["--scoring_module_name", "s.py"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"input_data": None}, "input_data: required"),
        ({"input_data": "${{inputs.dat}}"}, r"names none of the inputs[\s\S]*Did you mean 'data'"),
        ({"input_data": "data"}, "names none of the inputs"),
        ({"task": {"append_row_to": "${{outputs.row}}", "entry_script": "s.py"}}, r"append_row_to[\s\S]*'rows'"),
        ({"task": {"type": "run_function"}}, "task.entry_script: required"),
        ({"task": {"type": "model", "entry_script": "s.py"}}, "of type 'model' is not run here"),
        ({"error_threshold": "many"}, "error_threshold: a number is expected"),
    ],
)
def test_a_step_that_cannot_be_is_refused_by_its_path(change: dict[str, Any], says: str) -> None:
    component = {name: value for name, value in STEP["component"].items() if name not in change}
    with pytest.raises(ValidationException, match=says):
        parallel_plan({**STEP, "component": component, **change})
