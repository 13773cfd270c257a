"""The clients of a server: one for each workspace that views ask of. A workspace is opened, never made, here."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from jupyter_server.base.handlers import JupyterHandler

from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException

if TYPE_CHECKING:  # a server that nobody asks loads nothing of this
    from jupyter_aml.client import MLClient

FIELDS: Final = ("subscription_id", "resource_group", "name")


class Clients:
    """Clients by workspace. Safe to share among threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = dict[WorkspaceId, "MLClient"]()

    def of(self, given: object) -> "MLClient":
        """A client of the workspace that a request names. ResourceNotFoundError when this machine has none of it."""
        wanted = identity(given)
        with self._lock:
            known = self._open.get(wanted)
            if known is None:
                known = self._open[wanted] = _opened(wanted)
        return known


def identity(given: object) -> WorkspaceId:
    """The workspace in a request. ValidationException when its three names are not there."""
    if not isinstance(given, Mapping):
        raise ValidationException("workspace: a mapping is wanted.")
    names = [given.get(field) for field in FIELDS]
    if not all(isinstance(name, str) and name for name in names):
        raise ValidationException(f"workspace: {', '.join(FIELDS)} are wanted.")
    return WorkspaceId(*(str(name) for name in names))


def named(handler: JupyterHandler) -> dict[str, str]:
    """The workspace in an address: `subscription_id`, `resource_group`, `workspace`."""
    words = ("subscription_id", "resource_group", "workspace")
    return dict(zip(FIELDS, (handler.get_query_argument(word, "") for word in words), strict=True))


def _opened(wanted: WorkspaceId) -> "MLClient":
    from jupyter_aml.client import MLClient

    client = MLClient.of(wanted)
    if not client.workspace.folder.database.exists():
        message = f"There is no workspace '{wanted.name}' in resource group '{wanted.resource_group}' on this machine."
        raise ResourceNotFoundError(message)
    return client
