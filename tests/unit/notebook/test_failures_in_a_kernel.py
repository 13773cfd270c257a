"""A cell that fails in an executed notebook names its cell and line, whatever ran it."""

from typing import Any

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from jupyter_aml.notebook import kernel

FAILURES = {
    "%%time": ("%%time\nx = 1\n1 / 0", 3, "ZeroDivisionError: division by zero"),
    "%time": ("x = 1\n%time 1 / 0", 2, "ZeroDivisionError: division by zero"),
    "%timeit": ("x = 1\n%timeit -n1 -r1 1 / 0", 2, "ZeroDivisionError: division by zero"),
    "%%capture": ("%%capture out\nx = 1\nraise KeyError('q')", 3, "KeyError: 'q'"),
    "%run": ("x = 1\n%run bad.py", 2, "ZeroDivisionError: division by zero"),
    "!": ("!exit 3\n1 / 0", 2, "ZeroDivisionError: division by zero"),
    "an unknown magic": ("x = 1\n%nosuch 3", 2, "UsageError: Line magic function `%nosuch` not found."),
    "a syntax error": ("x = 1\ndef f(:\n    pass", 2, "SyntaxError: invalid syntax"),
    "an indent": ("x = 1\n  y = 2", 2, "IndentationError: unexpected indent"),
    "evaluated text": ("x = 1\neval('1 +')", 2, "SyntaxError: invalid syntax"),
    "await": ("import asyncio\nawait asyncio.sleep(0)\nraise KeyError('k')", 3, "KeyError: 'k'"),
    "a closure": ("def f():\n    def g():\n        return {}['a']\n    return g()\nf()", 3, "KeyError: 'a'"),
    "a library": ("import json\njson.loads('{')", 2, "json.decoder.JSONDecodeError: Expecting"),
    "a group": ("raise ExceptionGroup('g', [ValueError('x')])", 1, "ExceptionGroup: g (1 sub-exception)"),
    "a cause": (
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise RuntimeError('late') from e",
        4,
        "RuntimeError: late",
    ),
    "a message of lines": ("raise ValueError('\\nAll failed.\\nmore')", 1, "ValueError: All failed."),
    "no message": ("x = 1\n\nassert x == 2", 3, "AssertionError"),
    "an interrupt": ("x = 1\nraise KeyboardInterrupt", 2, "KeyboardInterrupt"),
    "an exit": ("import sys\nsys.exit('no data')", 2, "SystemExit: no data"),
}  # fmt: skip


class Kernel:
    """A shell with the extension of an executed notebook."""

    def __init__(self) -> None:
        self.shell = InteractiveShell(
            config=Config(HistoryManager={"enabled": False}), display_pub_class=CapturingDisplayPublisher
        )
        kernel.load_ipython_extension(self.shell)

    def told(self) -> list[dict[str, Any]]:
        screen: Any = self.shell.display_pub
        return [said["data"][kernel.FAILURE] for said in screen.outputs if kernel.FAILURE in said["data"]]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Kernel:
    """… of cells 2, 4 and 5 after one of parameters."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.py").write_text("x = 1\n1 / 0\n")
    monkeypatch.setenv(kernel.EXECUTED, "my train.ipynb")
    monkeypatch.setenv(kernel.CELLS, "0,2,4,5")
    return Kernel()


def run(made: Kernel, *cells: str) -> None:
    for cell in cells:
        made.shell.run_cell(cell, store_history=True)


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_cell_names_its_line(failure: str, made: Kernel) -> None:
    source, line, error = FAILURES[failure]
    run(made, "alpha = 1", "x = 0", source)
    (told,) = made.told()
    assert (told["cell"], told["line"]) == (4, line)
    assert error in told["error"]
    assert "/IPython/core/interactiveshell.py" not in told["text"]


def test_a_function_of_another_cell_names_that_cell(made: Kernel) -> None:
    run(made, "alpha = 1", "def f():\n    return 1 / 0", "y = 1\n\nf()")
    (told,) = made.told()
    assert (told["cell"], told["line"]) == (2, 2)
    assert told["text"] == (
        "Traceback (most recent call last):\n"
        '  File "<notebook my train.ipynb cell 4>", line 3, in <module>\n    f()\n'
        '  File "<notebook my train.ipynb cell 2>", line 2, in f\n    return 1 / 0\n           ~~^~~\n'
        "ZeroDivisionError: division by zero\n"
    )


def test_equal_cells_are_told_apart(made: Kernel) -> None:
    run(made, "n = 0", "n += 1\n1 / (n - 3)", "n += 1\n1 / (n - 3)", "n += 1\n1 / (n - 3)")
    assert [(told["cell"], told["line"]) for told in made.told()] == [(5, 2)]


def test_a_traceback_that_the_notebook_prints_names_its_cell(made: Kernel, capsys: pytest.CaptureFixture[str]) -> None:
    run(made, "alpha = 1", "import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()")
    assert 'File "<notebook my train.ipynb cell 2>", line 3, in <module>' in capsys.readouterr().err
    assert made.told() == []


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%aml_submit_notebook --as script \\\n    --param a=1\nx = 1\n", ["%aml_submit_notebook"]),
        (
            "if True:\n    job = %aml_submit_notebook\n%load_ext jupyter_aml\n",
            ["%aml_submit_notebook", "%load_ext jupyter_aml"],
        ),
        ("%%aml_job --compute c\n1 / 0\n", ["%%aml_job"]),
    ],
)
def test_our_own_magics_submit_nothing_and_say_so(
    cell: str, said: list[str], made: Kernel, capsys: pytest.CaptureFixture[str]
) -> None:
    run(made, cell)
    assert made.told() == []
    out = capsys.readouterr().out
    assert out == "".join(f"{magic}: left out, this notebook runs as a job.\n" for magic in said)
    assert len(kernel.without_our_magics(cell.splitlines(keepends=True))) == cell.count("\n")
