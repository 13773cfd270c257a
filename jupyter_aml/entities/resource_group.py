"""A resource group: a name that workspaces lie under. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResourceGroup:
    """One group. `created_at` is in seconds since the epoch."""

    subscription: str
    name: str
    location: str
    tags: Mapping[str, str]
    created_at: float

    @property
    def arm(self) -> str:
        """Its ARM id."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.name}"

    def json(self) -> dict[str, object]:
        """As `az group create` prints it (§1.1)."""
        return {
            "id": self.arm, "location": self.location, "managedBy": None, "name": self.name,
            "properties": {"provisioningState": "Succeeded"}, "tags": dict(self.tags) or None,
            "type": "Microsoft.Resources/resourceGroups",
        }  # fmt: skip
