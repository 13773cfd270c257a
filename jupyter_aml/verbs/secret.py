"""`secret`: the workspace's key vault. Each verb is one call of the client; a value is asked for, never typed here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import ResourceNotFoundError, did_you_mean
from jupyter_aml.verbs.ask import hidden
from jupyter_aml.verbs.option import Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_aml import MLClient

NOUN: Final = Noun("secret", "Secrets: the workspace's key vault.", "secrets")
COLUMNS: Final = (("Name", "name"), ("ContentType", "content_type"), ("Modified", "modified_at"))
NAME: Final = name_of("secret", "the secret's name")


class HiddenText(str):
    """A secret in a notebook: a text like any other, but a cell's output does not show it."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Never the text: print() it if it is to be seen."""
        return "'******'"


@NOUN.verb("list", columns=COLUMNS)
def list_(ml: MLClient) -> Iterable[object]:
    """The names of your secrets; those of datastores and connections are theirs."""
    return [
        {
            "name": found.name,
            "content_type": found.content_type,
            "modified_at": datetime.fromtimestamp(found.modified_at, UTC).isoformat(),
        }
        for found in ml.secrets.show()
    ]


@NOUN.verb(
    "set",
    NAME,
    Option("--file", "FILE", "the value is what this file holds; it is asked for when not given", known="file"),
    Option("--content-type", "TEXT", "what it is: a note for people"),
    done="Kept {name}.",
    hides=True,
    examples=("aml secret set -n api-key", 'printf %s "$KEY" | aml secret set -n api-key'),
)
def set_(ml: MLClient, *, name: str, file: Path | None, content_type: str | None) -> None:
    """Keep a value that is asked for unseen, or comes from a file or a pipe."""
    value = Path(file).read_text(encoding="utf-8").rstrip("\n") if file else hidden(f"Value of {name}")
    ml.secrets.set(name, value, content_type)


@NOUN.verb("show", NAME)
def show(ml: MLClient, name: str) -> HiddenText:
    """The value of a secret: v = %aml_secret show NAME keeps it out of the notebook."""
    value = ml.secrets.get(name)
    if value is None:
        known = ml.secrets.list()
        raise ResourceNotFoundError(f"There is no secret '{name}'.", resolution=did_you_mean(name, known))
    return HiddenText(value)


@NOUN.verb("delete", NAME, done="Deleted {name}.")
def delete(ml: MLClient, name: str) -> None:
    """Forget a secret."""
    ml.secrets.delete(name)
