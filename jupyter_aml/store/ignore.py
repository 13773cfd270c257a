"""Which files of a folder belong to it: Azure's ignore rules. Paths in, paths out."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

ALWAYS_LEFT_OUT: Final = frozenset({".git", "__pycache__", ".ipynb_checkpoints"})
"""Never part of a snapshot, whatever the ignore file says: none of them changes what a job does."""

IGNORE_FILES: Final = (".amlignore", ".gitignore")


def files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file under `root` that is not ignored, as (relative path with '/', stat), sorted within its folder.

    The root's `.amlignore` if there is one, else its `.gitignore`; never both, and nested ones do not count (§3.5).
    Symbolic links are followed; a link back to a folder that is being read is skipped.
    """
    yield from _walk(root, "", _rule(root), (os.path.realpath(root),))


def _walk(
    folder: Path | str, prefix: str, ignored: Callable[[str], bool], above: tuple[str, ...]
) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        path = prefix + entry.name
        if entry.name in ALWAYS_LEFT_OUT:
            continue
        if entry.is_dir():
            real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
            if not ignored(path + "/") and real not in above:
                yield from _walk(entry.path, path + "/", ignored, (*above, real))
        elif entry.is_file() and not ignored(path):
            yield path, entry.stat()


def _rule(root: Path) -> Callable[[str], bool]:
    for name in IGNORE_FILES:
        if (root / name).is_file():
            return _matcher((root / name).read_text(encoding="utf-8"))
    return lambda _: False


def _matcher(text: str) -> Callable[[str], bool]:
    import pathspec

    return pathspec.PathSpec.from_lines("gitwildmatch", text.splitlines()).match_file
