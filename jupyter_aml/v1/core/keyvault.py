"""SDK v1's Keyvault: the workspace's secrets under its words. Translates; decides nothing."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.operations import secrets

if TYPE_CHECKING:
    from jupyter_aml.client.secrets import SecretOperations
    from jupyter_aml.v1.core.workspace import Workspace


class Keyvault:
    """The secrets of a workspace; encrypted where they lie."""

    def __init__(self, workspace: "Workspace") -> None:
        self.workspace = workspace

    def set_secret(self, name: str, value: str, content_type: str | None = None) -> None:
        """Keep a value, in place of an older one."""
        self._secrets.set(name, value, content_type)

    def set_secrets(self, secrets_batch: Mapping[str, str]) -> None:
        """Keep several; all or none, as far as their names go."""
        for name in secrets_batch:
            secrets.checked(name)
        for name in secrets_batch:
            self._secrets.set(name, secrets_batch[name])

    def get_secret(self, name: str) -> str | None:
        """The value; None when there is no secret of that name."""
        return self._secrets.get(name)

    def get_secret_content_type(self, name: str) -> str | None:
        """What was said of a secret's kind. Names are the same in any case."""
        known = {one.name.lower(): one.content_type or None for one in self._secrets.show()}
        return known.get(name.lower())

    def get_secrets(self, secrets: Iterable[str]) -> dict[str, str | None]:
        """The values by name; None for those that are not there."""
        return {name: self.get_secret(name) for name in secrets}

    def list_secrets(self) -> list[dict[str, str]]:
        """The names, without the values."""
        return [{"name": one.name, "content_type": one.content_type} for one in self._secrets.show()]

    def delete_secret(self, name: str) -> None:
        """Forget a secret; nothing when there is none of that name."""
        with suppress(ResourceNotFoundError):
            self._secrets.delete(name)

    def delete_secrets(self, secrets: Iterable[str]) -> None:
        """Forget several."""
        for name in secrets:
            self.delete_secret(name)

    @property
    def _secrets(self) -> "SecretOperations":
        return self.workspace.client.secrets
