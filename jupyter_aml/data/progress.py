"""How far a transfer is, for people: Azure's line on stderr (§3.5). Nothing is moved here."""

import logging
import sys
import time
from typing import Final

MEGABYTE: Final = 1 << 20
_LARGE: Final = 100 * MEGABYTE
_WIDE: Final = 10
_EVERY: Final = 0.1
_LOG: Final = logging.getLogger("jupyter_aml")


class Bar:
    """`Uploading data (1.25 MBs):  40%|####      | 524288/1310720`, written over itself until it is whole."""

    def __init__(self, verb: str, name: str, total: int) -> None:
        self._title, self._total = f"{verb} {name} ({total / MEGABYTE:.2f} MBs)", total
        self._next = time.monotonic() + _EVERY

    def __call__(self, done: int, files: int) -> None:
        """Show that so many bytes are there; at most ten times a second, and the end always."""
        del files
        now, is_whole = time.monotonic(), done >= self._total
        if now < self._next and not is_whole:
            return
        self._next = now + _EVERY
        share = done / self._total if self._total else 1.0
        filled = f"{'#' * int(share * _WIDE):<{_WIDE}}"
        sys.stderr.write(f"\r{self._title}: {share:4.0%}|{filled}| {done}/{self._total}" + "\n" * is_whole)
        sys.stderr.flush()


def warn_of_size(total: int, advice: str) -> None:
    """Azure's warning of more than 100 MB, with what to do instead."""
    if total > _LARGE:
        _LOG.warning("Your file exceeds 100 MB. %s", advice)
