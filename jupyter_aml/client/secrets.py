"""`ml_client.secrets` (ours; SDK v2 has none): the workspace's key vault. Translates; decides nothing."""

import builtins

from jupyter_aml.entities.secret import Secret, SecretRecord
from jupyter_aml.operations import secrets
from jupyter_aml.operations.workspaces import Workspace


class SecretOperations:
    """Secrets of one workspace, encrypted at rest. A value leaves by `get` alone.

    >>> from jupyter_aml import MLClient
    >>> vault = MLClient.default().secrets
    >>> vault.set("doctest-key", "a value")
    >>> vault.get("doctest-key")
    'a value'
    >>> vault.delete("doctest-key")
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def set(self, name: str, value: str, content_type: str | None = None) -> None:
        """Keep a value, in place of an older one. Names: letters, digits and '-', up to 127; case does not matter."""
        hidden = Secret(value)
        del value  # a traceback that shows variables shows none of it
        secrets.put(self._workspace, name, hidden, content_type or "")

    def get(self, name: str) -> str | None:
        """The value, or None when there is no secret of that name. Works in a job, too."""
        return secrets.get(self._workspace, name)

    def list(self) -> builtins.list[str]:
        """The names."""
        return [record.name for record in secrets.records(self._workspace)]

    def show(self) -> builtins.list[SecretRecord]:
        """The names with their content types and when each was last set."""
        return secrets.records(self._workspace)

    def delete(self, name: str) -> None:
        """Forget a secret. ResourceNotFoundError when there is none of that name."""
        secrets.delete(self._workspace, name)
