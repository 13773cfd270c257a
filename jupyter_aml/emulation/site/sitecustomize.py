# noqa: INP001 - a folder on Python's path, no package
"""Runs when the Python of a job starts that was submitted from an emulated kernel: Azure's names mean this package.

What another `sitecustomize` on the path does is done as well.
"""

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib takes 10 ms of every start


def _others() -> None:
    """The file of that name that would have run had this one not hidden it."""
    spec = PathFinder.find_spec("sitecustomize", [place for place in sys.path if os.path.abspath(place) != _HERE])  # noqa: PTH100 - as above
    if spec and spec.loader:
        spec.loader.exec_module(module_from_spec(spec))


def _emulate() -> None:
    try:
        from jupyter_aml.emulation import emulate
    except (ImportError, SyntaxError) as error:
        sys.stderr.write(f"Azure's import names are not answered in this job's Python: {error}\n")
    else:
        emulate()


try:
    _others()
finally:  # Python itself tells of an error there, and goes on
    _emulate()
