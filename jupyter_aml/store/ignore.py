"""Which files of a folder belong to it: Azure's ignore rules. Paths in, paths out."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ALWAYS_LEFT_OUT: Final = frozenset({".git", "__pycache__", ".ipynb_checkpoints"})
"""Never part of a snapshot, whatever the ignore file says: none of them changes what a job does."""

IGNORE_FILES: Final = (".amlignore", ".gitignore")


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is left out: paths that match, and one folder by its real path. `prunes`: ignored folders stay closed."""

    matches: Callable[[str], bool]
    prunes: bool
    left_out: str

    def enters(self, path: str, real: str) -> bool:
        return real != self.left_out and not (self.prunes and self.matches(path + "/"))


def files(root: Path, *, left_out: Path | None = None) -> Iterator[tuple[str, os.stat_result]]:
    """Every file under `root` that is not ignored, as (relative path with '/', stat), sorted within its folder.

    The root's `.amlignore` if there is one, else its `.gitignore`; never both, and nested ones do not count (§3.5).
    As in Azure ML the last pattern that matches a file decides, so `!keep.csv` brings it back from an ignored folder.
    Symbolic links are followed; a link back to a folder that is being read, and one that leads nowhere, are skipped.
    `left_out` is a folder never entered: the workspace's own, when it lies inside the code.
    """
    real = os.path.realpath(root)
    rule = _rule(root, os.path.realpath(left_out) if left_out else "")
    yield from _walk(str(root), "", rule, (real,))


def _walk(folder: str, prefix: str, rule: _Rule, above: tuple[str, ...]) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        path = prefix + entry.name
        if entry.name in ALWAYS_LEFT_OUT:
            continue
        if _leads_to(entry.is_dir):
            real = os.path.realpath(entry.path) if entry.is_symlink() else f"{above[-1]}/{entry.name}"
            if real not in above and rule.enters(path, real):
                yield from _walk(entry.path, path + "/", rule, (*above, real))
        elif _leads_to(entry.is_file) and not rule.matches(path):
            yield path, entry.stat()


def _leads_to(kind: Callable[[], bool]) -> bool:
    """`entry.is_dir()` or `is_file()`; False for a link that leads to itself, where Python raises."""
    try:
        return kind()
    except OSError:
        return False


def _rule(root: Path, left_out: str) -> _Rule:
    for name in IGNORE_FILES:
        if (root / name).is_file():
            # utf-8-sig: some editors write a mark at the start, which would hide the first pattern.
            return _patterns((root / name).read_text(encoding="utf-8-sig", errors="surrogateescape"), left_out)
    return _Rule(lambda _: False, prunes=False, left_out=left_out)


def _patterns(text: str, left_out: str) -> _Rule:
    import pathspec

    spec = pathspec.PathSpec.from_lines("gitignore", text.splitlines())
    negates = any(pattern.include is False for pattern in spec.patterns)
    return _Rule(spec.match_file, prunes=not negates, left_out=left_out)
