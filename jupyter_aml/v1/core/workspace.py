"""SDK v1's Workspace: a name for an open MLClient. Nothing is stored here."""

from pathlib import Path
from typing import Self

from jupyter_aml.client import MLClient


class Workspace:
    """A workspace, as in `azureml.core`; `client` (ours) is SDK v2's way into the same one.

    >>> Workspace.default().name
    'default'
    """

    def __init__(self, subscription_id: str, resource_group: str, workspace_name: str, auth: object = None) -> None:
        self.client = MLClient(auth or "local", subscription_id, resource_group, workspace_name)

    @classmethod
    def of(cls, client: MLClient) -> Self:
        """The workspace that a client is open on (ours)."""
        made = cls.__new__(cls)
        made.client = client
        return made

    @classmethod
    def default(cls) -> Self:
        """The chosen workspace, or the nearest config.json's, or the default one (ours)."""
        return cls.of(MLClient.default())

    @classmethod
    def from_config(cls, path: str | Path | None = None, auth: object = None, *, _file_name: str | None = None) -> Self:
        """The workspace in config.json, found by Azure's rules. ValidationException when there is none."""
        return cls.of(MLClient.from_config(auth, path=path, file_name=_file_name))

    @classmethod
    def get(
        cls, name: str, auth: object = None, subscription_id: str | None = None, resource_group: str | None = None
    ) -> Self:
        """The workspace of that name."""
        return cls(subscription_id or "", resource_group or "", name, auth)

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.client.workspace_name

    @property
    def resource_group(self) -> str:
        """The resource group's name."""
        return self.client.resource_group_name

    @property
    def subscription_id(self) -> str:
        """The subscription's id."""
        return self.client.subscription_id

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        names = f"name='{self.name}', subscription_id='{self.subscription_id}', resource_group='{self.resource_group}'"
        return f"Workspace.create({names})"
