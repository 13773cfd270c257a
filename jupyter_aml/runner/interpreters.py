"""Where the interpreters of this machine are: folders for a tool to look through. None is started or installed here."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_CONDAS: Final = ("miniconda3", "miniforge3", "mambaforge", "anaconda3", "micromamba", ".conda")
_SHIMS: Final = "shims"
_NUMBER: Final = re.compile(r"\d+")


def search_path(base: str) -> str:
    """A PATH on which every interpreter is found: the one at `base` first, then PATH's own, pyenv's and conda's.

    pyenv's shims are left out: most of them only say that their version is not the chosen one.
    """
    folders = [base, *_plain_path(), *map(str, _pyenv()), *map(str, _conda())]
    return os.pathsep.join(dict.fromkeys(folder for folder in folders if folder))


def _plain_path() -> list[str]:
    return [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(folder).name != _SHIMS]


def _pyenv() -> Iterator[Path]:
    """The newest first; a root that is not at home is known by its shims."""
    roots = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")]
    roots += [
        Path(entry).parent for entry in os.environ.get("PATH", "").split(os.pathsep) if Path(entry).name == _SHIMS
    ]
    for root in dict.fromkeys(roots):
        yield from sorted(root.glob("versions/*/bin"), key=_age, reverse=True)


def _age(folder: Path) -> list[int]:
    return [int(number) for number in _NUMBER.findall(folder.parent.name)]


def _conda() -> Iterator[Path]:
    for parent in (Path.home(), Path("/opt")):
        for name in (*_CONDAS, "conda"):
            yield from (parent / name).glob("bin")
            yield from sorted((parent / name).glob("envs/*/bin"))
