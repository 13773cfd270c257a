"""A secret on its way: a text that does not show itself. Pure; it is kept elsewhere."""

from dataclasses import dataclass
from typing import Final

SHOWN: Final = "******"


class Secret:
    """A text that no repr, log, traceback or pickle shows: `reveal()` is the one way to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        """Never the text."""
        return SHOWN

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        message = "A secret is not pickled: it would be written in plain text."
        raise TypeError(message)


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """What may be seen of a secret. `modified_at` is in seconds since the epoch."""

    name: str
    content_type: str
    modified_at: float
