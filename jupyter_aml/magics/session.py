"""The workspace that the magics of this kernel are in. Opened at first use; nothing is read at `%load_ext`."""

import sys
from collections.abc import MutableMapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from jupyter_aml.entities.workspace import WorkspaceId

if TYPE_CHECKING:
    from jupyter_aml.client import MLClient
    from jupyter_aml.operations.workspaces import Workspace

TRACKING: Final = "MLFLOW_TRACKING_URI"
CHOSEN: Final = "JUPYTER_AML_WORKSPACE"
"""Where a switch is remembered, so that `MLClient.default()`, `!aml` and child processes follow it."""


class Session:
    """One kernel's workspace and the client of it."""

    def __init__(self) -> None:
        self._tracking = ""

    @cached_property
    def workspace(self) -> "Workspace":
        """The open workspace."""
        from jupyter_aml.operations.workspaces import current, open_workspace

        return open_workspace(current())

    @cached_property
    def client(self) -> "MLClient":
        """The client of the workspace."""
        from jupyter_aml.client import MLClient

        return MLClient.of(self.workspace.id)

    def switch(self, workspace: WorkspaceId, environ: MutableMapping[str, str]) -> None:
        """Be in another workspace from here on."""
        environ[CHOSEN] = workspace.arm
        self.reopen()
        self.follow_mlflow(environ)

    def reopen(self) -> None:
        """Open the workspace anew at its next use: it may be another one, or was deleted."""
        for name in ("workspace", "client"):
            self.__dict__.pop(name, None)

    def follow_mlflow(self, environ: MutableMapping[str, str]) -> None:
        """Plain `mlflow` logs to this workspace, unless the user has named another place; it reports to nobody."""
        environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        # From here on `%cd` changes nothing: magics, MLClient.default() and `!aml` stay in one workspace.
        environ[CHOSEN] = self.workspace.id.arm
        if environ.get(TRACKING, self._tracking) != self._tracking:
            return
        self._tracking = environ[TRACKING] = self.workspace.tracking_uri
        if "mlflow" in sys.modules:
            sys.modules["mlflow"].set_tracking_uri(self._tracking)


SESSION: Final = Session()
