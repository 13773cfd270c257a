"""Notebooks that fail: the line that is to be named ends with ` ←`, which is taken off. It makes no claim."""

from dataclasses import dataclass
from typing import Any

MARK = " ←"


@dataclass(frozen=True)
class Case:
    """Code cells, and how they fail: the error's text, and the cell and line of it."""

    cells: tuple[str, ...]
    error: str
    cell: int
    line: int

    @property
    def notebook(self) -> dict[str, Any]:
        """As nbformat's JSON, with prose between the cells: it is not counted."""
        prose = {"cell_type": "markdown", "metadata": {}, "source": "# Words\n\nand more"}
        code = [
            {
                "cell_type": "code", "execution_count": None, "metadata": _metadata(source), "outputs": [],
                "source": source,
            }
            for source in self.cells
        ]  # fmt: skip
        cells = [{"id": f"c{n}", **cell} for n, cell in enumerate(part for one in code for part in (prose, one))]
        return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _metadata(source: str) -> dict[str, Any]:
    return {"tags": ["exploratory"]} if source.startswith("# exploratory") else {}


def case(error: str, *cells: str) -> Case:
    marked = [(c, n) for c, cell in enumerate(cells, 1) for n, line in enumerate(cell.split("\n"), 1) if MARK in line]
    assert len(marked) == 1, cells
    return Case(tuple(cell.replace(MARK, "") for cell in cells), error, *marked[0])


ZERO = "ZeroDivisionError"
INNER = "def half(v):\n    text = str(v)\n    return text and 1 / v ←"

FAILING: dict[str, Case] = {
    "raise": case("ValueError: no", "x = 1", "y = 2\nraise ValueError('no') ←"),
    "function of a cell above": case(ZERO, INNER, "x = 0", "print('a')\nhalf(x)"),
    "function within functions": case(ZERO, INNER, "def outer(v):\n    return [half(v)]", "outer(1)\nouter(0)"),
    "nested function": case(
        "KeyError: 'k'",
        "def outer():\n    def inner(d):\n        return d['k'] ←\n    return inner",
        "f = outer()",
        "f({})",
    ),
    "lambda": case(ZERO, "inverse = lambda v: 1 / v ←", "print(inverse(2))", "inverse(0)"),
    "lambda on its own lines": case("IndexError", "pick = (\n    lambda rows:\n    rows[3] ←\n)", "pick([])"),
    "comprehension": case(ZERO, "rows = [1, 0]", "shares = [\n    1 / row ←\n    for row in rows\n]"),
    "generator expression": case(ZERO, "import json\nprint(sum(1 / n for n in (1, 0))) ←"),
    "class body": case(ZERO, "x = 1", "class A:\n    y = x\n    z = y / 0 ←"),
    "method": case(
        "AttributeError", "class A:\n    def run(self):\n        return self.nothing ←", "a = A()", "print(1)\na.run()"
    ),
    "property": case(
        "RuntimeError: dry",
        "class A:\n    @property\n    def p(self):\n        raise RuntimeError('dry') ←",
        "print(A().p)",
    ),
    "dataclass": case(
        "ValueError: negative",
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int\n    def __post_init__(self):\n"
        "        if self.x < 0:\n            raise ValueError('negative') ←",
        "P(1)\nP(-1)",
    ),
    "decorator": case(
        "TypeError: not this", "x = 1", "def bad(f):\n    raise TypeError('not this') ←", "@bad\ndef g():\n    pass"
    ),
    "decorated": case(
        "OSError: dry",
        "import functools\ndef same(f):\n    @functools.wraps(f)\n    def g(*a):\n        return f(*a)\n    return g",
        "@same\ndef g(x):\n    print(x)\n    raise OSError('dry') ←",
        "g(1)",
    ),
    "generator": case(
        "LookupError: end",
        "def rows():\n    yield 1\n    raise LookupError('end') ←",
        "for row in rows():\n    print(row)",
    ),
    "default argument": case(ZERO, "n = 0", "def f(a,\n      b=1 / n): ←\n    return a"),
    "await": case(
        ZERO,
        "import asyncio\nasync def get(v):\n    await asyncio.sleep(0)\n    return 1 / v ←",
        "x = await get(1)",
        "await get(0)",
    ),
    "gather": case(
        ZERO, "import asyncio\nasync def get(v):\n    return 1 / v ←", "await asyncio.gather(get(1), get(0))"
    ),
    "async for": case(ZERO, "async def ns():\n    yield 1\n    yield 1 / 0 ←", "async for n in ns():\n    print(n)"),
    "with": case("FileNotFoundError", "x = 1\nwith open('nothing.csv') as f: ←\n    print(f)"),
    "within with": case(
        "LookupError: in",
        "import contextlib\n@contextlib.contextmanager\ndef phase():\n    yield 1",
        "with phase() as p:\n    print(p)\n    raise LookupError('in') ←",
    ),
    "try and finally": case(ZERO, "try:\n    print(1)\n    1 / 0 ←\nfinally:\n    print('done')"),
    "within except": case("ValueError", "try:\n    1 / 0\nexcept ZeroDivisionError:\n    int('x') ←"),
    "raised again": case(ZERO, "try:\n    1 / 0 ←\nexcept ZeroDivisionError as e:\n    print(e)\n    raise"),
    "raise from": case(
        "TypeError: wrapped",
        "def load():\n    try:\n        int('x')\n    except ValueError as e:\n"
        "        raise TypeError('wrapped') from e ←",
        "load()",
    ),
    "exception group": case(
        "ExceptionGroup: two", "x = 1", "print(x)\nraise ExceptionGroup('two', [ValueError(1), KeyError(2)]) ←"
    ),
    "assert": case("AssertionError: sum", "total = 3", "\n\nassert total == 4, 'sum' ←"),
    "import of nothing": case("ModuleNotFoundError", "x = 1", "import json\nimport no_such_module ←\nprint(json)"),
    "import of a missing name": case("ImportError", "print(1)", "from json import ( ←\n    dumps,\n    nothing,\n)"),
    "KeyError in pandas": case(
        "KeyError: 'nope'",
        "import pandas as pd\ndf = pd.DataFrame({'a': [1]})\ndf.head()",
        "df.shape",
        "total = df['a'].sum()\nmean = df['nope'].mean() ←",
    ),
    "library given nonsense": case(
        "json.decoder.JSONDecodeError", "import json", "def read(t):\n    return json.loads(t) ←", "read('{')"
    ),
    "statement of many lines": case(ZERO, "print(\n    1,\n    1 / 0, ←\n)"),
    "call of many lines": case("ValueError", "x = int( ←\n    'x',\n)"),
    "chain of many lines": case("AttributeError", "text = 'a'", "out = (\n    text\n    .upper()\n    .nothing() ←\n)"),
    "below dropped lines": case(
        ZERO,
        "%matplotlib inline\nimport pandas as pd\ndf = pd.DataFrame({'a': [1]})",
        "df.head()\ndf.shape\n\ndf.describe()\nn = len(df) - 1\nshare = 1 / n ←",
    ),
    "below an exploratory cell": case(
        ZERO,
        "n = 0",
        "# exploratory\nprint(n)\nprint(n)",
        "%pip install -q numpy\n\n%matplotlib inline\nshare = 1 / n ←",
    ),
    "below translated magics": case(
        ZERO, "%env A=1\n!true\nfiles = !echo a\n%cd .\nn = len(files) - 1\nshare = 1 / n ←"
    ),
    "below a command of many lines": case(ZERO, "!echo a \\\n  b \\\n  c\nx = 0\nshare = 1 / x ←"),
    "in %%time": case(ZERO, "%%time\nx = 0\n\nshare = 1 / x ←"),
    "in %%capture": case(ZERO, "x = 0", "%%capture\nprint('hidden')\nshare = 1 / x ←"),
    "in %time": case(ZERO, "x = 0", "print(x)\n%time y = 1 / x ←"),
    "below a written module": case(
        ZERO, "%%writefile written.py\ndef half(v):\n    return 1 / v", "import written\nprint(1)\nwritten.half(0) ←"
    ),
    "in a script that is run": case(ZERO, "%%writefile ran.py\nx = 0\n1 / x", "print(1)\n%run ran.py ←"),
    "in a failing %%bash": case("subprocess.CalledProcessError", "x = 1", "%%bash ←\necho a\nexit 3"),
    "in a thread of a pool": case(
        ZERO,
        "from concurrent.futures import ThreadPoolExecutor\n" + INNER,
        "with ThreadPoolExecutor(1) as pool:\n    f = pool.submit(half, 0)\n    f.result()",
    ),
    "in a process of a pool": case(
        ZERO,
        "import multiprocessing as mp\n" + INNER,
        "with mp.get_context('fork').Pool(1) as pool:\n    pool.map(half, [1, 0])",
    ),
    "in a process of an executor": case(
        ZERO,
        "import multiprocessing as mp\nfrom concurrent.futures import ProcessPoolExecutor\n" + INNER,
        "fork = mp.get_context('fork')\nwith ProcessPoolExecutor(1, fork) as p:\n    list(p.map(half, [1, 0]))",
    ),
    "behind a semicolon": case(ZERO, "a = 1; b = 0; c = a / b ←"),
    "below a long string": case(ZERO, "text = '''\none\ntwo\n'''\nprint(text)\nx = 1 / 0 ←"),
    "in an f-string": case(ZERO, "n = 0", "print(f'{n}')\nprint(f'{1 / n}') ←"),
    "in a loop": case(ZERO, "for i in range(3):\n    if i:\n        print(1 / (1 - i)) ←"),
    "in match": case(ZERO, "match 1:\n    case 1:\n        1 / 0 ←"),
    "in the main guard": case(ZERO, "def main():\n    return 1 / 0 ←", "if __name__ == '__main__':\n    main()"),
    "in unpacking": case("ValueError: too many values", "rows = 1, 2, 3", "print(rows)\na, b = rows ←"),
    "too deep": case("RecursionError", "def f(n):\n    return f(n + 1) ←", "f(0)"),
    "after carriage returns": case(ZERO, "x = 0\r\n\r\nprint(x)\r\nshare = 1 / x ←"),
    "a parameter's use": case(ZERO, "# parameters\nn = 0", "share = 1 / n ←"),
    "a redefined function": case(
        ZERO, "def f(v):\n    return v", "f(0)", "def f(v):\n    print(v)\n    return 1 / v ←", "f(0)"
    ),
    "a constant of functions": case("TypeError", "A = 'a'\ndef f():\n    return A", "B = f() + 1 ←"),
}

ELSEWHERE = ("raise", "function of a cell above", "below translated magics", "in %%time", "await", "KeyError in pandas",
             "below an exploratory cell", "in a process of a pool", "exception group")  # fmt: skip
"""Those that are executed as notebooks, too."""

REFUSED: dict[str, Case] = {
    "syntax": case("SyntaxError", "x = 1", "y = 2\nx = = 3 ←"),
    "indentation": case("unindent does not match", "if True:\n    a = 1\n  b = 2 ←"),
    "open bracket": case("SyntaxError", "x = 1\nprint(x ←\ny = 2"),
    "open string": case("SyntaxError", "x = 1\ny = 'a ←\nz = 2"),
    "Python 2": case("SyntaxError", "a = 1\nprint a ←"),
    "syntax below magics": case("SyntaxError", "%matplotlib inline\n!ls\nx = = 1 ←"),
    "syntax in %%time": case("SyntaxError", "%%time\n\nx = 1\ny = ) ←"),
    "return": case("'return' outside function", "x = 1\nreturn x ←"),
    "yield": case("'yield' outside function", "x = 1", "yield x ←"),
    "break": case("'break' outside loop", "x = 1\nif x:\n    break ←"),
    "nonlocal": case("nonlocal", "x = 1\nnonlocal x ←"),
    "same argument twice": case("duplicate argument", "x = 1\ndef f(a, a): ←\n    pass"),
    "undefined name": case("name 'ratee' is not defined", "rate = 1", "print(rate)\nprint(ratee) ←"),
    "used before it is made": case("name 'later' is not defined", "print(1)\nprint(later) ←", "later = 1"),
    "undefined in a function that is called": case(
        "name 'nothing' is not defined", "def f():\n    x = 1\n    return nothing ←", "f()"
    ),
    "the class that is being made": case("name 'A' is not defined", "x = 1", "class A:\n    y = x\n    z = A.y ←"),
    "made by an exploratory cell": case("made in cell 1, line 2", "# exploratory\ntried = 3", "x = 1\nprint(tried) ←"),
    "unknown magic": case("%frobnicate", "x = 1\n\n%frobnicate now ←"),
    "unknown magic in a block": case("%frobnicate", "for i in range(2):\n    print(i)\n    %frobnicate {i} ←"),
    "unknown cell magic": case("%%frobnicate", "x = 1", "%%frobnicate ←\nx"),
    "R": case("%%R", "x = 1", "%%R ←\nplot(1)"),
    "SQL": case("%%sql", "%%sql ←\nselect 1"),
    "a line of SQL": case("%sql", "x = 1\nrows = %sql select 1 ←"),
    "captured output": case("%%capture", "%%capture out ←\nprint(1)"),
    "what %who says": case("notebook only", "x = 1\nnames = %who_ls ←"),
    "input": case("'input'", "x = 1\nname = input('Name? ') ←"),
    "input in a function": case("'input'", "def ask():\n    print(1)\n    return input() ←", "ask()"),
    "getpass": case("'getpass'", "import getpass", "x = 1\nkey = getpass.getpass() ←"),
    "Out": case("'Out'", "1 + 1", "x = Out[1] ←"),
    "In": case("'In'", "x = 1\nprint(In[0]) ←"),
    "the last output": case("'_'", "1 + 1", "x = 1\ny = _ + 1 ←"),
    "a numbered output": case("'_1'", "1 + 1", "y = _1 + 1 ←"),
    "the shell": case("IPython shell", "x = 1\nshell = get_ipython() ←"),
    "the shell's other calls": case("IPython shell", "x = 1", "\nget_ipython().set_next_input('x') ←"),
    "%store": case("%store", "x = 1\n%store x ←"),
    "%load": case("%load", "%load file.py ←"),
    "%run with arguments": case("%run", "x = 1\n%run train.py --rate 1 ←"),
    "lists of files that know more than lists": case("'files.n'", "files = !ls", "print(files)\nprint(files.n) ←"),
}
