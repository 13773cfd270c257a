"""The lines of pip requirements, with those of every `-r file` in its place. Files are read, nothing is installed."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, cast

from jupyter_aml.exceptions import ValidationException

_DEEPEST: Final = 10
_REFERS: Final = frozenset({"-r", "--requirement"})


def inlined(lines: Iterable[str], folder: Path, depth: int = 0) -> list[str]:
    """The lines, so that a file's content decides, not its name; paths are taken from `folder`.

    Raises:
        ValidationException: a file cannot be read.
    """
    found: list[str] = []
    for line in lines:
        words = line.split(maxsplit=1)
        if len(words) > 1 and words[0] in _REFERS and depth < _DEEPEST:
            path = folder / words[1].strip("'\"")
            found += inlined(_lines_of(path, words[1], folder), path.parent, depth + 1)
        else:
            found.append(line)
    return found


def _lines_of(path: Path, name: str, folder: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValidationException(
            f"conda_file: '-r {name}' cannot be read: {error.strerror}.", resolution=f"It is taken from {folder}."
        ) from None
    stripped = (line.strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


def whole(content: object, folder: Path) -> object:
    """A conda file's content with the requirements that its `pip:` lists refer to; one that is not there stays."""
    if not isinstance(content, dict):
        return content
    fields = cast("dict[str, object]", content)
    if not isinstance(dependencies := fields.get("dependencies"), list):
        return fields
    return {**fields, "dependencies": [_whole_item(item, folder) for item in cast("list[object]", dependencies)]}


def _whole_item(item: object, folder: Path) -> object:
    if not isinstance(item, dict):
        return item
    fields = cast("dict[str, object]", item)
    if not isinstance(pip := fields.get("pip"), list):
        return fields
    lines = [str(line) for line in cast("list[object]", pip)]
    if any(line.startswith(tuple(_REFERS)) for line in lines):
        with suppress(ValidationException):
            return {**fields, "pip": inlined(lines, folder)}
    return fields
