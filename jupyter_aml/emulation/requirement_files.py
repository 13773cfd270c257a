"""What requirements files ask for, with the files that they name in their place. Read here; nothing is installed.

Paths are taken as pip takes them: from the file that names them. A file is met once, however often it is named.
"""

import codecs
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_CONTINUED: Final = re.compile(r"\\\r?\n")
_NAMES_A_FILE: Final = re.compile(r"(-r|-c|-f|--(?:requirement|constraint|find-links)(?=[ \t=]))[ \t=]*(.+)")
_REFERS: Final = ("-r", "--requirement")
_EDITABLE: Final = ("-e", "--editable")
_VARIABLE: Final = re.compile(r"\$\{([A-Z0-9_]+)\}")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def lines_of(path: Path, met: set[Path] | None = None) -> Iterator[str]:
    """The lines of a file that say something, and those of every `-r file` where that stands; paths are absolute."""
    met = set() if met is None else met
    if path.resolve() in met:
        return
    met.add(path.resolve())
    for line in _CONTINUED.sub("", _text(path)).splitlines():
        said = line.strip()
        option, named = _named(said, path.parent)
        if option in _REFERS and named and is_readable(named):
            yield from lines_of(named, met)
        elif named:
            yield f"{option} {shlex.quote(str(named))}"
        elif said and not said.startswith("#"):
            yield said


def is_readable(path: Path) -> bool:
    """Whether it can be read here; what cannot is the real installer's to tell."""
    return path.is_file() and os.access(path, os.R_OK)


def is_requirement(line: str) -> bool:
    """Whether there is something to install for a line, or a file to be missed: options ask for nothing."""
    return not line.startswith("-") or line.startswith((*_REFERS, *_EDITABLE))


def _text(path: Path) -> str:
    found = path.read_bytes()
    if found.startswith(_UTF_16):
        return found.decode("utf-16", errors="replace")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError:  # an old editor's: names of packages are the same in every one of those
        return found.decode("latin-1")


def _named(line: str, folder: Path) -> tuple[str, Path | None]:
    """The option of a line that names a file, and that file; None for an address and for every other line."""
    found = _NAMES_A_FILE.match(line)
    name = _first(found[2]) if found else ""
    if not found or not name or "://" in name:
        return "", None
    place = folder.absolute() / name
    if found[1] in {"-f", "--find-links"} and not place.exists():  # as it stands then, from where pip runs
        return "", None
    return found[1], place


def _first(text: str) -> str:
    """The first word, its `${VARIABLE}`s read as pip reads them; '' where a quote stays open: pip will say it."""
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return ""
    return _VARIABLE.sub(lambda found: os.environ.get(found[1]) or found[0], words[0]) if words else ""
