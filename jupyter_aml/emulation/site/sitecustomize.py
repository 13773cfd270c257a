# noqa: INP001 - a folder on Python's path, no package
"""Runs when the Python of a job starts that was submitted from an emulated kernel: Azure's names mean this package.

What another `sitecustomize` on the path does is done as well, and that is the module of this name from then on.
"""

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

_HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib takes 10 ms of every start
_NAMES = {"azure", "azure.ai", "azureml", "mltable", "mldesigner"}


class _Unanswered:
    """The last that is asked for a module: says why a name of Azure's is found nowhere, once, and finds nothing."""

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name in _NAMES and self.reason:
            sys.stderr.write(f"Azure's import names are not answered in this job's Python: {self.reason}\n")
            self.reason = ""


def _others() -> None:
    """The file of that name that would have run had this one not hidden it."""
    spec = PathFinder.find_spec("sitecustomize", [place for place in sys.path if os.path.abspath(place) != _HERE])  # noqa: PTH100 - as above
    if spec and spec.loader:
        theirs = sys.modules["sitecustomize"] = module_from_spec(spec)
        spec.loader.exec_module(theirs)


def _emulate() -> None:
    try:
        from jupyter_aml.emulation import emulate
        from jupyter_aml.entities.emulation import MARK
        from jupyter_aml.entities.switches import is_on_or_told
    except (ImportError, SyntaxError, TypeError) as error:  # it is not there, or too new for this Python
        sys.meta_path.append(_Unanswered(str(error)))
    else:
        if is_on_or_told(MARK, os.environ, unset=True):
            emulate()


try:
    _others()
finally:  # Python itself tells of an error there, and goes on
    _emulate()
