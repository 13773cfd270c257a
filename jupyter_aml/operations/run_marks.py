"""Who looks at a run: marks that a front end leaves, so that a kernel need not repaint what it shows itself.

A mark is an empty file; its time is all it says. Nothing here is worth keeping: old marks go with the next new one.
"""

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from jupyter_aml.exceptions import ValidationException
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace

_VIEW: Final = re.compile(r"[a-z0-9]{1,40}")
_FORGOTTEN: Final = 86_400.0  # seconds


def looked_at(workspace: Workspace, view: str) -> None:
    """Somebody looks at this view now. ValidationException for what is no view's name."""
    access.require(workspace, "jobs/read")
    mark = _mark(workspace, view)
    if not mark.exists():
        mark.parent.mkdir(exist_ok=True)
        _forget(mark.parent)
    mark.touch()
    os.utime(mark)


def last_look(workspace: Workspace, view: str) -> float | None:
    """When somebody last looked at it, in seconds since the epoch; None: nobody did."""
    access.require(workspace, "jobs/read")
    try:
        return _mark(workspace, view).stat().st_mtime
    except FileNotFoundError:
        return None


def _mark(workspace: Workspace, view: str) -> Path:
    if not _VIEW.fullmatch(view):
        raise ValidationException(f"view: {view[:40]!r} is no view's name.")
    return workspace.folder.views / view


def _forget(folder: Path) -> None:
    before = time.time() - _FORGOTTEN
    for mark in folder.iterdir():
        with suppress(FileNotFoundError):
            if mark.stat().st_mtime < before:
                mark.unlink()
