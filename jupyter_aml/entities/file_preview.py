"""From the first bytes of a file to what is shown of it: told by the content, never by the name alone. Pure."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from itertools import islice
from pathlib import PurePosixPath
from typing import Any, Final, cast

from jupyter_aml.entities.run_files import Area, FilePreview, Kind, NotebookCell

MOST_TEXT: Final = 256_000
"""Characters of text, bytes of a file that is shown as text or table."""
MOST_BYTES: Final = 1_000_000
"""Bytes of an image, and of JSON that is read as such."""
LARGEST_NOTEBOOK: Final = 32_000_000
"""Bytes: images within are not shown, but have to be read over."""
MOST_ROWS: Final = 200
_MOST_COLUMNS: Final = 200
_MOST_CELL: Final = 1_000
_LOOK: Final = 8_192
_STRANGE: Final = 0.1
"""So much of what is text may be no UTF-8."""
_IMAGES: Final = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TABLES: Final = {".csv": ",;\t|", ".tsv": "\t"}
_MEDIA: Final[Mapping[Kind, str]] = {
    "text": "text/plain", "table": "text/csv", "json": "application/json", "notebook": "application/x-ipynb+json",
    "binary": "application/octet-stream",
}  # fmt: skip
_CELLS: Final = frozenset({"code", "markdown", "raw"})


def most_of(name: str) -> int:
    """How many bytes of a file of that name are worth reading."""
    return LARGEST_NOTEBOOK if PurePosixPath(name).suffix.lower() == ".ipynb" else MOST_BYTES


@dataclass(frozen=True, slots=True)
class Beginning:
    """A file as far as it was read."""

    name: str
    area: Area
    size: int
    data: bytes

    @property
    def is_whole(self) -> bool:
        """Whether that is all of it."""
        return len(self.data) >= self.size

    @property
    def suffix(self) -> str:
        """By what its name ends, in small letters."""
        return PurePosixPath(self.name).suffix.lower()


def preview(file: Beginning) -> FilePreview:
    """What is shown of the file."""
    if media := _image(file.data):
        return _shown(file, "image", media, data=file.data if file.is_whole else b"", is_cut=not file.is_whole)
    encoding = _encoding(file.data)
    if encoding is None:
        return _shown(file, "binary", is_cut=file.size > 0)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(file.data, final=file.is_whole)
    return _notebook(file, text) or _json(file, text) or _table(file, text) or _text(file, text)


def _shown(file: Beginning, kind: Kind, media: str = "", **what: Any) -> FilePreview:  # noqa: ANN401 - its own fields
    return FilePreview(file.name, file.area, kind, media or _MEDIA[kind], file.size, **what)


def _image(data: bytes) -> str:
    """The kind of image that a browser shows, SVG not among them: it may hold a script."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((media for head, media in _IMAGES if data.startswith(head)), "")


def _encoding(data: bytes) -> str | None:
    """How text is written; None for what is none."""
    if marked := next((name for mark, name in _MARKS if data.startswith(mark)), None):
        return marked
    head = data[:_LOOK]
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    is_text = b"\0" not in head and text.count("\ufffd") <= _STRANGE * len(text)
    return "utf-8" if is_text else None


def _text(file: Beginning, text: str) -> FilePreview:
    return _shown(file, "text", text=text[:MOST_TEXT], is_cut=not file.is_whole or len(text) > MOST_TEXT)


def _json(file: Beginning, text: str) -> FilePreview | None:
    """Indented; as text when it is no JSON after all, or more than can be read."""
    if file.suffix not in {".json", ".ipynb"} or not file.is_whole or file.size > MOST_BYTES:
        return None
    shown = ""
    try:
        for piece in json.JSONEncoder(indent=2, ensure_ascii=False).iterencode(json.loads(text)):
            shown += piece
            if len(shown) > MOST_TEXT:
                break
    except (ValueError, RecursionError):
        return None
    return replace(_text(file, _sound(shown)), kind="json", media_type=_MEDIA["json"])


# ── tables ──


def _table(file: Beginning, text: str) -> FilePreview | None:
    """The first rows; None when the file is no table."""
    if file.suffix not in _TABLES:
        return None
    beginning = text[:MOST_TEXT]
    is_whole = file.is_whole and len(text) <= MOST_TEXT
    if not is_whole:
        beginning = beginning[: beginning.rfind("\n") + 1] or beginning
    try:
        found = list(islice(_rows(beginning, _TABLES[file.suffix]), MOST_ROWS + 2))
    except csv.Error:
        return None
    columns, rows = (found[0], found[1:]) if found else ((), [])
    is_cut = not is_whole or len(rows) > MOST_ROWS or any(len(row) > _MOST_COLUMNS for row in found)
    shown = tuple(_row(row) for row in rows[:MOST_ROWS])
    return _shown(file, "table", columns=_row(columns), rows=shown, is_cut=is_cut)


def _rows(text: str, delimiters: str) -> Iterator[Sequence[str]]:
    first = text.partition("\n")[0]
    delimiter = max(delimiters, key=first.count)
    return (row for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter) if row)


def _row(row: Sequence[str]) -> tuple[str, ...]:
    return tuple(cell if len(cell) <= _MOST_CELL else f"{cell[:_MOST_CELL]} …" for cell in row[:_MOST_COLUMNS])


# ── notebooks ──


def _notebook(file: Beginning, text: str) -> FilePreview | None:
    """Its cells; None when it is no notebook, or not all of it was read."""
    if file.suffix != ".ipynb" or not file.is_whole:
        return None
    try:
        cells = _cells(json.loads(text))
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    kept, left = list[NotebookCell](), MOST_TEXT
    for cell in cells:
        left -= len(cell.text) + sum(map(len, cell.outputs))
        if left < 0:
            break
        kept.append(cell)
    return _shown(file, "notebook", cells=tuple(kept), is_cut=left < 0)


def _cells(notebook: Mapping[str, Any]) -> Iterator[NotebookCell]:
    """Of nbformat 4; older ones are shown as JSON. Raises TypeError or ValueError for what is no notebook."""
    cells = cast("list[Mapping[str, Any]]", notebook["cells"]) if "cells" in notebook else None
    if cells is None:
        raise ValueError
    return iter([NotebookCell(_kind(cell), _joined(cell.get("source")), tuple(_outputs(cell))) for cell in cells])


def _kind(cell: Mapping[str, Any]) -> Any:  # noqa: ANN401 - one of the three
    kind = cell.get("cell_type")
    return kind if kind in _CELLS else "raw"


def _outputs(cell: Mapping[str, Any]) -> Iterator[str]:
    """What was printed, shown as text, or raised; of an image, that there is one."""
    for output in cast("list[Mapping[str, Any]]", cell.get("outputs") or []):
        data = cast("Mapping[str, Any]", output.get("data") or {})
        text = _joined(output.get("text")) or _joined(data.get("text/plain"))
        raised = f"{output.get('ename')}: {output.get('evalue')}" if output.get("output_type") == "error" else ""
        others = [kind for kind in data if kind.startswith("image/")]
        yield from (one for one in (text, raised, *(f"[{kind}]" for kind in others)) if one)


def _joined(source: object) -> str:
    """A text of nbformat: one, or its lines."""
    if isinstance(source, list):
        return _sound("".join(str(line) for line in cast("list[object]", source)))
    return _sound(source) if isinstance(source, str) else ""


def _sound(text: str) -> str:
    """Text that can be sent: JSON may name half a character."""
    return text.encode(errors="replace").decode()
