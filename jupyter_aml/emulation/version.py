"""The version of SDK v2 whose names and behaviour are followed. Nothing else is here."""

from typing import Final

VERSION: Final = "1.35.2"
__version__ = VERSION
__all__ = ["VERSION"]
