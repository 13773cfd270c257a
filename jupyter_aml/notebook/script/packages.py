"""Imports → requirements: which installed distribution each module comes from, in the running interpreter's version."""

import re
import site
import sys
from collections.abc import Collection, Sequence
from functools import cache
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final

_NAMED_OTHERWISE: Final = {
    "sklearn": "scikit-learn", "PIL": "pillow", "cv2": "opencv-python", "yaml": "PyYAML", "bs4": "beautifulsoup4",
    "skimage": "scikit-image", "dateutil": "python-dateutil", "dotenv": "python-dotenv", "Crypto": "pycryptodome",
    "attr": "attrs", "IPython": "ipython", "mpl_toolkits": "matplotlib", "pylab": "matplotlib",
}  # fmt: skip
_LIBRARIES: Final = tuple(site.getsitepackages())
_OURS: Final = frozenset({"jupyter_aml", "__future__", "__main__"})


def requirements(imported: Collection[str], installs: Sequence[str], folder: Path) -> tuple[str, ...]:
    """A line for each distribution that the modules come from, and for what the notebook installs by itself.

    A module of the notebook's own folder, of the standard library, or one that is not installed needs none.
    """
    found = {_plain(line): line for line in map(pinned, sorted(imported)) if line}
    for line in _lines(installs, folder):
        name = _plain(line)
        if re.fullmatch(r"[\w.-]+(\[[\w,.-]+\])?", line):
            version = _version(line.partition("[")[0])
            found[name] = f"{line}=={version}" if version else line
        else:
            found[name] = line
    return tuple(sorted(found.values(), key=str.lower))


def script_name(notebook: str, imported: Collection[str]) -> str:
    """`train.py` for `train.ipynb`; `random_script.py` for `random.ipynb`: beside a script its own name is imported."""
    stem = notebook.removesuffix(".ipynb")
    is_taken = stem in imported or stem in sys.stdlib_module_names
    is_taken = is_taken or (stem.isidentifier() and PathFinder.find_spec(stem, _LIBRARIES) is not None)
    return f"{stem}_script.py" if is_taken else f"{stem}.py"


def _lines(installs: Sequence[str], folder: Path) -> list[str]:
    """What was installed, the lines of a requirements file in the place of its name."""
    lines: list[str] = []
    for line in installs:
        file = folder / line.removeprefix("-r ") if line.startswith("-r ") else None
        if file is not None and file.is_file():
            read = file.read_text(encoding="utf-8").splitlines()
            lines += [one.strip() for one in read if one.strip() and not one.lstrip().startswith("#")]
        elif file is None and line not in {".", "-"}:
            lines.append(line)
    return lines


def _plain(line: str) -> str:
    return re.split(r"[\s\[=<>!~;@]", line, maxsplit=1)[0].lower().replace("_", "-")


def pinned(module: str) -> str:
    """`scikit-learn==1.7.2` for `sklearn`; empty for what needs no installing."""
    if module in sys.stdlib_module_names or module in _OURS:
        return ""
    guess = _NAMED_OTHERWISE.get(module, module)
    version = _version(guess)
    if version:
        return f"{_own_name(guess)}=={version}"
    names = _distributions().get(module, ())
    return f"{names[0]}=={_version(names[0])}" if names else ""


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except (metadata.PackageNotFoundError, ValueError):
        return ""


@cache
def _own_name(distribution: str) -> str:
    return metadata.metadata(distribution)["Name"] or distribution


@cache
def _distributions() -> dict[str, list[str]]:
    """A second's work: only for a module that is not called like its distribution."""
    return {module: list(names) for module, names in metadata.packages_distributions().items()}
