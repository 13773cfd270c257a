"""`datastore`: storages by name. Each verb is one call of the client; a secret is asked for, never typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.ask import hidden
from jupyter_aml.verbs.option import ALL_RESULTS, DESCRIPTION, FILE, MAX_RESULTS, SET, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_aml import MLClient

NOUN: Final = Noun(
    "datastore",
    "Datastores: where data lies.",
    "datastores",
    absent={"mount": "a job reads data by its inputs; a notebook by its path: pandas.read_csv('azureml://…')."},
)
TYPES: Final = (
    "azure_blob", "azure_file", "azure_data_lake_gen1", "azure_data_lake_gen2", "one_lake", "local", "s3", "gcs",
)  # fmt: skip
SECRETS: Final = ("account_key", "sas_token", "client_secret", "secret_access_key", "token")
COLUMNS: Final = (
    ("Name", "name"),
    ("Type", "type"),
    ("Account", "account_name"),
    ("Container", "container_name"),
    ("Share", "file_share_name"),
    ("Filesystem", "filesystem"),
    ("Bucket", "bucket"),
    ("Path", "path"),
    ("Credentials", "credentials.type"),
    ("Description", "description"),
)
NAME: Final = name_of("datastore", "the datastore's name")
ASK: Final = Option("--ask", "FIELD", "the secret of its credentials, asked for and kept in the vault", choices=SECRETS)
FIELDS: Final = (
    name_of("datastore", "its name", required=False),
    Option("--type", "TYPE", "what it is; azure_blob when not given", short="-t", choices=TYPES),
    Option("--account-name", "NAME", "the storage account"),
    Option("--container-name", "NAME", "the container of a blob storage"),
    Option("--file-share-name", "NAME", "the share of a file storage"),
    Option("--filesystem", "NAME", "the file system of a data lake"),
    Option("--bucket", "NAME", "the bucket of s3 or gcs"),
    Option("--prefix", "PATH", "where in the bucket"),
    Option("--path", "DIR", "the folder of a local one", kind=Path, known="path"),
    Option("--endpoint", "HOST", "another cloud, or a server of yours: 127.0.0.1:10000"),
    Option("--protocol", "NAME", "https or http"),
    DESCRIPTION,
    TAGS,
)


@NOUN.verb("list", MAX_RESULTS, ALL_RESULTS, columns=COLUMNS)
def list_(ml: MLClient) -> Iterable[object]:
    """Your datastores, newest first, then the four that every workspace has."""
    return ml.datastores.list()


@NOUN.verb("show", NAME, columns=COLUMNS)
def show(ml: MLClient, name: str) -> object:
    """One datastore, without its secret."""
    return ml.datastores.get(name)


@NOUN.verb(
    "create",
    FILE,
    *FIELDS,
    ASK,
    SET,
    columns=COLUMNS,
    examples=(
        "aml datastore create -f blob.yml",
        "aml datastore create -n lake --account-name acct --container-name data --ask account_key",
        "aml datastore create -n here --type local --path ./data",
    ),
)
def create(ml: MLClient, *, ask: str | None, **said: object) -> object:
    """Register a datastore; its storage is neither made nor looked at."""
    return ml.datastores.create_or_update(drafts.loaded("load_datastore", FIELDS, said, _secret(ask)))


@NOUN.verb("update", NAME, FILE, *FIELDS[1:], ASK, SET, columns=COLUMNS)
def update(ml: MLClient, *, name: str, ask: str | None, **said: object) -> object:
    """Change a datastore; what is not said stays, its secret too."""
    found = ml.datastores.get(name, include_secrets=True)
    return ml.datastores.create_or_update(drafts.edited("load_datastore", found, FIELDS, said, _secret(ask)))


@NOUN.verb("delete", NAME, done="Deleted {name}; what it points to stays.")
def delete(ml: MLClient, name: str) -> None:
    """Forget a datastore and its secret; what it points to stays."""
    ml.datastores.delete(name)


def _secret(field: str | None) -> list[dict[str, object]]:
    """The secret, once asked for, under its dotted name."""
    return [{f"credentials.{field}": hidden(field)}] if field else []
