"""The files of an input, in order. Names only; none is opened here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from jupyter_aml.runner.parallel.batches import CutError


def files_of(place: str, name: str) -> list[str]:
    """Every file below a folder, sorted by path; a file is itself. CutError when there is none."""
    if "://" in place:
        raise CutError(
            f"The input '{name}' is the address {place}, and not a folder here: its mode is 'direct'. "
            "Give it the mode ro_mount or download."
        )
    path = Path(place)
    if path.is_file():
        return [place]
    if not path.is_dir():
        raise CutError(f"The input '{name}' is not there: {place}")
    found = sorted(_below(place, frozenset()))
    if not found:
        raise CutError(f"The input '{name}' holds no file: {place}")
    return found


def _below(folder: str, above: frozenset[str]) -> Iterator[str]:
    """A link to a folder above is not followed."""
    real = os.path.realpath(folder)
    if real in above:
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _below(entry.path, above | {real})
            else:
                yield entry.path
