"""A captured cell does in a fresh process what it would do in its notebook."""

import ast
import json
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_aml.notebook import CellOrigin, capture, write
from tests.unit.notebook.earlier_cells import COMPILED, in_a_notebook

ORIGIN = CellOrigin("demo.ipynb", 5)


def cases(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each claim of runs.txt with its parts: `notebook` before it, `cell`, and what the job `prints`."""
    for block in text.split("=== ")[1:]:
        claim, *parts = re.split(r"\n--- ", block)
        yield claim, dict(part.split("\n", 1) for part in parts)


def result(cell: str, notebook: str = "", folder: Path | None = None, **environment: str) -> str:
    """What the cell prints when its folder is run."""
    assert folder is not None
    place = folder / "a b 'c\" ;é"
    write(capture(textwrap.dedent(cell), in_a_notebook(notebook), ORIGIN, cells={COMPILED: 3}), place)
    return printed(place, **environment)


def printed(place: Path, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, "run_cell.py"], cwd=place, env={**os.environ, **environment},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


RUNS = dict(cases(Path(__file__).with_name("runs.txt").read_text(encoding="utf-8")))


@pytest.mark.parametrize("claim", RUNS)
def test_in_a_job(claim: str, tmp_path: Path) -> None:
    case = RUNS[claim]
    printed = case["prints"].rstrip("\n")
    assert result(case["cell"].rstrip("\n"), case.get("notebook", ""), tmp_path).rstrip("\n") == printed


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


def test_the_same_cell_run_again_is_the_same_code(tmp_path: Path) -> None:
    for count in (5, 6):
        write(capture("1", {}, CellOrigin("demo.ipynb", count)), tmp_path / str(count))
    texts = [(tmp_path / str(count) / "run_cell.py").read_text() for count in (5, 6)]
    assert texts[0] == texts[1]


def test_functions_give_equal_bytes_in_another_kernel(tmp_path: Path) -> None:
    text = "k = 1\ndef f(v, w=2):\n    return v + k"

    def bytes_of(compiled: str) -> bytes:
        return capture("f(1)", in_a_notebook(text, compiled), ORIGIN, cells={compiled: 3}).values

    assert bytes_of("/tmp/ipykernel_1/1.py") == bytes_of("/tmp/ipykernel_2/2.py")


def test_the_readable_source_is_kept_as_typed(tmp_path: Path) -> None:
    source = "x = 1  # ä\n\nprint( x )\n"
    write(capture(source, {}, ORIGIN), tmp_path)
    assert (tmp_path / "cell.py").read_text(encoding="utf-8") == source


def test_captured_modules_stand_as_imports_in_the_folder(tmp_path: Path) -> None:
    notebook = in_a_notebook("import json as j\nfrom sklearn.linear_model import Ridge")
    write(capture("j.dumps(1), Ridge", notebook, ORIGIN), tmp_path)
    tree = ast.parse((tmp_path / "run_cell.py").read_text())
    found = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert {"json", "sklearn.linear_model"} <= found


@pytest.mark.parametrize("notebook", ["a b 'c\" ;é.ipynb", "back\\slash.ipynb", 'three """ quotes.ipynb', "{x}.ipynb"])
def test_any_file_name_of_a_notebook_will_do(notebook: str, tmp_path: Path) -> None:
    write(capture("import warnings\nwarnings.warn('w')", {}, CellOrigin(notebook, 5)), tmp_path)
    ended = subprocess.run([sys.executable, "run_cell.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"<notebook {notebook}>:3: UserWarning: w" in ended.stderr


def test_modules_beside_the_notebook_travel_with_what_they_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "beside"
    (beside / "pack_jaml" / "deep").mkdir(parents=True)
    (beside / "tools_jaml.py").write_text(
        "import more_jaml\nfrom pack_jaml.deep import thing\nv = more_jaml.v + thing.v"
    )
    (beside / "more_jaml.py").write_text("v = 1")
    (beside / "unused_jaml.py").write_text("v = 1")
    (beside / "pack_jaml" / "__init__.py").write_text("")
    (beside / "pack_jaml" / "deep" / "__init__.py").write_text("")
    (beside / "pack_jaml" / "deep" / "thing.py").write_text("v = 2")
    monkeypatch.syspath_prepend(str(beside))
    found = capture("import tools_jaml\ntools_jaml.v", {}, ORIGIN, folder=beside)
    package = ["pack_jaml/__init__.py", "pack_jaml/deep/__init__.py", "pack_jaml/deep/thing.py"]
    assert [Path(f.path).as_posix() for f in found.files] == ["more_jaml.py", *package, "tools_jaml.py"]
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
    notebook = in_a_notebook(
        "def fail(): raise OSError('broken')\nclass A:\n    def __reduce__(self): return fail, ()\nbad = A()"
    )
    write(capture("bad", notebook, ORIGIN), tmp_path)
    ended = subprocess.run([sys.executable, "run_cell.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "OSError: broken" in ended.stderr
    assert "'bad', which the cell uses, was brought back from the notebook" in ended.stderr


def test_the_notebooks_inline_figures_do_not_reach_the_job(tmp_path: Path) -> None:
    cell = "import os\nos.environ['MPLBACKEND']"
    assert result(cell, "", tmp_path, MPLBACKEND="module://matplotlib_inline.backend_inline") == "'Agg'\n"


def test_the_run_imports_little(tmp_path: Path) -> None:
    found = json.loads(result("import sys, json\nprint(json.dumps(sorted(sys.modules)))", "", tmp_path))
    assert not {"cloudpickle", "asyncio", "inspect", "dataclasses", "IPython", "mlflow", "traceback"} & set(found)
