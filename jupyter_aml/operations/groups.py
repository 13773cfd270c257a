"""What lies above a workspace: resource groups, and what the command line takes where nothing is said."""

import re
import time
from collections.abc import Mapping
from typing import Final

from jupyter_aml.entities.resource_group import ResourceGroup
from jupyter_aml.exceptions import ResourceNotFoundError, ValidationException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import directory

_ACTIONS: Final = "Microsoft.Resources/subscriptions/resourceGroups"
DEFAULTS: Final = ("group", "workspace", "location", "subscription")
"""What `aml configure --defaults` and `aml account set` may say."""


def create(workspace: Workspace, name: str, location: str = "", tags: Mapping[str, str] | None = None) -> ResourceGroup:
    """A resource group in the workspace's subscription; one that exists is described anew."""
    if not re.fullmatch(r"[\w().-]{0,89}[\w()-]", name):
        message = f"'{name}' is not a valid resource group name."
        raise ValidationException(message, resolution="Use letters, digits, '_', '-', '.', '(' and ')', up to 90.")
    group = ResourceGroup(workspace.id.subscription_id, name, location or "local", dict(tags or {}), time.time())
    access.require_at(workspace, f"{_ACTIONS}/write", group.arm)
    with workspace.directory.transaction() as connection:
        directory.put_group(connection, group)
    return get(workspace, name)


def every(workspace: Workspace) -> list[ResourceGroup]:
    """The groups of the workspace's subscription that were made, by name."""
    subscription = workspace.id.subscription_id
    access.require_at(workspace, f"{_ACTIONS}/read", f"/subscriptions/{subscription}")
    return workspace.directory.groups(subscription)


def get(workspace: Workspace, name: str) -> ResourceGroup:
    """The group of that name (any case). ResourceNotFoundError with the nearest name."""
    arm = f"/subscriptions/{workspace.id.subscription_id}/resourceGroups/{name}"
    access.require_at(workspace, f"{_ACTIONS}/read", arm)
    known = workspace.directory.groups(workspace.id.subscription_id)
    if found := next((group for group in known if group.name.lower() == name.lower()), None):
        return found
    message = f"Resource group '{name}' could not be found."
    raise ResourceNotFoundError(message, resolution=did_you_mean(name, [group.name for group in known]))


def delete(workspace: Workspace, name: str) -> None:
    """Forget a group; the workspaces under it stay."""
    group = get(workspace, name)
    access.require_at(workspace, f"{_ACTIONS}/delete", group.arm)
    with workspace.directory.transaction() as connection:
        directory.delete_group(connection, group.subscription, group.name)


def defaults(workspace: Workspace) -> dict[str, str]:
    """What the command line takes where nothing is said. It is the machine's, not the workspace's: all may read it."""
    return workspace.directory.defaults()


def set_defaults(workspace: Workspace, values: Mapping[str, str]) -> dict[str, str]:
    """Remember defaults; an empty value forgets one. ValidationException for a name that there is not."""
    for name in values:
        if name not in DEFAULTS:
            raise ValidationException(f"'{name}' has no default.", resolution=did_you_mean(name, DEFAULTS))
    with workspace.directory.transaction() as connection:
        for name, value in values.items():
            directory.put_default(connection, name, value)
    return workspace.directory.defaults()
