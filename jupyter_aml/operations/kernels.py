"""Jupyter's kernelspecs whose kernels load the emulation: written, found, removed. No workspace is touched."""

import fcntl
import json
import os
import re
import shutil
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from jupyter_aml.entities.emulation import OLD_NUMPY
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean

NAME: Final = "azureml-local"
TITLE: Final = "Azure ML (local)"
ALIASES: Final = ("python310-sdkv2", "python38-azureml", "python3-azureml")
"""The kernels that public notebooks name: SDK v2's, SDK v1's, and that of older ones."""
_OLD: Final = ("python38-azureml", "python3-azureml")
"""Those of them that are named after a Python whose NumPy still had `np.float`: their notebooks say it."""
_NEVER: Final = "python3"
_NAMED: Final = re.compile(r"(?=.*[a-z0-9])[a-z0-9._-]+", re.IGNORECASE)
"""What Jupyter takes for a kernel's name; it makes no difference between cases."""
_FILE: Final = "kernel.json"
_MARK: Final = "jupyter_aml"
"""Under this word of a kernelspec's metadata stands that it is ours, and for which name."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """A kernelspec: its name, what menus show, where it lies, and what became of it."""

    name: str
    display_name: str
    folder: str
    python: str
    state: str = "installed"


def place(*, user: bool, prefix: str | None) -> Path:
    """The folder of kernelspecs: the user's, that of a prefix, else that of this Python."""
    from jupyter_core.paths import jupyter_data_dir

    if user:
        return Path(jupyter_data_dir(), "kernels")
    return Path(prefix or sys.prefix, "share", "jupyter", "kernels")


def install(folder: Path, name: str, *, aliases: Sequence[str] = ALIASES, replace: bool = False) -> list[Kernel]:
    """Write the kernelspec and its aliases. A kernelspec of that name that is not ours stays, unless `replace`.

    UserErrorException when that is the name itself, or the folder cannot be written; an alias that is left as it was
    says so in its `state`.
    """
    _check_name(name)
    with _said(folder), _alone(folder):
        _check_free(name, folder, replace=replace)
        return [_installed(folder, each, name, replace=replace) for each in dict.fromkeys((name, *aliases))]


def every(folders: Sequence[Path]) -> list[Kernel]:
    """Our kernelspecs in those folders, by name; the first of a name counts."""
    found = {path.name: path for folder in reversed(folders) for path in _specs(folder)}
    return [_kernel(path) for _, path in sorted(found.items()) if _is_ours(path)]


def remove(folder: Path, name: str | None = None) -> list[Kernel]:
    """Remove our kernelspecs from the folder: one with its aliases, or all. ResourceNotFoundError: there is none."""
    ours = [path for path in sorted(_specs(folder)) if _is_ours(path)]
    gone = [path for path in ours if name is None or name in {path.name, _mark(path).get("of")}]
    if not gone:
        message = f"There is no kernel of ours{f' {name!r}' if name else ''} in {folder}."
        raise ResourceNotFoundError(message, resolution=did_you_mean(name or "", [path.name for path in ours]))
    removed = [_kernel(path, "removed") for path in gone]
    with _said(folder), _alone(folder):
        for path in gone:
            _clear(path)
    return removed


def searched() -> list[Path]:
    """The folders in which Jupyter looks for kernelspecs."""
    from jupyter_core.paths import jupyter_path

    return [Path(found) for found in jupyter_path("kernels")]


@contextmanager
def _said(folder: Path) -> Generator[None]:
    """What the system has against it, in a sentence."""
    try:
        yield
    except OSError as error:
        message = f"Kernels in {folder} cannot be changed: {error.strerror} ({error.filename})."
        raise UserErrorException(message, resolution="Another place: --user, or --prefix DIR.") from None


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """One at a time: a kernelspec that somebody else is writing is not whole, and so nobody's."""
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _check_name(name: str) -> None:
    if name.lower() == _NEVER or not _NAMED.fullmatch(name):
        message = f"'{name}' cannot be the kernel's name."
        resolution = f"Letters of a to z, digits, '-', '.', '_', and not {_NEVER}: {NAME}"
        raise UserErrorException(message, resolution=resolution)


def _check_free(name: str, folder: Path, *, replace: bool) -> None:
    if (other := _foreign(folder, name)) and not replace:
        message = f"There is a kernel '{name}' already, and it is not ours: {other}"
        raise UserErrorException(message, resolution="Add --replace to write over it, or --name NAME.")


def _foreign(folder: Path, name: str) -> Path | None:
    """Somebody else's kernelspec of that name: written over, or hidden from Jupyter, by ours."""
    found = (each / name for each in dict.fromkeys((folder, *searched())))
    return next((path for path in found if os.path.lexists(path) and not _is_ours(path)), None)


def _installed(folder: Path, name: str, of: str, *, replace: bool) -> Kernel:
    if (other := _foreign(folder, name)) and not replace:
        return Kernel(name, TITLE, str(other), "", "left as it was: not ours (--replace writes over it)")
    target = folder / name
    if not _is_ours(target):
        _clear(target)
    target.mkdir(parents=True, exist_ok=True)
    beside = target / f".{_FILE}.{os.getpid()}"  # by a rename: whoever looks finds a whole one
    beside.write_text(json.dumps(_spec(name, of), indent=1, ensure_ascii=False), encoding="utf-8")
    beside.rename(target / _FILE)
    return _kernel(target)


def _clear(path: Path) -> None:
    """Take away whatever has that name: a folder, a file, a link, or nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _spec(name: str, of: str) -> dict[str, object]:
    start = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--ext=jupyter_aml.emulation"]
    return {
        "argv": start,
        "display_name": TITLE if name == of else f"{TITLE}: {name}",
        "language": "python",
        "env": {OLD_NUMPY: "1"} if name in _OLD else {},
        "metadata": {"debugger": True, _MARK: {"of": of}},
    }


def _specs(folder: Path) -> Iterator[Path]:
    return (path.parent for path in folder.glob(f"*/{_FILE}"))


def _read(folder: Path) -> dict[str, Any]:
    try:
        found: object = json.loads(folder.joinpath(_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # somebody else's, and broken
        return {}
    return _mapping(found)


def _mark(folder: Path) -> dict[str, str]:
    """Ours to read; somebody else's may be of any shape."""
    return _mapping(_mapping(_read(folder).get("metadata")).get(_MARK))


def _mapping(found: object) -> dict[str, Any]:
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _is_ours(folder: Path) -> bool:
    return bool(_mark(folder))


def _kernel(folder: Path, state: str = "installed") -> Kernel:
    found = _read(folder)
    return Kernel(folder.name, str(found.get("display_name")), str(folder), str((found.get("argv") or [""])[0]), state)
