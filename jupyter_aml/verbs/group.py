"""`group`: resource groups, a name that workspaces lie under. Each verb is one call of an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.verbs.option import TAGS, Option
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from jupyter_aml import MLClient

NOUN: Final = Noun("group", "Resource groups: names that workspaces lie under.", "resource groups")
COLUMNS: Final = (("Name", "name"), ("Location", "location"), ("Status", "properties.provisioningState"))
NAME: Final = Option(
    "--name", "NAME", "the group's name", short="-n", required=True, known="group", also=("-g", "--resource-group")
)
LOCATION: Final = Option("--location", "NAME", "where it is said to be", short="-l")


@NOUN.verb("create", NAME, LOCATION, TAGS, columns=COLUMNS, examples=("aml group create --name lab --location eastus",))
def create(ml: MLClient, *, name: str, location: str | None, tags: Mapping[str, str]) -> object:
    """Make a resource group."""
    from jupyter_aml.operations import groups

    return groups.create(ml.workspace, name, location or "", tags)


@NOUN.verb("list", columns=COLUMNS)
def list_(ml: MLClient) -> Iterable[object]:
    """The resource groups that were made."""
    from jupyter_aml.operations import groups

    return groups.every(ml.workspace)


@NOUN.verb("show", NAME, columns=COLUMNS)
def show(ml: MLClient, name: str) -> object:
    """One resource group."""
    from jupyter_aml.operations import groups

    return groups.get(ml.workspace, name)


@NOUN.verb("exists", NAME)
def exists(ml: MLClient, name: str) -> bool:
    """Whether there is a resource group of that name."""
    from jupyter_aml.operations import groups

    try:
        groups.get(ml.workspace, name)
    except ResourceNotFoundError:
        return False
    return True


@NOUN.verb("delete", NAME, Option("--no-wait", hidden=True), asks=True)
def delete(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Forget a resource group; the workspaces under it stay."""
    from jupyter_aml.operations import groups

    del no_wait  # it is done at once
    groups.delete(ml.workspace, name)
