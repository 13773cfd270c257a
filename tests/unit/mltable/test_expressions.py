"""Filter expressions are read, never run: whatever their text, Python does nothing for them."""

import sys
import threading
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jupyter_aml.data.mltable.columns import Partition, arrow
from jupyter_aml.data.mltable.filter_quick import quick_mask
from jupyter_aml.data.mltable.filter_syntax import parsed
from jupyter_aml.data.mltable.filtering import filtered
from jupyter_aml.exceptions import UserErrorException

WATCHED = {"exec", "import", "open", "os.system", "subprocess.Popen", "object.__getattr__", "socket.connect"}
seen: list[str] = []
WATCH: list[str] = []
"""What is being read; the hook, which cannot be taken away again, looks only then."""


def _watch(event: str, _arguments: tuple[Any, ...]) -> None:
    if WATCH and event in WATCHED and threading.current_thread() is threading.main_thread():
        seen.append(event)


sys.addaudithook(_watch)

ATTACKS = [
    "__import__('os').system('true')",
    "().__class__.__bases__[0].__subclasses__()",
    "a.__class__.__init__.__globals__",
    "[x for x in (1).__class__.__base__.__subclasses__()]",
    "(lambda: open('/etc/passwd'))()",
    "exec('import os')",
    "eval('1')",
    "f'{open(\"/etc/passwd\")}'",
    "col.__globals__",
    "startswith.__globals__['os']",
    "datetime.__subclasses__()",
    "print('x') or True",
    "a if __import__('os') else b",
    "breakpoint()",
]
WORDS = st.sampled_from(
    "a b col startswith datetime __import__ open exec eval os __class__ lambda None True and or not if else".split()
    + "( ) [ ] . , : == < > + - * / 1 2.5 'x' \"os\" \n".split(" ")
)


@settings(deadline=None)  # the first example opens pandas
@given(st.one_of(st.sampled_from(ATTACKS), st.lists(WORDS, max_size=12).map(" ".join), st.text(max_size=40)))
@example("__import__('os').system('true')")
def test_an_expression_never_runs_code(text: str) -> None:
    WATCH.append(text)
    try:
        found = parsed(text)({"a": 1, "b": "x"})
    except UserErrorException:
        return
    finally:
        WATCH.clear()
        happened, seen[:] = [*seen], []
        assert happened == []
    assert found is None or isinstance(found, bool | int | float | str | list) or hasattr(found, "year")


@pytest.mark.parametrize("text", ATTACKS)
def test_known_attacks_are_refused(text: str) -> None:
    with pytest.raises(UserErrorException):
        parsed(text)({"a": 1, "b": "x"})


@pytest.mark.parametrize("text", ["(" * 500 + "a" + ")" * 500, "not " * 5000 + "d", "a == 1 " + "or a == 1 " * 2000])
def test_deep_and_long_expressions_are_refused_not_fatal(text: str) -> None:
    try:
        parsed(text)({"a": 1, "d": True})
    except UserErrorException:
        return


COLUMN = st.lists(st.one_of(st.none(), st.integers(-3, 3)), min_size=1, max_size=8)
TEST = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 3)
).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})")
LOGIC = st.recursive(
    TEST,
    lambda inner: st.one_of(
        inner.map(lambda one: f"(not {one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
    ),
    max_leaves=6,
)


@settings(deadline=None)  # the first example opens pandas
@given(LOGIC, COLUMN, COLUMN)
def test_whole_columns_are_filtered_as_row_by_row(text: str, left: list[int | None], right: list[int | None]) -> None:
    size = min(len(left), len(right))
    cells = {"a": left[:size], "b": right[:size]}
    whole = Partition({name: arrow().chunked_array([arrow().array(one, "int64")]) for name, one in cells.items()}, size)
    rows = [dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    expected = [parsed(text)(row) is True for row in rows]
    assert quick_mask(whole, text) == expected
    assert filtered([whole], text)[0].count == sum(expected)
