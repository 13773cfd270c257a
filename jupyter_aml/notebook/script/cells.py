"""A notebook's file → its cells. Read only; nbformat is needed for notebooks of its version 3 only."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.exceptions import CaptureError

_PYTHONS: Final = frozenset({"python", "python3", "ipython", ""})
_HEADING: Final = re.compile(r"^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$", re.MULTILINE)
_MARKUP: Final = re.compile(r"[*_`]{1,3}(?=\S)|(?<=\S)[*_`]{1,3}|!?\[([^\]]*)\]\([^)]*\)|<[^>]{1,200}>")
_OLD: Final = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell; `number` counts them from 1. `headings` stand in the text between it and the code cell above."""

    number: int
    source: str
    tags: frozenset[str] = frozenset()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells of a notebook, and what it says of itself."""

    name: str
    cells: tuple[Cell, ...]
    title: str = ""
    summary: str = ""


def read(source: Path | Mapping[str, Any], name: str) -> Notebook:
    """The notebook of a file, or of its parsed JSON.

    Raises:
        CaptureError: no notebook, or one of another language than Python.
    """
    content = _modern(load(source) if isinstance(source, Path) else source, name)
    _refuse_other_languages(content, name)
    cells = [cast("dict[str, Any]", cell) for cell in content["cells"] if isinstance(cell, dict)]
    title, summary = _about(cells)
    return Notebook(name, tuple(_code_cells(cells, title)), title, summary)


def load(path: Path) -> Mapping[str, Any]:
    """The JSON of a notebook's file. CaptureError when it is none."""
    try:
        content: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        found = f"{path} cannot be read: {error.strerror or error}."
        raise CaptureError(found, resolution="Name the notebook's .ipynb file.") from None
    except ValueError as error:
        raise CaptureError(f"{path} is no notebook: {error}.", resolution="Save it in Jupyter first.") from None
    if not isinstance(content, dict):
        raise CaptureError(f"{path} is no notebook: its JSON is a {type(content).__name__}.")
    return cast("Mapping[str, Any]", content)


def _modern(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The notebook in nbformat's version 4."""
    if isinstance(content.get("cells"), list) and content.get("nbformat", _OLD) >= _OLD:
        return content
    if "worksheets" not in content:
        raise CaptureError(f"{name} is no notebook: it has no cells.")
    nbformat: Any = import_module("nbformat")  # takes a second, and has no types: only for notebooks of ten years ago

    whole: Any = nbformat.reads(json.dumps(content), as_version=_OLD)  # Any: nbformat has no types
    return cast("Mapping[str, Any]", whole)


def _refuse_other_languages(content: Mapping[str, Any], name: str) -> None:
    about: Any = content.get("metadata") or {}
    language: Any = about.get("language_info") or {}
    kernel: Any = about.get("kernelspec") or {}
    said: Any = language.get("name") or kernel.get("language") or ""
    if str(said).lower() not in _PYTHONS:
        raise CaptureError(f"{name} is written in {said}.", resolution="Only notebooks in Python become scripts.")


def _code_cells(cells: list[dict[str, Any]], title: str) -> Iterator[Cell]:
    headings: list[str] = []
    number = 0
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            headings += [text for text in map(plain_text, _HEADING.findall(_source(cell))) if text != title]
        elif cell.get("cell_type") == "code":
            number += 1
            about: Any = cell.get("metadata") or {}
            tags = frozenset(map(str, about.get("tags") or ()))
            yield Cell(number, _source(cell), tags, tuple(headings))
            headings = []


def _source(cell: Mapping[str, Any]) -> str:
    said = cell.get("source", "")
    text = "".join(map(str, cast("list[object]", said))) if isinstance(said, list) else str(said)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _about(cells: list[dict[str, Any]]) -> tuple[str, str]:
    """The first heading, and the paragraph below it, when the notebook begins with them."""
    first = cells[0] if cells else {}
    text = _source(first).strip() if first.get("cell_type") == "markdown" else ""
    found = _HEADING.match(text)
    if not found:
        return "", ""
    below = text[found.end() :].strip().split("\n\n")[0]
    is_prose = below[:1] not in {"#", "-", "*", "|", "`", ">", "<", "!"}
    return plain_text(found[1]), plain_text(" ".join(below.split())) if is_prose else ""


def plain_text(markdown: str) -> str:
    """A line of Markdown without its marks."""
    return _MARKUP.sub(lambda found: found[1] or "", markdown).strip()
