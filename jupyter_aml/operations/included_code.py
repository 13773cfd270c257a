"""The code of a component with what it includes from elsewhere, as one folder. Links are made; nothing is kept here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from jupyter_aml.data.linked_folder import linked
from jupyter_aml.exceptions import AssetPathException, ValidationException

Plain: TypeAlias = dict[str, Any]  # Any: parts of a YAML, whose values are the user's
INCLUDES: Final = "additional_includes"
CODE_SNAPSHOT: Final = "code_snapshot"


def gathered(component: Plain) -> Plain:
    """The component with a folder in which all that it includes stands beside its code, under its own name.

    The folder is there until Python ends. One that includes nothing, or whose code was frozen, is as it was.
    Raises AssetPathException for what is not there, ValidationException for a name that is there already.
    """
    includes: Sequence[str] = component.get(INCLUDES) or ()
    if not includes or component.get(CODE_SNAPSHOT):
        return component
    code = component.get("code")
    own = [] if code is None else _entries(Path(str(code)))
    rest = {key: value for key, value in component.items() if key != INCLUDES}
    return {**rest, "code": str(_linked(own, [Path(one) for one in includes]))}


def _entries(code: Path) -> list[Path]:
    """What stands in the code's folder; of a file, in the folder around it."""
    folder = code.parent if code.is_file() else code
    if not folder.is_dir():
        told = f"code: No such file or directory: {code}"
        raise AssetPathException(told, resolution="Paths start at the YAML file.")
    return list(folder.iterdir())


def _linked(own: Sequence[Path], includes: Sequence[Path]) -> Path:
    taken = {place.name for place in own}
    for place in includes:
        if not place.exists():
            told = f"{INCLUDES}: No such file or directory: {place}"
            raise AssetPathException(told, resolution="Paths start at the YAML file.")
        if place.name in taken:
            told = f"{INCLUDES}: there is a '{place.name}' in the code already."
            raise ValidationException(told, resolution="Each stands in the code under its own name: rename one.")
        taken.add(place.name)
    return linked((*own, *includes), "code")
