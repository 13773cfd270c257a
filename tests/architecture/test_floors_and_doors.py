"""The floor plan, held: import-linter's contracts from pyproject.toml, and what an import may load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("mlflow", "pandas", "sklearn", "optuna", "nbconvert", "distributed", "matplotlib", "numpy")
SEEN = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


def loaded_by(code: str) -> set[str]:
    """Top-level names in sys.modules after a fresh interpreter ran `code`."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{SEEN}"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_every_contract_of_the_floor_plan_is_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache", "--no-logo"], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["MLClient", "command", "Input", "Output", "load_job"])
def test_the_front_door_opens_without_a_heavy_library(name: str) -> None:
    assert loaded_by(f"from jupyter_aml import {name}").isdisjoint(HEAVY)


def test_import_jupyter_aml_loads_only_itself_and_the_standard_library() -> None:
    bare = loaded_by("pass")
    extra = loaded_by("import jupyter_aml") - bare - set(sys.stdlib_module_names)
    assert extra == {"jupyter_aml"}


def test_load_ext_loads_no_heavy_library() -> None:
    shell = "from IPython.core.interactiveshell import InteractiveShell as S; shell = S.instance()"
    bare = loaded_by(f"{shell}; import ipywidgets")
    extra = loaded_by(f"{shell}; shell.run_line_magic('load_ext', 'jupyter_aml')") - bare
    assert extra.isdisjoint({*HEAVY, "pydantic", "yaml"})  # drafts cost a third of a second, and wait for a magic


def test_a_supervisor_starts_with_what_a_plain_job_needs() -> None:
    seen = f"import sys; sys.path.append({str(ROOT)!r}); import jupyter_aml.engine.process as _; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", seen], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    rooms = ("engine.registration", "entities.pipeline_plan", "constants.time_zone", "runner.environment",
             "runner.mounts", "runner.tracking_service", "runner.user_process")  # fmt: skip
    assert loaded.isdisjoint({"difflib", "traceback", "zoneinfo", *(f"jupyter_aml.{room}" for room in rooms)})
    assert len(loaded) < 200, "the first job waits for every one"


@pytest.mark.parametrize("room", ["engine.supervisor", "runner"])
def test_a_process_of_ours_loads_the_standard_library_and_us(room: str) -> None:
    extra = loaded_by(f"import jupyter_aml.{room}") - loaded_by("pass") - set(sys.stdlib_module_names)
    assert extra == {"jupyter_aml"}
