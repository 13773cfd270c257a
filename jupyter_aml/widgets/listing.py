"""Things as a table that shows itself, in HTML and as text. Things in, markup out; nothing is looked up here."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, overload

from jupyter_aml.widgets.markup import Markup, clean, cut, esc
from jupyter_aml.widgets.parts import some, table
from jupyter_aml.widgets.style import BASE

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 100
WIDEST: Final = 100


class Listing(Sequence[object]):
    """What a list verb gives in a notebook: a sequence of the things themselves, shown as a table of text.

    >>> computes = Listing("computes", ["a thing"], ["Name"], [["cpu"]])
    >>> computes
    Name
    cpu
    >>> computes[0], len(computes)
    ('a thing', 1)
    """

    def __init__(
        self, what: str, things: Sequence[object], titles: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> None:
        self.what, self.things, self.titles, self.rows = what, things, titles, rows

    @overload
    def __getitem__(self, place: int) -> object: ...
    @overload
    def __getitem__(self, place: slice) -> "Listing": ...
    def __getitem__(self, place: int | slice) -> object:
        if isinstance(place, slice):
            return Listing(self.what, self.things[place], self.titles, self.rows[place])
        return self.things[place]

    def __len__(self) -> int:
        return len(self.things)

    def __iter__(self) -> Iterator[object]:
        return iter(self.things)

    def to_frame(self) -> "pd.DataFrame":
        """The table's text as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.titles))

    def __repr__(self) -> str:
        """Columns of text, as wide as what they hold."""
        if not self.rows:
            return f"No {self.what}."
        lines = [self.titles, *([_word(cell) for cell in row] for row in self.rows[:MOST_ROWS])]
        wide = [max(len(line[n]) for line in lines) for n in range(len(self.titles))]
        shown = ["  ".join(f"{word:<{wide[n]}}" for n, word in enumerate(line)).rstrip() for line in lines]
        more = len(self.rows) - MOST_ROWS
        return "\n".join([*shown, f"… and {more:,} more"] if more > 0 else shown)

    def _repr_html_(self) -> str:
        shown, more = some(self.rows, MOST_ROWS)
        cells = [[esc(cell, 200) for cell in row] for row in shown]
        content = Markup(table(self.what, self.titles, cells) + more) if cells else esc(f"No {self.what}.")
        return f"<style>{BASE}</style><div class='aml-run pl'>{content}</div>"


def _word(cell: str) -> str:
    return cut(clean(cell).replace("\n", " "), WIDEST)
