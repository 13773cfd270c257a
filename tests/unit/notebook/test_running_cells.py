"""A captured cell does in a fresh process what it would do in its notebook."""

import json
import linecache
import os
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from jupyter_aml.notebook import CellOrigin, capture, write

ORIGIN = CellOrigin("demo.ipynb", 5)
COMPILED = "/tmp/ipykernel_9/3.py"


def in_a_notebook(source: str) -> dict[str, object]:
    text = textwrap.dedent(source)
    variables: dict[str, object] = {"__name__": "__main__"}
    linecache.cache[COMPILED] = (len(text), None, text.splitlines(keepends=True), COMPILED)
    exec(compile(text, COMPILED, "exec"), variables)
    return variables


def result(cell: str, notebook: str = "", folder: Path | None = None, **environment: str) -> str:
    """What the cell prints when its folder is run."""
    assert folder is not None
    place = folder / "a b 'c\" ;é"
    write(capture(textwrap.dedent(cell), in_a_notebook(notebook), ORIGIN, cells={COMPILED: 3}), place)
    return printed(place, **environment)


def printed(place: Path, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, "run_cell.py"], cwd=place, env={**os.environ, **environment},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


# cell, notebook before it, what the job prints
RUNS = {
    "a last expression is printed": ("x = 20\nx + 1", "", "21\n"),
    "a last string is printed as a notebook shows it": ("'a'", "", "'a'\n"),
    "None is not printed": ("print(1)", "", "1\n"),
    "a last expression with ; is silent": ("21;", "", ""),
    "a last expression with ; and a comment is silent": ("21;  # quiet", "", ""),
    "a ; inside text is not the end": ("'a;'", "", "'a;'\n"),
    "a last assignment is silent": ("x = 1", "", ""),
    "display prints": ("display(1, 'a')", "", "1\n'a'\n"),
    "top-level await works": ("import asyncio\nawait asyncio.sleep(0, 'woke')", "", "'woke'\n"),
    "asyncio.run works": ("import asyncio\nasyncio.run(asyncio.sleep(0, 3))", "", "3\n"),
    "the cell is __main__": ("__name__", "", "'__main__'\n"),
    "values keep sharing their objects": ("b[0] is a", "a = [1]\nb = [a]", "True\n"),
    "cycles survive": ("a[0] is a", "a = []\na.append(a)", "True\n"),
    "instances are of the captured class": (
        "type(p) is P and isinstance(p, P)", "class P: pass\np = P()", "True\n",
    ),
    "super works": (
        "B().f()", "class A:\n    def f(self): return 1\nclass B(A):\n    def f(self): return super().f() + 1", "2\n",
    ),
    "functions see the cell's new globals": ("k = 5\nf()", "k = 1\ndef f(): return k", "5\n"),
    "functions change the cell's globals": (
        "up(); up()\ncount", "count = 0\ndef up():\n    global count\n    count += 1", "2\n",
    ),
    "methods see the cell's new globals": ("k = 7\nA().f()", "k = 1\nclass A:\n    def f(self): return k", "7\n"),
    "recursion works": ("fib(10)", "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)", "55\n"),
    "mutual recursion works": (
        "even(7)", "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)", "False\n",
    ),
    "closures keep their cells": (
        "add(2); add(3)", "def make():\n    t = [0]\n    def add(v):\n        t[0] += v\n        return t[0]\n    return add\nadd = make()", "5\n",
    ),
    "decorators stay applied": (
        "f(1)", "import functools\ndef twice(g):\n    @functools.wraps(g)\n    def h(v): return 2 * g(v)\n    return h\n@twice\ndef f(v): return v", "2\n",
    ),
    "dataclasses work": (
        "P(1) == p", "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass P:\n    x: int\np = P(1)", "True\n",
    ),
    "enums keep identity": ("c is C.RED", "from enum import Enum\nclass C(Enum):\n    RED = 1\nc = C.RED", "True\n"),
    "named tuples work": (
        "p.x, P(3, 4)", "from typing import NamedTuple\nclass P(NamedTuple):\n    x: int\n    y: int\np = P(1, 2)", "(1, P(x=3, y=4))\n",
    ),
    "abstract classes and properties work": (
        "S(3).area", "import abc\nclass Shape(abc.ABC):\n    @property\n    @abc.abstractmethod\n    def area(self): ...\nclass S(Shape):\n    def __init__(self, a): self.a = a\n    @property\n    def area(self): return self.a ** 2", "9\n",
    ),
    "generators, partials and lambdas in tables work": (
        "t['f'](2), list(g()), p(1)", "import functools\nk = 10\nt = {'f': lambda v: v * k}\ndef g(): yield k\ndef add(a, b): return a + b + k\np = functools.partial(add, 5)", "(20, [10], 16)\n",
    ),
    "default and keyword-only arguments survive": ("f()", "n = 4\ndef f(a=n, *, b={'x': n}): return a, b", "(4, {'x': 4})\n"),
    "modules and their aliases are imported": ("lm.sqrt(4), p.join('a', 'b')", "import math as lm, os.path as p", "(2.0, 'a/b')\n"),
    "submodules reached by attributes are imported": (
        "xml.dom.minidom.parseString('<a/>').firstChild.tagName", "import xml.dom.minidom", "'a'\n",
    ),
    "submodules used by functions are imported": (
        "f()", "import xml.dom.minidom\ndef f(): return xml.dom.minidom.parseString('<b/>').firstChild.tagName", "'b'\n",
    ),
    "functions of libraries travel by name": ("loads('[1]'), OD(a=1)['a']", "from json import loads\nfrom collections import OrderedDict as OD", "([1], 1)\n"),
    "shadowed builtins are the user's": ("list", "list = [7]", "[7]\n"),
    "pickling what the cell defines works": (
        "import pickle\nclass A: pass\ntype(pickle.loads(pickle.dumps(A()))) is A", "", "True\n",
    ),
    "pickling what was captured works": ("import pickle\npickle.loads(pickle.dumps(p)).x", "class P:\n    x = 3\np = P()", "3\n"),
    "sources can be read": ("import inspect\nprint(inspect.getsource(f), end='')", "x = 1\ndef f():\n    return 1", "def f():\n    return 1\n"),
    "sources of the cell can be read": ("import inspect\ndef g(): return 2\nprint(inspect.getsource(g), end='')", "", "def g(): return 2\n"),
    "exit codes of sys.exit(0) are the cell's": ("import sys\nprint(1)\nsys.exit(0)", "", "1\n"),
    "annotations are kept": ("x: int = 1\n__annotations__, f.__annotations__", "def f(a: int) -> str: ...", "({'x': <class 'int'>}, {'a': <class 'int'>, 'return': <class 'str'>})\n"),
    "type hints of the notebook resolve": ("import typing\ntyping.get_type_hints(f)['a'] is P", "class P: pass\ndef f(a: 'P'): ...", "True\n"),
    "helper names of the entry are free": ("'cell' in globals(), 'imports' in globals(), 'preload' in globals()", "", "(False, False, False)\n"),
    "the user may use our names": ("cell, imports, preload", "cell, imports, preload = 1, 2, 3", "(1, 2, 3)\n"),
    "match, walrus and star names work": ("match v:\n    case [a, *b] if (n := len(b)):\n        print(a, b, n)", "v = [1, 2, 3]", "1 [2, 3] 2\n"),
    "unicode names and text work": ("naïve + '😀'", "naïve = 'ä'", "'ä😀'\n"),
    "threads work": ("from threading import Thread\nt = Thread(target=f); t.start(); t.join()", "k = 2\ndef f(): print(k)", "2\n"),
}  # fmt: skip


@pytest.mark.parametrize("claim", RUNS)
def test_in_a_job(claim: str, tmp_path: Path) -> None:
    cell, notebook, expected = RUNS[claim]
    assert result(cell, notebook, tmp_path) == expected


def test_an_unused_undefined_typehint_does_not_stop_a_cell(tmp_path: Path) -> None:
    assert result("f(1)", "def f(a: 'Gone'): return a", tmp_path) == "1\n"


POOL = """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    def here(v):
        return v + k
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("{method}")) as pool:
        print(list(pool.map(there, [1])), list(pool.map(here, [1])))
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_that_a_cell_starts_find_its_functions(method: str, tmp_path: Path) -> None:
    notebook = "k = 10\ndef there(v): return v * k"
    assert result(POOL.format(method=method), notebook, tmp_path) == "[10] [11]\n"


def test_inputs_are_variables_of_their_type_and_outputs_are_folders(tmp_path: Path) -> None:
    inputs = {"lr": "number", "n": "integer", "on": "boolean", "s": "string", "data": "uri_folder", "off": "number"}
    cell = capture("print([lr, n, on, s, data, off, out])", {}, ORIGIN, provided=[*inputs, "out"])
    command = write(cell, tmp_path, inputs=inputs, outputs={"out": "uri_folder"})
    given = {"lr": "0.5", "n": "3", "on": "True", "s": "007"}
    environment = {f"AZUREML_PARAMETER_{k}": v for k, v in given.items()}
    found = printed(tmp_path, **environment, AZURE_ML_INPUT_data="/d a", AZURE_ML_OUTPUT_out="/o")
    assert command == "python run_cell.py"
    assert found == "[0.5, 3, True, '007', '/d a', None, '/o']\n"


def test_equal_cells_and_values_give_equal_bytes(tmp_path: Path) -> None:
    notebook = in_a_notebook("import json\nclass A:\n    x = 1\na = [A(), {'k': (1, 2)}]\ndef f(): return a, json")
    for name in ("one", "two"):
        write(capture("f(), A", notebook, ORIGIN, cells={COMPILED: 3}), tmp_path / name)
    ours = {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()}
    assert ours == {p.name: p.read_bytes() for p in (tmp_path / "two").iterdir()}
    assert sorted(ours) == ["captured.pkl", "cell.py", "run_cell.py"]


def test_functions_give_equal_bytes_in_another_kernel(tmp_path: Path) -> None:
    text = "k = 1\ndef f(v, w=2):\n    return v + k"

    def bytes_of(compiled: str) -> bytes:
        variables: dict[str, object] = {"__name__": "__main__"}
        linecache.cache[compiled] = (len(text), None, text.splitlines(keepends=True), compiled)
        exec(compile(text, compiled, "exec"), variables)
        return capture("f(1)", variables, ORIGIN, cells={compiled: 3}).values

    assert bytes_of("/tmp/ipykernel_1/1.py") == bytes_of("/tmp/ipykernel_2/2.py")


def test_the_readable_source_is_kept_as_typed(tmp_path: Path) -> None:
    source = "x = 1  # ä\n\nprint( x )\n"
    write(capture(source, {}, ORIGIN), tmp_path)
    assert (tmp_path / "cell.py").read_text(encoding="utf-8") == source


def test_captured_modules_stand_as_imports_in_the_folder(tmp_path: Path) -> None:
    import ast

    notebook = in_a_notebook("import json as j\nfrom sklearn.linear_model import Ridge")
    write(capture("j.dumps(1), Ridge", notebook, ORIGIN), tmp_path)
    tree = ast.parse((tmp_path / "run_cell.py").read_text())
    found = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert {"json", "sklearn.linear_model"} <= found


def test_modules_beside_the_notebook_travel_with_what_they_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "beside"
    (beside / "pack_jaml" / "deep").mkdir(parents=True)
    (beside / "tools_jaml.py").write_text("import more_jaml\nfrom pack_jaml.deep import thing\nv = more_jaml.v + thing.v")
    (beside / "more_jaml.py").write_text("v = 1")
    (beside / "unused_jaml.py").write_text("v = 1")
    (beside / "pack_jaml" / "__init__.py").write_text("")
    (beside / "pack_jaml" / "deep" / "__init__.py").write_text("")
    (beside / "pack_jaml" / "deep" / "thing.py").write_text("v = 2")
    monkeypatch.syspath_prepend(str(beside))
    found = capture("import tools_jaml\ntools_jaml.v", {}, ORIGIN, folder=beside)
    names = [Path(f.path).as_posix() for f in found.files]
    assert names == ["more_jaml.py", "pack_jaml/__init__.py", "pack_jaml/deep/__init__.py", "pack_jaml/deep/thing.py", "tools_jaml.py"]  # fmt: skip
    write(found, tmp_path / "job")
    assert printed(tmp_path / "job") == "3\n"


def test_a_folder_beside_the_notebook_that_shares_a_librarys_name_stays(tmp_path: Path) -> None:
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "data.csv").write_text("1")
    assert capture("import numpy", {}, ORIGIN, folder=tmp_path).files == ()


def test_a_module_that_the_job_lacks_is_told_without_generated_names(tmp_path: Path) -> None:
    write(capture("gone", in_a_notebook("import json as gone"), ORIGIN), tmp_path)
    entry = tmp_path / "run_cell.py"
    entry.write_text(entry.read_text().replace("import json", "import nosuch_json"))
    ended = subprocess.run([sys.executable, entry], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "nosuch_json" in ended.stderr
    assert "run_cell" not in ended.stderr


def test_a_value_that_cannot_be_read_back_is_told_by_its_name(tmp_path: Path) -> None:
    write(capture("bad", in_a_notebook("def fail(): raise OSError('broken')\nclass A:\n    def __reduce__(self): return fail, ()\nbad = A()"), ORIGIN), tmp_path)  # fmt: skip
    ended = subprocess.run([sys.executable, "run_cell.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "OSError: broken" in ended.stderr
    assert "'bad', which the cell uses, was brought back from the notebook" in ended.stderr


def test_the_notebooks_inline_figures_do_not_reach_the_job(tmp_path: Path) -> None:
    cell = "import os\nos.environ['MPLBACKEND']"
    assert result(cell, "", tmp_path, MPLBACKEND="module://matplotlib_inline.backend_inline") == "'Agg'\n"


def test_the_run_imports_little(tmp_path: Path) -> None:
    found = json.loads(result("import sys, json\nprint(json.dumps(sorted(sys.modules)))", "", tmp_path))
    assert not {"cloudpickle", "asyncio", "inspect", "dataclasses", "IPython", "mlflow", "traceback"} & set(found)


def test_one_reader_reads_header_and_values(tmp_path: Path) -> None:
    found = capture("a, b", {"a": [1], "b": 2}, ORIGIN)
    header = pickle.loads(found.values)
    assert header == {"names": ["a", "b"], "sources": {}}
