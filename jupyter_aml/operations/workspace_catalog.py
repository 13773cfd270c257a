"""Workspaces as resources: created, listed, described, deleted. Of what is in one, only its own row is read here."""

import shutil
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import unquote

from jupyter_aml.entities.names import checked
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.entities.workspace import ON_FINISH, WorkspaceId
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException, ValidationException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace, current, folder_of, home, is_to_be_filled_in, open_workspace
from jupyter_aml.store import directory, facts, jobs, resources
from jupyter_aml.store.database import Transaction

LOCATION: Final = "local"
_FIXED: Final = ("location", "hbi_workspace")
"""What a workspace keeps for good (§1.1)."""


def create(identity: WorkspaceId, spec: Mapping[str, Any], *, principal: str = "") -> ResourceRecord:
    """A workspace with this description; one that exists is described anew. Its datastores exist at once.

    `principal` is who a credential says to act; the environment's word otherwise.

    ValidationException for a name that Azure would not take, or for a change of what is fixed.
    """
    checked("workspace", identity.name)
    workspace = open_workspace(identity, principal=principal)
    access.require(workspace, "write")
    with workspace.database.transaction() as connection:
        known = _find(workspace)
        if known:
            _check_fixed(known, spec)
        return _write(connection, workspace, {**(known.spec if known else {}), **spec}, known)


def get(workspace: Workspace, name: str | None = None) -> tuple[WorkspaceId, ResourceRecord]:
    """This workspace, also by a name that nobody filled in, or another one of the same resource group (any case).

    ResourceNotFoundError with the nearest name.
    """
    here = workspace.id
    if name and is_to_be_filled_in(name):
        name = here.name or current().name
    if name is None or name.lower() == here.name.lower():
        return here, describe(workspace)
    known = {found.name.lower(): found for found in _ids() if _group(found) == _group(here)}
    if name.lower() not in known:
        message = f"Not found workspace with name '{name}' in resource group '{here.resource_group}'."
        names = [found.name for found in known.values()]
        raise ResourceNotFoundError(message, resolution=did_you_mean(name, names))
    found = open_workspace(known[name.lower()], principal=workspace.named)
    return found.id, describe(found)


def every(
    subscription: str, resource_group: str | None = None, *, principal: str = ""
) -> Iterator[tuple[WorkspaceId, ResourceRecord]]:
    """The workspaces of a subscription, or of one of its resource groups, by name."""
    for identity in sorted(_ids(), key=lambda one: (one.resource_group, one.name)):
        if identity.subscription_id == subscription and resource_group in {None, identity.resource_group}:
            workspace = open_workspace(identity, principal=principal)
            access.require(workspace, "read")
            yield identity, describe(workspace)


def check_delete(workspace: Workspace) -> None:
    """Raise what `delete` would; nothing is touched."""
    access.require(workspace, "delete")
    if not exists(workspace.id):
        raise ResourceNotFoundError(f"Not found workspace with name '{workspace.id.name}'.")
    if busy := jobs.unfinished(workspace.database):
        message = f"Workspace '{workspace.id.name}' has {len(busy)} unfinished jobs, the first is '{busy[0].name}'."
        raise UserErrorException(message, resolution="Cancel them first: ml_client.jobs.begin_cancel(name).")


def delete(workspace: Workspace) -> None:
    """Forget a workspace and everything in it. UserErrorException while jobs are unfinished.

    The caller has sent its supervisor away.
    """
    check_delete(workspace)
    with workspace.directory.transaction() as connection:  # whoever makes one of that name makes another workspace
        directory.delete_assignments_below(connection, workspace.id.arm)
    workspace.database.close()
    root = workspace.folder.root
    gone = root.with_name(f".{root.name}.{time.time_ns()}")
    root.rename(gone)  # at once for everybody who looks, however long the removal takes
    shutil.rmtree(gone, ignore_errors=True)


def describe(workspace: Workspace) -> ResourceRecord:
    """What an open workspace says of itself; a workspace that nobody described has its name."""
    access.require(workspace, "read")
    now = time.time()
    return _find(workspace) or ResourceRecord("workspace", workspace.id.name, {"location": LOCATION}, now, now)


def exists(identity: WorkspaceId) -> bool:
    """Whether that workspace was used or created before."""
    return folder_of(identity).database.exists()


def on_finish(workspace: Workspace) -> str:
    """The command that runs when a job of this workspace is over; '' when there is none."""
    access.require(workspace, "read")
    known = _find(workspace)
    return str(known.spec.get(ON_FINISH, "")) if known else ""


def set_on_finish(workspace: Workspace, command: str) -> None:
    """Run a shell command when a job of this workspace is over; '' runs none. UserErrorException for what is none."""
    access.require(workspace, "write")
    if "\0" in command:
        raise UserErrorException("on_finish: a command cannot hold a NUL character.")
    with workspace.database.transaction() as connection:
        known = _find(workspace)
        said: Mapping[str, Any] = known.spec if known else {}
        _write(connection, workspace, {**said, ON_FINISH: command.strip()}, known)


def _check_fixed(known: ResourceRecord, spec: Mapping[str, Any]) -> None:
    for name in _FIXED:
        if name in spec and spec[name] != known.spec.get(name, spec[name]):
            raise ValidationException(
                f"{name}: workspace '{known.name}' has {known.spec.get(name)!r}, which cannot become {spec[name]!r}.",
                resolution="Leave it out, or give the new workspace another name.",
            )


def _write(
    connection: Transaction, workspace: Workspace, spec: Mapping[str, Any], known: ResourceRecord | None
) -> ResourceRecord:
    now = time.time()
    record = ResourceRecord(
        "workspace", workspace.id.name, {"location": _location(workspace), **spec},
        known.created_at if known else now, now, workspace.principal,
    )  # fmt: skip
    resources.put(connection, record)
    what = "workspace.described" if known else "workspace.created"
    facts.append(connection, at=now, kind=what, subject=workspace.id.name)
    return record


def _location(workspace: Workspace) -> str:
    """Where a workspace is that says nothing: where its resource group is (§1.1)."""
    groups = workspace.directory.groups(workspace.id.subscription_id)
    group = workspace.id.resource_group.lower()
    return next((found.location for found in groups if found.name.lower() == group), LOCATION)


def _find(workspace: Workspace) -> ResourceRecord | None:
    return resources.get(workspace.database, "workspace", workspace.id.name)


def _ids() -> Iterator[WorkspaceId]:
    root = home() / "workspaces"
    for database in root.glob("*/*/*/workspace.db"):
        parts = [unquote(part) for part in database.parent.relative_to(root).parts]
        if not database.parent.name.startswith("."):
            yield WorkspaceId(*parts)


def _group(identity: WorkspaceId) -> tuple[str, str]:
    return identity.subscription_id, identity.resource_group
