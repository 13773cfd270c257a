"""What cannot become a job is refused before anything runs, with its cell, its line and a way out."""

import ast
import inspect
import socket
import sqlite3
import threading
from pathlib import Path

import pytest

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook import CellOrigin, capture
from jupyter_aml.notebook.values import LIMIT
from tests.unit.notebook.earlier_cells import COMPILED, in_a_notebook

ORIGIN = CellOrigin("my notebook.ipynb", 12)


def refusal(source: str, notebook: dict[str, object] | None = None, limit: int = LIMIT) -> str:
    with pytest.raises(CaptureError) as caught:
        capture(source, notebook or {}, ORIGIN, cells={COMPILED: 4}, limit=limit)
    return str(caught.value)


NOT_PYTHON = {
    "x = (1,": (2, "SyntaxError: '(' was never closed"),
    "a = 1\nb = = 2": (3, "SyntaxError: invalid syntax"),
    "def f():\nreturn 1": (3, "SyntaxError: expected an indented block"),
    "x = 'open": (2, "SyntaxError: unterminated string"),
    "if x\n    pass": (2, "SyntaxError: expected ':'"),
    "  x = 1": (2, "SyntaxError: unexpected indent"),
    "return 1": (2, "SyntaxError: 'return' outside function"),
    "yield 1": (2, "SyntaxError: 'yield' outside function"),
    "x = 1\nbreak": (3, "SyntaxError: 'break' outside loop"),
    "def f():\n    await x": (3, "SyntaxError: 'await' outside async function"),
    "print 'x'": (2, "SyntaxError: Missing parentheses"),
    "f'{a b}'": (2, "SyntaxError: f-string"),
    "def f(a, a): pass": (2, "SyntaxError: duplicate argument"),
    "global x\nx = 1\nnonlocal y": (4, "SyntaxError: nonlocal declaration not allowed"),
    "1 = x": (2, "SyntaxError: cannot assign to literal"),
    "%time f()": (2, "the magic %time"),
    "x = 1\n%matplotlib inline": (3, "the magic %matplotlib"),
    "%%time\nx = 1": (2, "the magic %%time"),
    "if True:\n    %pip install x": (3, "the magic %pip"),
    "v = %env HOME": (2, "the magic %env"),
    "!ls": (2, "a shell command (!)"),
    "x = 1\nfiles = !ls *.csv": (3, "a shell command (!)"),
    "for f in []:\n    !rm {f}": (3, "a shell command (!)"),
    "!!ls": (2, "a shell command (!)"),
    "print?": (2, "help (?)"),
    "?print": (2, "help (?)"),
    "x = 1\nprint??": (3, "help (?)"),
    "x\x00": (2, ""),
    "": (2, "the cell holds nothing to run"),
    "# only a comment\n": (2, "the cell holds nothing to run"),
}


@pytest.mark.parametrize("source", NOT_PYTHON, ids=repr)
def test_a_cell_that_is_not_python_is_refused_by_cell_and_line(source: str) -> None:
    line, what = NOT_PYTHON[source]
    assert refusal(source).startswith(f"<notebook my notebook.ipynb In [12]>, line {line}: {what}")


def test_a_syntax_error_points_at_the_place() -> None:
    assert "\n    b = = 2\n        ^" in refusal("a = 1\nb = = 2")


def test_the_first_line_is_where_the_notebook_has_it() -> None:
    with pytest.raises(CaptureError, match=r"In \[12\]>, line 5: SyntaxError"):
        capture("x = = 1", {}, CellOrigin("my notebook.ipynb", 12, first_line=5))


UNDEFINED = {
    "modle.fit()": (2, "modle"),
    "x = 1\nprint(x + yy)": (3, "yy"),
    "x = 1\ndef f():\n    return missing\nf()": (4, "missing"),
    "[q for r in range(3)]": (2, "q"),
    "class A(Nope): pass": (2, "Nope"),
    "@nodeco\ndef f(): pass": (2, "nodeco"),
    "def f(a=nodefault): pass": (2, "nodefault"),
    "print(later)\nlater = 1": (2, "later"),
    "counter += 1": (2, "counter"),
    "f'{nothing}'": (2, "nothing"),
    "lambda: nothing": (2, "nothing"),
    "del nothing": (2, "nothing"),
    "await nothing()": (2, "nothing"),
    "get_ipython().run_line_magic('time', '')": (2, "get_ipython"),
    "print(Out[3])": (2, "Out"),
    "name = input('who?')": (2, "input"),
}


@pytest.mark.parametrize("source", UNDEFINED, ids=repr)
def test_a_name_that_nothing_defines_is_refused_before_anything_runs(source: str) -> None:
    line, name = UNDEFINED[source]
    message = refusal(source, {"Out": {}, "get_ipython": print})
    assert message.startswith(f"<notebook my notebook.ipynb In [12]>, line {line}: ")
    assert f"'{name}'" in message


def test_an_undefined_name_gets_the_nearest_one() -> None:
    assert refusal("modle.fit()", {"model": 1}).endswith("Did you mean 'model'?")


def test_all_undefined_names_are_told_at_once() -> None:
    assert refusal("first\nsecond").count("is not defined") == 2


def test_a_name_that_only_a_function_of_another_cell_lacks_is_told_with_that_cell() -> None:
    notebook = in_a_notebook("def f():\n    x = 1\n    return gone + x")
    assert refusal("f()", notebook).startswith("<notebook my notebook.ipynb In [4]>, line 3: NameError: f uses 'gone'")


def test_a_function_may_use_what_the_cell_defines() -> None:
    notebook = in_a_notebook("def f(): return later")
    assert capture("later = 1\nf()", notebook, ORIGIN).captured


def test_a_function_that_calls_the_shell_is_refused_with_its_own_cell() -> None:
    notebook = in_a_notebook("def f():\n    get_ipython().system('ls')", get_ipython=print)
    assert refusal("f()", notebook).startswith("<notebook my notebook.ipynb In [4]>, line 2: f uses 'get_ipython'")


def opened() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


UNPICKLABLE = {
    "a lock": (threading.Lock(), "_thread.lock"),
    "a generator": ((i for i in range(3)), "generator"),
    "a thread": (threading.Thread(), "threading.Thread"),
    "a socket": (socket.socket.__new__(socket.socket), "socket.socket"),
    "a list that holds one": ([1, threading.Lock()], "list"),
    "a frame": (inspect.currentframe(), "frame"),
}


@pytest.mark.parametrize("what", UNPICKLABLE)
def test_a_value_that_cannot_be_pickled_is_refused_with_name_type_and_a_way_out(what: str) -> None:
    value, kind = UNPICKLABLE[what]
    message = refusal("x = 1\nprint(held)", {"held": value})
    assert message.startswith(
        f"<notebook my notebook.ipynb In [12]>, line 3: 'held' ({kind}) cannot be sent to a job: "
    )
    assert message.endswith("Create 'held' inside the cell, or pass what it is made from with --input.")


def test_a_value_that_fails_in_its_own_pickling_is_refused_too() -> None:
    notebook = in_a_notebook("class A:\n    def __reduce__(self): raise OSError('not now')\nheld = A()")
    assert "'held' (A) cannot be sent to a job: not now." in refusal("held", notebook)


def test_a_connection_is_refused_and_told_to_be_opened_in_the_cell() -> None:
    connection = opened()
    try:
        assert "Create 'db' inside the cell" in refusal("db", {"db": connection})
    finally:
        connection.close()


def test_what_a_function_needs_is_refused_with_the_function_that_needs_it() -> None:
    notebook = in_a_notebook("def query():\n    return lock.acquire()", lock=threading.Lock())
    message = refusal("query()", notebook)
    assert "'lock' (used by query, <notebook my notebook.ipynb In [4]> line 2) (_thread.lock) cannot be sent" in message


def test_what_the_cell_makes_itself_need_not_travel_for_its_functions() -> None:
    notebook = in_a_notebook("def query():\n    return lock, table", lock=threading.Lock(), table={"a": 1})
    found = capture("lock = None\nquery()", notebook, ORIGIN)
    assert [row.name for row in found.table()] == ["query", "table"]


def test_all_values_that_cannot_travel_are_told_at_once() -> None:
    message = refusal("a, b", {"a": threading.Lock(), "b": threading.Lock()})
    assert "'a'" in message
    assert "'b'" in message


def test_a_value_over_the_limit_is_refused_with_its_size() -> None:
    message = refusal("print(big)", {"big": bytearray(3 * 2**20)}, limit=2**20)
    assert "line 2: 'big' (bytearray) is too large to send with a cell: more than 1 MB." in message
    assert message.endswith("Load it inside the cell, or save it to a file and pass that with --input big=FILE.")


def test_an_array_of_more_than_a_hundred_megabytes_is_refused() -> None:
    import numpy as np

    message = refusal("data.sum()", {"data": np.zeros(15_000_000)})
    assert "'data' (numpy.ndarray (15000000,)) is too large to send with a cell: 114 MB." in message


def test_many_values_under_the_limit_may_travel_together() -> None:
    notebook = {f"v{i}": bytes([i]) * 600_000 for i in range(5)}
    assert capture("v0, v1, v2, v3, v4", notebook, ORIGIN, limit=2**20).size > 3_000_000


def test_a_local_module_under_the_name_of_the_cells_own_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cell.py").write_text("x = 1")
    with pytest.raises(CaptureError, match="Rename"):
        capture("import cell", {}, ORIGIN, folder=tmp_path)


def test_refusing_leaves_the_notebook_as_it_was() -> None:
    notebook: dict[str, object] = {"a": 1}
    refusal("a = = 1", notebook)
    assert notebook == {"a": 1}
    assert ast.parse("a")
