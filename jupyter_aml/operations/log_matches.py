"""Which of many lines hold a text or tell of trouble: bytes in, places of lines out. No file is read here.

All bytes are looked at at once: a loop over the lines, or an expression for each, would take seconds for a million.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

from jupyter_aml.entities.log_levels import BEHIND, BETWEEN, ENDS, FIELD_GAP, SIGNS, tells
from jupyter_aml.entities.run_logs import Level

if TYPE_CHECKING:  # whoever searches nothing waits for no numpy
    import numpy as np
    from numpy.typing import NDArray

    Places = NDArray[np.intp]
    Bytes = NDArray[np.uint8]
    Mask = NDArray[np.bool_]


_SMALL: Final = 0x20
"""The bit that makes a letter small."""
_SMALL_WORD: Final = 0x20202020
_PADDING: Final = 16


def matches(lines: bytes, text: str, level: Level) -> "tuple[int, Places]":
    """How many lines these are, and the places (from 0) of those that hold `text` and are as bad as `level`.

    Capitals and small letters are the same; those that are not ASCII only where the text has such.
    """
    import numpy as np

    newlines = np.flatnonzero(_bytes(lines) == ord("\n"))
    found = np.arange(len(newlines) + 1)
    if level:
        found = _unique(np.searchsorted(newlines, _signs(lines, level)))
    if text and len(found):
        found = _holding(lines, text, newlines, found)
    return len(newlines) + 1, found


def _holding(lines: bytes, text: str, newlines: "Places", among: "Places") -> "Places":
    import numpy as np

    small, needle = lines.lower(), text.lower().encode(errors="replace")
    if not (text.isascii() or lines.isascii()):
        small = lines.decode(errors="replace").lower().encode()
        newlines = np.flatnonzero(_bytes(small) == ord("\n"))
    if needle not in small:
        return among[:0]
    found = _unique(np.searchsorted(newlines, _places(_bytes(small), needle)))
    return found if len(among) > len(newlines) else np.intersect1d(among, found, assume_unique=True)


def _bytes(lines: bytes) -> "Bytes":
    import numpy as np

    return np.frombuffer(lines, np.uint8)


def _unique(ordered: "Places") -> "Places":
    """Each once: ten times the speed of what does not know that they are in order."""
    import numpy as np

    return ordered[np.diff(ordered, prepend=-1) > 0]


def _places(text: "Bytes", needle: bytes) -> "Places":
    """Where the needle begins: its first bytes are compared everywhere, the others where those were found."""
    import numpy as np

    hit = text[: len(text) - len(needle) + 1] == needle[0]
    for at, byte in enumerate(needle[1:3], 1):
        hit &= text[at : at + len(hit)] == byte
    return _rest(text, needle, 3, np.flatnonzero(hit))


def _rest(text: "Bytes", needle: bytes, known: int, found: "Places") -> "Places":
    """Those where the needle goes on as it should behind its `known` bytes."""
    for at, byte in enumerate(needle[known:], known):
        found = found[text[found + at] == byte]
    return found


def _signs(lines: bytes, level: Level) -> "Places":
    """Where a sign makes a line as bad as the level, in order."""
    import numpy as np

    padded = b"\n%b\n" % lines + bytes(_PADDING)  # something stands before and behind each sign
    text = _bytes(padded)
    small = text | np.uint8(_SMALL)
    found, begins = _begins(padded, [_number(sign) for sign in SIGNS[level]])
    apart = (text[found] < ord("a")) | _table(BETWEEN)[text[found - 1]]  # no word in small letters within another
    found, begins = found[apart], begins[apart]
    kept = list[int]()
    for sign, look in SIGNS[level].items():
        whole = _rest(small, sign, 4, found[begins == _number(sign)])
        kept += [at for at in _likely(text, whole, len(sign)).tolist() if tells(look, padded, at)]
    return np.array(sorted(kept), np.intp) - 1


def _number(sign: bytes) -> int:
    return int.from_bytes(sign[:4], "little")


def _begins(text: bytes, numbers: list[int]) -> "tuple[Places, NDArray[np.uint32]]":
    """Where four bytes are one of these, and which: compared as numbers, so once for each way to part the text."""
    import numpy as np

    places, begins = list["Places"](), list["NDArray[np.uint32]"]()
    for shift in range(4):
        words = np.frombuffer(text[shift : shift + (len(text) - shift) // 4 * 4], "<u4") | np.uint32(_SMALL_WORD)
        hit = words == numbers[0]
        for number in numbers[1:]:
            hit |= words == number
        found = np.flatnonzero(hit)
        places.append(4 * found + shift)
        begins.append(words[found])
    return np.concatenate(places), np.concatenate(begins)


def _likely(text: "Bytes", found: "Places", size: int) -> "Places":
    """Without words in small letters that are the value of no field, nor closed: `error=0.3`."""
    telling = (text[found] < ord("a")) | _table(BEHIND)[text[found + size]]
    for gap in FIELD_GAP:
        telling |= _table(ENDS)[text[found - gap]]
    return found[telling]


@cache
def _table(those: bytes) -> "Mask":
    """Of each byte whether it is one of those."""
    import numpy as np

    return np.isin(np.arange(256), list(those))
