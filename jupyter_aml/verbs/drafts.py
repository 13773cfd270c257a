"""From what was typed to a draft: a YAML, flags over it, `--set` over those. Nothing is stored here."""

import json
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from jupyter_aml.verbs.option import FILE, SET, Option, located
from jupyter_aml.verbs.table import NAME

Source: TypeAlias = "Path | Cell"
Options: TypeAlias = tuple[Option, ...]
Override: TypeAlias = dict[str, object]
ALIKE: Final = (FILE, SET)
"""Options that are no field of the draft."""


class Cell(StringIO):
    """A notebook's cell that holds a YAML."""

    name = "the cell"


class Editable(Protocol):
    """A draft: its fields as its YAML says them."""

    def spec(self) -> dict[str, Any]: ...
    def secrets(self) -> dict[str, str]: ...


def loaded(loader: str, options: Options, said: Mapping[str, Any], more: Sequence[Override] = ()) -> Any:  # noqa: ANN401 - each loader has its own draft
    """The draft that `jupyter_aml.<loader>` makes of the file and of what was typed over it."""
    return _load(loader, said.get(FILE.key) or Cell("{}"), [*flags(options, said), *more, *sets(said)])


def edited(
    loader: str, found: Editable, options: Options, said: Mapping[str, Any], more: Sequence[Override] = ()
) -> Any:  # noqa: ANN401 - as above
    """What was found, with what was typed over it; of a file, what that says instead."""
    from jupyter_aml.entities.draft import with_secrets

    if said.get(FILE.key):
        return loaded(loader, options, said, more)
    text = json.dumps(with_secrets(found.spec(), found.secrets()), default=str)
    return _load(loader, Cell(text), [*flags(options, said), *more, *sets(said)])  # JSON is YAML


def flags(options: Options, said: Mapping[str, Any]) -> list[Override]:
    """The options that were given, each under the dotted name of its field."""
    given = ((option, said.get(option.key)) for option in options if option not in ALIKE)
    return [
        {option.field or option.key: _placed(option, value)}
        for option, value in given
        if value not in (None, (), {}, False)
    ]


def sets(said: Mapping[str, Any]) -> list[Override]:
    """One `{dotted key: value}` a `--set`; a value that reads as JSON is that, any other is text."""
    return [{key: _value(text)} for key, text in said.get(SET.key, {}).items()]


def has_changes(options: Options, said: Mapping[str, Any]) -> bool:
    """Whether anything was typed besides the name of what is meant."""
    changing = tuple(option for option in options if option.name not in {NAME, "--version", "--label"})
    return bool(said.get(FILE.key) or sets(said) or flags(changing, said))


def _load(loader: str, source: Source, overrides: list[Override]) -> Any:  # noqa: ANN401 - as above
    import jupyter_aml

    return getattr(jupyter_aml, loader)(source, relative_origin=_origin(source), params_override=overrides)


def _origin(source: Source) -> Path | None:
    """A YAML's paths are taken from its folder; a cell's from the notebook's."""
    return Path.cwd() if isinstance(source, Cell) else None


def _placed(option: Option, value: Any) -> Any:  # noqa: ANN401 - a flag's own value
    return located(str(value)) if option.kind is Path else value


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
