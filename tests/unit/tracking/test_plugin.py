"""Our tracking URI: a path goes in, the same path comes out."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_aml.tracking.plugin import path, registry_store, tracking_store, uri


@pytest.mark.parametrize("name", ["plain", "a b 'c\" ;é", "100% #1?x=y&z", "sp\u00fc\u0308r", "a+b"])
def test_a_path_survives_the_uri(name: str) -> None:
    db = Path("/x", name, "mlflow.db")
    assert path(uri(db)) == db
    assert uri(db).isascii()
    assert urlsplit(uri(db))[0::3] == ("jupyter-aml", "")


@given(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1).filter(lambda s: s != ".")
)
def test_any_path_survives_the_uri(name: str) -> None:
    db = Path("/x", name)
    assert path(uri(db)) == db


def test_mlflow_finds_both_stores_by_our_scheme() -> None:
    tracking = {entry.name: entry.load() for entry in entry_points(group="mlflow.tracking_store")}
    registry = {entry.name: entry.load() for entry in entry_points(group="mlflow.model_registry_store")}
    assert (tracking["jupyter-aml"], registry["jupyter-aml"]) == (tracking_store, registry_store)


@pytest.mark.parametrize("room", ["plugin", "runs", "schema"])
def test_a_room_that_the_supervisor_opens_loads_nothing_heavy(room: str) -> None:
    code = f"import sys, jupyter_aml.tracking.{room}; print({{name.partition('.')[0] for name in sys.modules}})"
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parents[3])!r}); {code}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    loaded = set(eval(done.stdout))  # noqa: S307  # what our own child printed
    assert loaded - set(sys.stdlib_module_names) <= {"jupyter_aml", "__main__"}
