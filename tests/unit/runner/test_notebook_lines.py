"""A converted script that fails names the notebook, the cell and the line, whoever prints the traceback.

A line of a script that ends with `# @5.3` is line 3 of cell 5.
"""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from jupyter_aml.entities.cell_lines import CellLines
from jupyter_aml.runner import notebook_lines
from tests.unit.runner.ends import ENDS

PYTHONS = {
    "here": Path(sys.executable),
    **{path.name: path / "bin" / "python" for path in sorted(Path.home().glob(".pyenv/versions/3.*"))},
}
MARK = re.compile(r"^(.*?)\s*# @(\d+)\.(\d+)$")
HEAD = "import sys\nimport threading\n\n"
PLAIN = """
def fit(rows):
    text = f"{rows}"  # @2.2
    return rows[0] / rows[1]  # @2.3

def main(args):
    rows = [1, 0]  # @4.1
    print(fit(rows))  # @5.2

main(None)
"""


@dataclass
class Ran:
    """A script that was run in a folder of its own, with its map; its log."""

    code: Path
    log: Path

    @property
    def told(self) -> str:
        return notebook_lines.told(self.code, self.log)

    @property
    def block(self) -> str:
        before = self.log.read_text()
        assert self.told
        return self.log.read_text().removeprefix(before)


def written(folder: Path, script: str, name: str = "train") -> CellLines:
    """The script in the folder, and its map beside it."""
    marked = [MARK.match(line) for line in script.split("\n")]
    lines = {number: (int(m[2]), int(m[3])) for number, m in enumerate(marked, 1) if m}
    cells: dict[int, dict[int, str]] = {}
    for found in filter(None, marked):
        cells.setdefault(int(found[2]), {})[int(found[3])] = found[1].strip()
    sources = {cell: "\n".join(said.get(n, "") for n in range(1, max(said) + 1)) for cell, said in cells.items()}
    known = CellLines.of(f"{name}.ipynb", f"{name}.py", lines, sources, "main")
    (folder / f"{name}.py").write_text(re.sub(r"\s*# @\d+\.\d+$", "", script, flags=re.MULTILINE))
    (folder / known.file).write_text(known.to_json())
    return known


def ran(folder: Path, script: str, python: Path = PYTHONS["here"], *, is_named_whole: bool = True) -> Ran:
    code = folder / "a b 'c\" ;é" / "wd"
    code.mkdir(parents=True)
    written(code, script)
    log = folder / "std_log.txt"
    name = str(code / "train.py") if is_named_whole else "train.py"
    with log.open("wb") as out:
        subprocess.run([python, name], cwd=code, stdout=out, stderr=out, check=False, timeout=180)
    return Ran(code, log)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("is_named_whole", [True, False])
def test_every_pythons_traceback_is_read(python: str, is_named_whole: bool, tmp_path: Path) -> None:
    made = ran(tmp_path, PLAIN, PYTHONS[python], is_named_whole=is_named_whole)
    assert made.told == "train.ipynb, cell 2, line 3: ZeroDivisionError: division by zero"


def test_the_block_shows_the_cells_own_lines(tmp_path: Path) -> None:
    assert ran(tmp_path, PLAIN).block == (
        "\nIn the notebook:\n"
        '  File "train.ipynb", cell 5, line 2, in <module>\n'
        "    print(fit(rows))\n"
        '  File "train.ipynb", cell 2, line 3, in fit\n'
        "    return rows[0] / rows[1]\n"
        "ZeroDivisionError: division by zero\n"
    )


@pytest.mark.parametrize("end", ENDS)
def test_every_kind_of_end_names_its_line(end: str, tmp_path: Path) -> None:
    script, said = ENDS[end]
    made = ran(tmp_path, HEAD + script)
    assert said in made.told, made.log.read_text()
    assert "In the notebook:" in made.log.read_text()


@pytest.mark.parametrize("python", PYTHONS)
def test_colours_hide_nothing(python: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert ran(tmp_path, PLAIN, PYTHONS[python]).told.startswith("train.ipynb, cell 2, line 3: ZeroDivisionError")


def test_all_of_a_chain_is_shown(tmp_path: Path) -> None:
    block = ran(tmp_path, HEAD + ENDS["a cause"][0]).block
    assert block.index("cell 2, line 2") < block.index("KeyError: 'k'") < block.index("direct cause")
    assert block.index("direct cause") < block.index("cell 2, line 4") < block.index("RuntimeError: late")


def test_the_parts_of_a_group_are_shown_below_it(tmp_path: Path) -> None:
    block = ran(tmp_path, HEAD + ENDS["a group"][0]).block
    assert (
        '\n    File "train.ipynb", cell 1, line 2, in f\n      1 / 0\n  ZeroDivisionError: division by zero\n' in block
    )


def test_a_module_beside_the_notebook_is_shown_by_its_name(tmp_path: Path) -> None:
    code = tmp_path / "a b 'c\" ;é" / "wd"
    code.mkdir(parents=True)
    (code / "own.py").write_text("def main(x):\n    raise ValueError(x)\n")
    written(code, "import own\nown.main(1)  # @1.2\n")
    log = tmp_path / "log"
    with log.open("wb") as out:
        subprocess.run([sys.executable, "train.py"], cwd=code, stdout=out, stderr=out, check=False)
    made = Ran(code, log)
    assert '  File "own.py", line 2, in main\nValueError: 1\n' in made.block
    assert made.told == "train.ipynb, cell 1, line 2: ValueError: 1"


def test_a_line_of_the_script_that_no_cell_has_names_no_cell(tmp_path: Path) -> None:
    made = ran(tmp_path, "1 / 0\nprint()  # @1.1\n")
    before = made.log.read_text()
    assert (made.told, made.log.read_text()) == ("", before)


def test_a_failure_that_was_logged_long_before_the_end_is_not_the_end(tmp_path: Path) -> None:
    made = ran(
        tmp_path,
        "import traceback\ntry:\n    1 / 0  # @1.1\nexcept ZeroDivisionError:\n    traceback.print_exc()\n"
        "for n in range(300):\n    print(n, flush=True)\nraise SystemExit(1)\n",
    )
    assert made.told == ""


def test_of_two_failures_the_last_counts(tmp_path: Path) -> None:
    made = ran(
        tmp_path,
        "import traceback\ntry:\n    1 / 0  # @1.1\nexcept ZeroDivisionError:\n    traceback.print_exc()\n"
        "{}[1]  # @2.1\n",
    )
    assert made.told == "train.ipynb, cell 2, line 1: KeyError: 1"


def test_a_job_that_executes_its_notebook_has_said_it_itself(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("Traceback …\nmy train.ipynb, cell 5, line 3: ValueError: x\n")
    before = log.read_text()
    assert notebook_lines.told(tmp_path, log) == "my train.ipynb, cell 5, line 3: ValueError: x"
    assert log.read_text() == before


# What a job may leave

FRAME = 'Traceback (most recent call last):\n  File "{path}", line 1, in f\n    x\nValueError: x\n'


def left(folder: Path, log: str) -> Ran:
    written(folder, "x = 1  # @1.1\n")
    (folder / "log").write_text(log)
    return Ran(folder, folder / "log")


@pytest.mark.parametrize(
    "path", ["/elsewhere/train.py", "../train.py", "sub/train.py", "<frozen train.py>", "train.py\0", "/x/../train.py"]
)
def test_a_file_of_the_same_name_elsewhere_is_not_the_script(path: str, tmp_path: Path) -> None:
    assert left(tmp_path, FRAME.format(path=path)).told == ""


@pytest.mark.parametrize(
    "log",
    [
        "x" * 100_000_000,
        "Traceback (most recent call last):\n" * 1_000_000,
        FRAME.format(path="train.py" + " " * 1000) * 20_000,
        'Traceback (most recent call last):\n  File "train.py", line 999999999, in f\n' * 100_000,
        ("Traceback (most recent call last):\n" + '  File "train.py", line 9, in f\n' * 9) * 50_000,
        "  | " * 5_000_000 + 'train.py"',
    ],
    ids=["a line of 100 MB", "headers", "long names", "far lines", "no errors", "margins"],
)
def test_a_hostile_log_costs_nothing(log: str, tmp_path: Path) -> None:
    made = left(tmp_path, log)
    size, began = made.log.stat().st_size, time.process_time()
    assert made.told == ""
    assert time.process_time() - began < 10, "all of it, as often as there are lines, would be hours"
    assert made.log.stat().st_size == size


def test_only_the_end_of_a_log_is_read(tmp_path: Path) -> None:
    assert left(tmp_path, FRAME.format(path="train.py") + "x" * 300_000).told == ""
    assert left(tmp_path, "x" * 10_000_000 + "\n" + FRAME.format(path="train.py")).told.endswith("ValueError: x")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", "[" * 100_000, '{"notebook": "../a.ipynb", "script": "train.py", "lines": [], "cells": {}}',
        '{"notebook": "a.ipynb", "script": "train.py", "lines": [[1, 1, 1]], "cells": {}}',
        '{"notebook": "a.ipynb", "script": "train.py", "lines": [[1, 1, 1, "x"]], "cells": {}}',
        '{"notebook": "a.ipynb", "script": "train.py", "lines": [[1, 1, 1, 1]], "cells": {"one": ""}}',
        '{"notebook": "a\\u001b.ipynb", "script": "train.py", "lines": [[1, 1, 1, 1]], "cells": {"1": ""}}',
        '{"notebook": "a.ipynb", "script": "other.py", "lines": [[1, 1, 1, 1]], "cells": {"1": ""}}',
        '{"notebook": "a.ipynb", "script": "train.py", "lines": [[1, 1, 1, 1]], "cells": {"1": 3}}',
    ],
)  # fmt: skip
def test_a_map_that_is_none_tells_nothing(text: str, tmp_path: Path) -> None:
    made = left(tmp_path, FRAME.format(path="train.py"))
    (tmp_path / "train.cells.json").write_text(text)
    assert made.told == ""


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    made = left(tmp_path, FRAME.format(path="train.py"))
    (tmp_path / "train.cells.json").unlink()
    os.mkfifo(tmp_path / "train.cells.json")
    assert made.told == ""
    (tmp_path / "train.cells.json").unlink()
    (tmp_path / "train.cells.json").symlink_to("/dev/zero")
    assert made.told == ""
    made.log.unlink()
    os.mkfifo(made.log)
    assert made.told == ""


def test_a_map_of_great_numbers_costs_nothing(tmp_path: Path) -> None:
    made = left(tmp_path, FRAME.format(path="train.py"))
    known = CellLines("train.ipynb", "train.py", ((1, 10**15, 1, 10**15),), {1: ""})
    (tmp_path / "train.cells.json").write_text(known.to_json())
    assert made.told == f"train.ipynb, cell 1, line {10**15}: ValueError: x"


def test_what_an_error_says_stays_one_line_of_plain_text(tmp_path: Path) -> None:
    made = left(
        tmp_path, FRAME.format(path="train.py").replace("ValueError: x", "ValueError: \x1b]0;x\x07" + "y" * 9000)
    )
    assert made.told.isprintable()
    assert len(made.told) < 600
