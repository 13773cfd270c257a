"""The hand-written YAMLs by kind, what our loader makes of a text, and the mutants of a YAML. It makes no claim."""

import copy
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from jupyter_aml.entities import yaml as loaders
from jupyter_aml.entities.draft import Draft, DraftError
from jupyter_aml.exceptions import ValidationException

FOLDER = Path(__file__).parent / "yaml"
KINDS = ("component", "compute", "connection", "data", "datastore", "environment", "job", "model", "workspace")
Step = str | int


@dataclass(frozen=True)
class Mutant:
    """A YAML with one thing wrong: where, and what."""

    kind: str
    file: str
    where: str
    what: str
    text: str


def files(kind: str) -> list[Path]:
    """The YAMLs of a kind."""
    return sorted((FOLDER / kind).glob("*.yml"))


def load(kind: str, text: str, folder: Path = FOLDER / "data") -> Draft:
    """Our loader of a kind, over a text."""
    return getattr(loaders, f"load_{kind}")(io.StringIO(text), relative_origin=folder)


def dumped(draft: Draft) -> str:
    """Its YAML, with the secrets that Azure's YAML has too; a datastore's credentials say no type there."""
    stream = io.StringIO()
    draft.dump(stream, include_secrets=True)
    return stream.getvalue()


def refused_paths(kind: str, text: str) -> list[str] | None:
    """The paths that our loader names when it refuses a text; None when it takes it."""
    try:
        load(kind, text)
    except DraftError as error:
        return [path for path, _ in error.problems]
    except ValidationException as error:
        return [error.message.split(":")[0]]
    return None


def mutants(kind: str, file: Path) -> Iterator[Mutant]:
    """One thing wrong at a time: a key too many, a value of another shape, a key too few."""
    whole = yaml.safe_load(file.read_text())
    for path, value in _places(whole, ()):
        places = [((*path, "surplus"), "unknown key", "x")] if isinstance(value, dict) else []
        if path:
            places += [(path, "wrong type", _other_shape(value)), (path, "missing", _GONE)]
        for where, what, change in places:
            text = yaml.safe_dump(_changed(whole, where, change), sort_keys=False)
            yield Mutant(kind, file.name, ".".join(map(str, where)), what, text)


def all_mutants(kind: str) -> list[Mutant]:
    """The mutants of all files of a kind; what is wrong at the same place of several sweeps is asked once."""
    found = [mutant for file in files(kind) for mutant in mutants(kind, file)]
    if kind != "job":
        return found
    return list({(mutant.where, mutant.what): mutant for mutant in reversed(found)}.values())


_GONE = object()


def _changed(whole: Any, path: tuple[Step, ...], value: object) -> Any:
    changed = copy.deepcopy(whole)
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    if value is _GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return changed


def _places(value: Any, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Any]]:
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, below in items:
        yield from _places(below, (*path, name))


def _other_shape(value: object) -> object:
    """Something that this value's schema cannot mean."""
    return "of another shape" if isinstance(value, dict | list | int | float | bool) else {"of": ["another", "shape"]}
