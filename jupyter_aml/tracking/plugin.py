"""What MLflow finds by entry point: our URI and the two stores behind it. MLflow's classes load on first use only."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from jupyter_aml.tracking.mlflow_store import RegistryStore, WorkspaceStore

SCHEME: Final = "jupyter-aml"


def uri(db: Path) -> str:
    """The tracking URI of a database: `jupyter-aml:///abs/path/mlflow.db`, percent-encoded."""
    return SCHEME + db.absolute().as_uri().removeprefix("file")


def path(uri: str) -> Path:
    """The database behind a tracking URI; the inverse of `uri`."""
    found = unquote(urlsplit(uri).path)
    # A drive letter comes as /C:/…
    return Path(found.removeprefix("/") if os.name == "nt" else found)


def tracking_store(store_uri: str, artifact_uri: str | None = None, **_: object) -> "WorkspaceStore":
    """MLflow's door to our runs. `artifact_uri` replaces the root that the database remembers."""
    from jupyter_aml.tracking.mlflow_store import WorkspaceStore

    return WorkspaceStore(path(store_uri), artifact_uri)


def registry_store(store_uri: str | None = None, **_: object) -> "RegistryStore":
    """MLflow's door to the registered models in the same database."""
    from mlflow.tracking import get_tracking_uri

    from jupyter_aml.tracking.mlflow_store import RegistryStore

    return RegistryStore(path(store_uri or get_tracking_uri()))
