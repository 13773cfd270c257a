"""A failing cell names the notebook, the cell and the line that the user sees, never a generated script."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_aml.notebook import CellOrigin, capture, write
from tests.unit.notebook.earlier_cells import COMPILED, in_a_notebook

ORIGIN = CellOrigin("demo.ipynb", 5)
HERE, OTHER = "<notebook demo.ipynb In [5]>", "<notebook demo.ipynb In [3]>"
EARLIER = """\
import asyncio, json, functools, contextlib
from dataclasses import dataclass
def inner(v):
    return 1 / v
def outer(v):
    return inner(v)
class Model:
    def fit(self, v):
        self.weight = outer(v)
    @property
    def bad(self):
        return [][3]
    def __repr__(self):
        raise RuntimeError("no repr")
@dataclass
class Point:
    x: int
    def __post_init__(self):
        if self.x < 0:
            raise ValueError("negative")
def retry(f):
    @functools.wraps(f)
    def wrapped(*args):
        return f(*args)
    return wrapped
@retry
def retried(v):
    raise KeyError(v)
async def fetch(v):
    await asyncio.sleep(0)
    return inner(v)
def numbers():
    yield 1
    raise OSError("dry")
@contextlib.contextmanager
def managed():
    yield
    raise LookupError("left badly")
pick = lambda v: v["k"]
model = Model()
def chained(v):
    try:
        inner(v)
    except ZeroDivisionError as error:
        raise TypeError("wrapped") from error
"""

# cell body -> (error, the cells and lines that its traceback names, outermost first)
CASES: dict[str, tuple[str, list[tuple[str, int]]]] = {
    "1 / 0": ("ZeroDivisionError", [(HERE, 2)]),
    "x = 1\n\n\nx['a']": ("TypeError", [(HERE, 5)]),
    "# a comment\nraise ValueError('no')": ("ValueError: no", [(HERE, 3)]),
    "for i in range(3):\n    1 / (1 - i)": ("ZeroDivisionError", [(HERE, 3)]),
    "while True:\n    int('x')": ("ValueError", [(HERE, 3)]),
    "if True:\n    pass\nelse:\n    pass\nassert False, 'sum'": ("AssertionError: sum", [(HERE, 6)]),
    "def f():\n    g()\ndef g():\n    1 / 0\nf()": ("ZeroDivisionError", [(HERE, 6), (HERE, 3), (HERE, 5)]),
    "f = lambda: 1 / 0\nf()": ("ZeroDivisionError", [(HERE, 3), (HERE, 2)]),
    "inner(0)": ("ZeroDivisionError", [(HERE, 2), (OTHER, 4)]),
    "x = 1\nouter(0)": ("ZeroDivisionError", [(HERE, 3), (OTHER, 6), (OTHER, 4)]),
    "model.fit(0)": ("ZeroDivisionError", [(HERE, 2), (OTHER, 9), (OTHER, 6), (OTHER, 4)]),
    "model.bad": ("IndexError", [(HERE, 2), (OTHER, 12)]),
    "model": ("RuntimeError: no repr", [(HERE, 2), (OTHER, 14)]),
    "Point(-1)": ("ValueError: negative", [(HERE, 2), (OTHER, 20)]),
    "retried(1)": ("KeyError: 1", [(HERE, 2), (OTHER, 24), (OTHER, 28)]),
    "pick({})": ("KeyError: 'k'", [(HERE, 2), (OTHER, 39)]),
    "list(numbers())": ("OSError: dry", [(HERE, 2), (OTHER, 34)]),
    "for n in numbers():\n    print(n)": ("OSError: dry", [(HERE, 2), (OTHER, 34)]),
    "with managed():\n    pass": ("LookupError: left badly", [(HERE, 2), (OTHER, 38)]),
    "chained(0)": (
        "TypeError: wrapped",
        [(OTHER, 43), (OTHER, 4), (HERE, 2), (OTHER, 45)],
    ),
    "await fetch(0)": ("ZeroDivisionError", [(HERE, 2), (OTHER, 31), (OTHER, 4)]),
    "import asyncio\nawait asyncio.gather(fetch(1), fetch(0))": (
        "ZeroDivisionError",
        [(HERE, 3), (OTHER, 31), (OTHER, 4)],
    ),
    "async def f():\n    1 / 0\nawait f()": ("ZeroDivisionError", [(HERE, 4), (HERE, 3)]),
    "async def f():\n    yield 1\n    1 / 0\nasync for i in f():\n    pass": (
        "ZeroDivisionError",
        [(HERE, 5), (HERE, 4)],
    ),
    "import asyncio\nasyncio.run(fetch(0))": ("ZeroDivisionError", [(HERE, 3), (OTHER, 31), (OTHER, 4)]),
    "[1 / i for i in (1, 0)]": ("ZeroDivisionError", [(HERE, 2), (HERE, 2)]),
    "x = 5\ny = {\n    i: 1 / i\n    for i in (1, 0)\n}": ("ZeroDivisionError", [(HERE, 3), (HERE, 4)]),
    "any(1 / i for i in (0,))": ("ZeroDivisionError", [(HERE, 2), (HERE, 2)]),
    "class A:\n    x = 1\n    y = x / 0": ("ZeroDivisionError", [(HERE, 2), (HERE, 4)]),
    "class A:\n    def f(self):\n        return self.nope\nA().f()": ("AttributeError", [(HERE, 5), (HERE, 4)]),
    "try:\n    1 / 0\nexcept KeyError:\n    pass": ("ZeroDivisionError", [(HERE, 3)]),
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    int('x')": ("ValueError", [(HERE, 3), (HERE, 5)]),
    "try:\n    pass\nfinally:\n    1 / 0": ("ZeroDivisionError", [(HERE, 5)]),
    "import nosuchmodule": ("ModuleNotFoundError", [(HERE, 2)]),
    "from json import nosuch": ("ImportError", [(HERE, 2)]),
    "json.loads('{')": ("JSONDecodeError", [(HERE, 2)]),
    "print(\n    1,\n    1 / 0,\n)": ("ZeroDivisionError", [(HERE, 4)]),
    "x = '''\ntext\n'''\n1 / 0": ("ZeroDivisionError", [(HERE, 5)]),
    "eval('1 / 0')": ("ZeroDivisionError", [(HERE, 2)]),
    "exec('def f():\\n    1 / 0')\nf()": ("ZeroDivisionError", [(HERE, 3)]),
    "match 1:\n    case 1:\n        1 / 0": ("ZeroDivisionError", [(HERE, 4)]),
    "with open('nosuch.csv') as f:\n    pass": ("FileNotFoundError", [(HERE, 2)]),
    "def f(n):\n    return f(n + 1)\nf(0)": ("RecursionError", [(HERE, 4), (HERE, 3)]),
    "raise ExceptionGroup('two', [ValueError(1), KeyError(2)])": ("ExceptionGroup: two", [(HERE, 2)]),
    "raise KeyboardInterrupt": ("KeyboardInterrupt", [(HERE, 2)]),
    "s = 'ä€😀'; 1 / 0": ("ZeroDivisionError", [(HERE, 2)]),
    "x: int = 1 / 0": ("ZeroDivisionError", [(HERE, 2)]),
    "print('ok')\nprint(f'{1 / 0}')": ("ZeroDivisionError", [(HERE, 3)]),
    "del [][0]": ("IndexError", [(HERE, 2)]),
    "a, b = 1, 2, 3": ("ValueError: too many values", [(HERE, 2)]),
    "import pandas as pd\npd.DataFrame({'a': [1]})['nope']": ("KeyError: 'nope'", [(HERE, 3)]),
}


@pytest.fixture(scope="module")
def notebook() -> dict[str, object]:
    return in_a_notebook(EARLIER)


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "run_cell.py"], cwd=folder, env={**os.environ, "JUPYTER_AML_CELL": HERE, **environment},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("source", CASES, ids=lambda s: s.replace("\n", "⏎")[:50])
def test_a_traceback_names_the_cells_and_lines_of_the_notebook(
    source: str, notebook: dict[str, object], tmp_path: Path
) -> None:
    error, places = CASES[source]
    folder = tmp_path / "a b 'c\" ;é"
    write(capture(source, notebook, ORIGIN, cells={COMPILED: 3}), folder)
    ended = run(folder)
    assert ended.returncode == (130 if error == "KeyboardInterrupt" else 1), ended.stderr
    assert error in ended.stderr
    named = [(f, int(n)) for f, n in re.findall(r'File "(<notebook [^"]+>)", line (\d+)', ended.stderr)]
    assert [p for i, p in enumerate(named) if i == 0 or "Recursion" not in error or p != named[i - 1]] == places
    assert "run_cell.py" not in ended.stderr
    assert "runner/cell.py" not in ended.stderr


@pytest.mark.parametrize(("body", "shown"), [("inner(0)", "return 1 / v"), ("x = 1\n1 / 0  # here", "1 / 0  # here")])
def test_a_traceback_shows_the_lines_themselves(
    body: str, shown: str, notebook: dict[str, object], tmp_path: Path
) -> None:
    write(capture(body, notebook, ORIGIN, cells={COMPILED: 3}), tmp_path)
    assert f"    {shown}\n" in run(tmp_path).stderr


def test_the_frames_of_a_library_are_one_line_unless_asked_for(notebook: dict[str, object], tmp_path: Path) -> None:
    write(capture("json.loads('{')", notebook, ORIGIN, cells={COMPILED: 3}), tmp_path)
    short, full = run(tmp_path).stderr, run(tmp_path, JUPYTER_AML_FULL_TRACEBACK="1").stderr
    assert short.count("File ") == 2
    assert "2 more library frames" in short
    assert full.count("File ") > 4
    assert run(tmp_path, JUPYTER_AML_FULL_TRACEBACK="0").stderr == short


def test_a_warning_names_the_cell_and_line(tmp_path: Path) -> None:
    write(capture("import warnings\nwarnings.warn('careful')", {}, ORIGIN), tmp_path)
    assert f"{HERE}:3: UserWarning: careful" in run(tmp_path).stderr
