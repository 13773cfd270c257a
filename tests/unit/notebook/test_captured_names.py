"""Which names a cell takes along: exactly those that it reads before it binds them."""

import pytest

from jupyter_aml.notebook import CellOrigin, capture
from tests.unit.notebook.earlier_cells import in_a_notebook

ORIGIN = CellOrigin("demo.ipynb", 5)
NOTEBOOK = """
import json
import os.path
import xml.dom.minidom
import math as m
from collections import OrderedDict, Counter
a = 1; b = 2; c = [3]; d = {"k": 4}; x = 5; y = 6; n = 3; text = "t"; flag = True; items = [1, 2]
K = 10
def helper(v): return v * K
def uses_helper(v): return helper(v) + a
def recursive(v): return 1 if v == 0 else recursive(v - 1)
def with_default(v=b): return v
def makes_closure():
    held = c
    return lambda: held
closed = makes_closure()
class Base:
    rate = x
    def go(self): return helper(self.rate)
class Child(Base):
    def go(self): return super().go() + y
thing = Child()
table = {"f": lambda v: v + n, "g": helper}
def uses_module(v): return m.sqrt(v) + json.loads("1")
def even(v): return v == 0 or odd(v - 1)
def odd(v): return v != 0 and even(v - 1)
def deco(f): return f
@deco
def decorated(v): return v + K
def sets_global():
    global x
    x = 1
def annotated(v: OrderedDict) -> Counter: return v
async def acoro(v): return helper(v)
def gen():
    yield from items
list = [7]
"""

CASES = {
    # plain reads and stores
    "a": "a",
    "q = a": "a",
    "a = 1\na": "",
    "a += 1": "a",
    "a: int = 1": "",
    "a: int\na": "a",
    "q: OrderedDict = None": "OrderedDict",
    "c[0] = 9": "c",
    "d['k'] += 1": "d",
    "c.append(a)": "c a",
    "del a": "a",
    "a = 1\ndel a\na": "a",
    "a, (b, *c) = 1, (2, 3)\na, b, c": "",
    "print(f'{a!r:>{n}}')": "a n",
    "print(a if flag else b)": "flag a b",
    "assert a, b": "a b",
    "raise SystemExit(a)": "a",
    "x = x + 1": "x",
    "len([a])": "a",
    "list": "list",
    "'a b c'": "",
    "(w := a) and w": "a",
    # branches
    "if flag:\n    a = 0\na": "flag a",
    "if flag:\n    a = 0\nelse:\n    a = 1\na": "flag",
    "if not flag:\n    raise ValueError\nelse:\n    a = 1\na": "flag",
    "try:\n    a = 0\nexcept ValueError:\n    a = 1\na": "",
    "try:\n    a = 0\nexcept ValueError:\n    pass\na": "a",
    "try:\n    import nosuch\nexcept ImportError:\n    nosuch = None\nnosuch": "",
    "try:\n    q = 1\nfinally:\n    a = 1\na, q": "",
    "try:\n    pass\nexcept ValueError as e:\n    print(e)": "",
    "match c:\n    case [a, *b]:\n        print(a, b)\n    case {'k': x, **y}:\n        print(x, y)": "c",
    "match c:\n    case [1]:\n        a = 1\n    case _:\n        a = 2\na": "c",
    "match c:\n    case [1] if flag:\n        a = 1\na": "c flag a",
    # loops
    "for a in items:\n    b = a\na, b": "items",
    "for i in range(n):\n    x += i": "n x",
    "for q in items:\n    if q:\n        print(prev)\n    prev = q": "items",
    "while flag:\n    flag = False": "flag",
    "for q in items:\n    if flag:\n        continue\n    a = q\na": "items flag a",
    "while True:\n    a = 1\n    break\na": "",
    "for a in items:\n    pass\nelse:\n    b = 1\nb": "items",
    # scopes
    "[a for a in items]": "items",
    "[a * b for a in items if a > n]": "items n b",
    "{a: b for a, b in d.items()}": "d",
    "[q for q in items if (w := q)]\nw": "items",
    "[[b for b in range(a)] for a in items]": "items",
    "sum(a * y for a in items)": "items y",
    "sorted(items, key=lambda a: a * b)": "items b",
    "(lambda a, *b, c=x, **d: (a, b, c, d))(1)": "x",
    "def f(a, b=x):\n    q = y\n    return a + b + q\nf(1)": "x y",
    "def f():\n    return a\na = 1\nf()": "",
    "def f():\n    return a\nf()\na = 1": "a",
    "def f():\n    global a\n    a = 1\nf()": "",
    "def f():\n    a = 1\n    def g():\n        nonlocal a\n        a += b\n    g()\nf()": "b",
    "def f():\n    return g()\ndef g():\n    return a\nf()": "a",
    "def f():\n    import json\n    return json\nf()": "",
    "def f():\n    x: Counter = a\n    return x\nf()": "a",
    "class A(Base):\n    k = a\n    b = k\n    def m(self):\n        return self.k + b\nA()": "Base a b helper K",
    "class A:\n    a = a": "a",
    "class A:\n    for a in items:\n        pass\n    q = [a for a in items]": "items",
    "@deco\ndef f():\n    return a": "deco a",
    "import json\njson": "",
    "from json import loads as a\na": "",
    "with open(text) as a:\n    a.read()": "text",
    "async def f():\n    async with c as a:\n        await a\n    async for b in d:\n        b\nawait f()": "c d",
    "await acoro(1)": "acoro helper K",
    "[i async for i in gen()]": "gen items",
    "def f():\n    yield a\nlist(f())": "list a",
    # what functions and values of the notebook need
    "helper(1)": "helper K",
    "uses_helper(1)": "uses_helper helper a K",
    "recursive(3)": "recursive",
    "with_default()": "with_default",
    "closed()": "closed",
    "thing.go()": "thing Child Base y helper K",
    "Child().go()": "Child Base y helper K",
    "Base": "Base helper K",
    "table['f'](1)": "table n helper K",
    "even(2)": "even odd",
    "decorated(1)": "decorated K",
    "annotated": "annotated",
    "sets_global()": "sets_global",
    "K = 1\nhelper(2)": "helper K",
    "gen": "gen items",
    # modules
    "m.sqrt(a)": "m a",
    "xml.dom.minidom.parseString": "xml",
    "os.path.join(text)": "os text",
    "uses_module(1)": "uses_module m json",
    "Counter(items)": "Counter items",
    # pandas finds these in the caller's variables
    "df = c\ndf.query('v > @n and w < @y')": "c n y",
    "df = c\nq = 1\ndf.eval('v + @q')": "c",
    "df = c\ndf.query('v > @nothing')": "c",
    # names that every job has
    "print, len, __name__, display": "",
    "try:\n    nothing\nexcept NameError:\n    nothing = 1": "",
    "from math import *\nsqrt(a)": "a",
}


@pytest.fixture(scope="module")
def notebook() -> dict[str, object]:
    return in_a_notebook(NOTEBOOK)


@pytest.mark.parametrize("source", CASES, ids=lambda s: s.replace("\n", "⏎")[:60])
def test_a_cell_takes_exactly_the_names_it_reads_from_outside(source: str, notebook: dict[str, object]) -> None:
    found = [row.name for row in capture(source, notebook, ORIGIN).table()]
    assert sorted(found) == sorted(CASES[source].split())


def test_names_that_the_job_provides_are_not_taken(notebook: dict[str, object]) -> None:
    found = capture("print(a, b, new)", notebook, ORIGIN, provided=["a", "new"]).table()
    assert [row.name for row in found] == ["b"]


def test_the_table_says_kind_type_and_size(notebook: dict[str, object]) -> None:
    rows = {r.name: r for r in capture("m, helper, Base, text", notebook, ORIGIN).table()}
    assert [rows[n].kind for n in ("m", "helper", "Base", "text")] == ["module", "function", "class", "value"]
    assert (rows["m"].type, rows["m"].size) == ("math", 0)
    assert rows["text"].type == "str"
    assert 0 < rows["text"].size < 50


def test_the_name_of_an_array_shows_its_shape(notebook: dict[str, object]) -> None:
    import numpy as np

    row = capture("z", {"z": np.zeros((3, 4))}, ORIGIN).table()[0]
    assert row.type == "numpy.ndarray (3, 4)"
    assert row.size > 3 * 4 * 8
