"""`extension`: az has `ml` as one; here it is built in. What scripts say first is answered; nothing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException
from jupyter_aml.verbs.option import YES, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from jupyter_aml import MLClient

NOUN: Final = Noun("extension", "az's extensions: ml is built in.", "extensions")
COLUMNS: Final = (("Name", "name"), ("Version", "version"), ("ExtensionType", "extensionType"))
NAME: Final = name_of("", "the extension's name: ml")
SILENT: Final = tuple(Option(name, hidden=True) for name in ("--upgrade", "--system"))
ONE: Final = "ml"


@NOUN.verb("add", NAME, YES, *SILENT, columns=COLUMNS, examples=("aml extension add -n ml -y",))
def add(ml: MLClient, *, name: str, **_: object) -> dict[str, str]:
    """Answer that ml is there; nothing is installed."""
    del ml
    return _known(name)


@NOUN.verb("list", columns=COLUMNS)
def list_(ml: MLClient) -> list[dict[str, str]]:
    """The one extension there is."""
    del ml
    return [_known(ONE)]


@NOUN.verb("show", NAME, columns=COLUMNS)
def show(ml: MLClient, name: str) -> dict[str, str]:
    """The version of ml: that of this package."""
    del ml
    return _known(name)


@NOUN.verb("update", NAME)
def update(ml: MLClient, name: str) -> None:
    """Answer that ml is there; nothing is installed."""
    del ml
    _known(name)


@NOUN.verb("remove", NAME)
def remove(ml: MLClient, name: str) -> None:
    """Refuse: ml is built in."""
    del ml
    _known(name)
    raise UserErrorException(f"'{name}' is built in and cannot be removed.", resolution="pip uninstall jupyter_aml")


def _known(name: str) -> dict[str, str]:
    from jupyter_aml import __version__

    if name != ONE:
        raise ResourceNotFoundError(f"There is no extension '{name}'.", resolution="There is: ml, built in.")
    return {"extensionType": "built-in", "name": ONE, "version": __version__}
