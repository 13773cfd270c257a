"""Jupyter's kernelspecs whose kernels load the emulation: written, found, removed. No workspace is touched."""

import json
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyter_aml.entities.emulation import OLD_NUMPY
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, did_you_mean

NAME: Final = "azureml-local"
TITLE: Final = "Azure ML (local)"
ALIASES: Final = ("python310-sdkv2", "python38-azureml", "python3-azureml")
"""The kernels that public notebooks name: SDK v2's, SDK v1's, and that of older ones."""
_OLD: Final = ("python38-azureml", "python3-azureml")
"""Those of them that are named after a Python whose NumPy still had `np.float`: their notebooks say it."""
_NEVER: Final = "python3"
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

    UserErrorException when that is the name itself; an alias that is left as it was says so in its `state`.
    """
    _check(name, folder, replace=replace)
    try:
        return [_installed(folder, each, name, replace=replace) for each in dict.fromkeys((name, *aliases))]
    except PermissionError as error:
        message = f"{error.filename} cannot be written."
        raise UserErrorException(message, resolution="aml kernel install --user") from None


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
    for path in gone:
        shutil.rmtree(path)
    return removed


def searched() -> list[Path]:
    """The folders in which Jupyter looks for kernelspecs."""
    from jupyter_core.paths import jupyter_path

    return [Path(found) for found in jupyter_path("kernels")]


def _check(name: str, folder: Path, *, replace: bool) -> None:
    if name == _NEVER or not name.replace("-", "").replace(".", "").replace("_", "").isalnum():
        message = f"'{name}' cannot be the kernel's name."
        raise UserErrorException(message, resolution=f"Letters, digits, '-', '.', '_', and not {_NEVER}: {NAME}")
    if (other := _foreign(folder, name)) and not replace:
        message = f"There is a kernel '{name}' already, and it is not ours: {other}"
        raise UserErrorException(message, resolution="Add --replace to write over it, or --name NAME.")


def _foreign(folder: Path, name: str) -> Path | None:
    """Somebody else's kernelspec of that name: written over, or hidden from Jupyter, by ours."""
    found = (each / name for each in dict.fromkeys((folder, *searched())))
    return next((path for path in found if path.exists() and not _is_ours(path)), None)


def _installed(folder: Path, name: str, of: str, *, replace: bool) -> Kernel:
    if (other := _foreign(folder, name)) and not replace:
        return Kernel(name, TITLE, str(other), "", "left as it was: not ours (--replace writes over it)")
    target, beside = folder / name, folder / f".{name}.{os.getpid()}"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    beside.joinpath(_FILE).write_text(json.dumps(_spec(name, of), indent=1, ensure_ascii=False), encoding="utf-8")
    if target.exists():
        shutil.rmtree(target)
    beside.rename(target)
    return _kernel(target)


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
        return json.loads(folder.joinpath(_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):  # somebody else's, and broken
        return {}


def _mark(folder: Path) -> dict[str, str]:
    return _read(folder).get("metadata", {}).get(_MARK, {})


def _is_ours(folder: Path) -> bool:
    return bool(_mark(folder))


def _kernel(folder: Path, state: str = "installed") -> Kernel:
    found = _read(folder)
    return Kernel(folder.name, str(found.get("display_name")), str(folder), str((found.get("argv") or [""])[0]), state)
