"""What a conversion did, as text for a terminal: tables of changes and parameters. Nothing is converted here."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from jupyter_aml.verbs.value import Plain

_WIDEST: Final = 60
_PIPE: Final = 200
_LEFT_OUT: Final = "(left out)"
_UNDO: Final = "Bring back what was left out: --keep RULE, --keep CELL, --keep all, or a cell's tag `keep`."


def prose(found: Mapping[str, Any]) -> str:
    """The script, where only that was asked for; else what was written, changed, and is to be known."""
    if not found["files"]:
        return str(found["text"])
    return "\n".join(line.rstrip() for line in _lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterable[str]:
    yield f"{found['notebook']} → {', '.join(found['files'])}"
    if found["parameters"]:
        yield from ("", "Parameters", *_table(map(_parameter, found["parameters"])))
    changes = [change for change in found["changes"] if change["rule"] != "parameter"]
    if changes:
        rows = [(f"cell {c['cell']}", f"line {c['line']}", c["rule"], _one(c["before"]), _after(c)) for c in changes]
        yield from ("", "Changes", *_table(rows))
        if any(not change["after"] for change in changes):
            yield _UNDO
    for title, lines in (("Requirements", found["requirements"]), ("Remarks", found["remarks"])):
        if lines:
            yield from ("", title, *(f"  {line}" for line in lines))


def _parameter(one: Plain) -> tuple[str, ...]:
    about = one["help"] or (f"one of {', '.join(map(str, one['choices']))}" if one["choices"] else "")
    default = "(none)" if one["default"] is None else _one(str(one["default"]))
    return f"--{one['name']}", one["kind"], default, _one(about)


def _after(change: Plain) -> str:
    return _one(change["after"]) or _LEFT_OUT


def _one(text: str) -> str:
    """One line of it, no wider than a column."""
    first, more, _ = text.strip().partition("\n")
    widest = min(_WIDEST, max(shutil.get_terminal_size((_PIPE, 1)).columns // 3, _WIDEST // 3))
    return first if len(first) <= widest and not more else f"{first[: widest - 2].rstrip()} …"


def _table(rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """Rows below each other, the columns aligned."""
    every = list(rows)
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)) for row in every]
