"""`connection`: other services by name. Each verb is one call of the client; a secret is asked for, never typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.ask import hidden
from jupyter_aml.verbs.option import ALL_RESULTS, DESCRIPTION, FILE, MAX_RESULTS, SET, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_aml import MLClient

NOUN: Final = Noun("connection", "Connections: other services, and what it takes to use them.", "connections")
COLUMNS: Final = (
    ("Name", "name"),
    ("Type", "type"),
    ("Target", "target"),
    ("Credentials", "credentials.type"),
    ("Description", "description"),
)
NAME: Final = name_of("connection", "the connection's name")
SECRETS: Final = ("key", "pat", "password", "sas_token", "secret_access_key", "client_secret", "account_key")
ASK: Final = Option("--ask", "FIELD", "the secret of its credentials, asked for and kept in the vault", choices=SECRETS)
FIELDS: Final = (name_of("connection", "its name", required=False), DESCRIPTION, TAGS)


@NOUN.verb("list", Option("--type", "TYPE", "only of this kind", short="-t"), MAX_RESULTS, ALL_RESULTS, columns=COLUMNS)
def list_(ml: MLClient, *, type: str | None) -> Iterable[object]:
    """Every connection, newest first."""
    return ml.connections.list(type)


@NOUN.verb("show", NAME, columns=COLUMNS)
def show(ml: MLClient, name: str) -> object:
    """One connection, without its secret."""
    return ml.connections.get(name)


@NOUN.verb(
    "create",
    FILE,
    *FIELDS,
    ASK,
    SET,
    columns=COLUMNS,
    examples=("aml connection create -f connection.yml --ask key",),
)
def create(ml: MLClient, *, ask: str | None, **said: object) -> object:
    """Register a connection; its secret goes to the vault."""
    return ml.connections.create_or_update(drafts.loaded("load_connection", FIELDS, said, _secret(ask)))


@NOUN.verb("update", NAME, *FIELDS[1:], ASK, SET, columns=COLUMNS)
def update(ml: MLClient, *, name: str, ask: str | None, **said: object) -> object:
    """Change a connection; what is not said stays, its secret too."""
    found = ml.connections.get(name, populate_secrets=True)
    return ml.connections.create_or_update(drafts.edited("load_connection", found, FIELDS, said, _secret(ask)))


@NOUN.verb("delete", NAME, asks=True, done="Deleted {name}.")
def delete(ml: MLClient, name: str) -> None:
    """Forget a connection and its secret."""
    ml.connections.delete(name)


def _secret(field: str | None) -> list[drafts.Override]:
    """The secret, once asked for, under its dotted name."""
    return [{f"credentials.{field}": hidden(field)}] if field else []
