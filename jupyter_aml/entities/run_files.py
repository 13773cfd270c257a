"""A file of a run, as much of it as a person wants to look at. Values only; nothing is opened here."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Area: TypeAlias = Literal["outputs", "snapshot"]
"""Where a run's files lie: what it wrote (logs too), or the code that it ran."""
Kind: TypeAlias = Literal["text", "image", "table", "json", "notebook", "binary"]


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A notebook's cell: what is in it, and the text of each of its outputs."""

    kind: Literal["code", "markdown", "raw"]
    text: str
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilePreview:
    """The beginning of a file. `is_cut`: there is more of it than this; `size` is that of the whole, in bytes.

    text and json: `text`; table: `columns` and `rows`; notebook: `cells`; image: `data`, empty for one that is too
    large; binary: nothing. What it is was told by its content, so that `media_type` is safe to act on.
    """

    name: str
    area: Area
    kind: Kind
    media_type: str
    size: int
    text: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    cells: tuple[NotebookCell, ...] = ()
    is_cut: bool = False
    data: bytes = b""
