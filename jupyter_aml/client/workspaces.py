"""`ml_client.workspaces`: SDK v2's operations. Translates; decides nothing."""

import re
from collections.abc import Iterator
from typing import Any, Final

from jupyter_aml.client.absent import AbsentCall
from jupyter_aml.client.assets import context
from jupyter_aml.client.poller import LROPoller
from jupyter_aml.engine import lifecycle
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.entities.workspace import DEFAULT_SUBSCRIPTION, ON_FINISH, WorkspaceFolder, WorkspaceId
from jupyter_aml.entities.workspace_resource import Workspace as WorkspaceDraft
from jupyter_aml.operations import datastores
from jupyter_aml.operations import workspace_catalog as catalog
from jupyter_aml.operations.workspaces import Workspace, folder_of, open_workspace
from jupyter_aml.tracking import plugin

_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class WorkspaceOperations:
    """Workspaces: this one, and the others of this machine."""

    begin_diagnose = AbsentCall("workspaces", "diagnoses of workspaces")
    begin_provision_network = AbsentCall("workspaces", "managed networks")
    begin_sync_keys = AbsentCall("workspaces", "keys of workspaces")
    get_keys = AbsentCall("workspaces", "keys of workspaces")

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def get(self, name: str | None = None) -> WorkspaceDraft:
        """This workspace, or another of its resource group. ResourceNotFoundError with the nearest name."""
        identity, record = catalog.get(self._workspace, name)
        return _shown(identity, record)

    def list(self, *, scope: str = "resource_group", filtered_kinds: object = None) -> Iterator[WorkspaceDraft]:  # noqa: ARG002 - SDK v2's keyword
        """The workspaces of this resource group; with scope='subscription' of all its groups."""
        here = self._workspace.id
        group = here.resource_group if scope == "resource_group" else None
        for identity, record in catalog.every(here.subscription_id, group, principal=self._workspace.named):
            yield _shown(identity, record)

    def begin_create(
        self,
        workspace: WorkspaceDraft,
        update_dependent_resources: bool = False,  # noqa: ARG002, FBT001, FBT002 - SDK v2's signature
        **_: object,
    ) -> LROPoller[WorkspaceDraft]:
        """Create a workspace, in this resource group unless it names another; done at once, polled as in the cloud."""
        here = self._workspace.id
        identity = WorkspaceId(here.subscription_id, workspace.resource_group or here.resource_group, workspace.name)
        record = catalog.create(identity, workspace.spec(), principal=self._workspace.named)
        return LROPoller(lambda: _shown(identity, record))

    begin_create_or_update = begin_create

    def begin_update(self, workspace: WorkspaceDraft, **_: object) -> LROPoller[WorkspaceDraft]:
        """Describe a workspace that exists anew. ResourceNotFoundError for one that does not."""
        catalog.get(self._workspace, workspace.name)
        return self.begin_create(workspace)

    def begin_delete(
        self,
        name: str,
        *,
        delete_dependent_resources: bool,  # noqa: ARG002 - SDK v2's keyword; nothing depends on it here
        permanently_delete: bool = False,  # noqa: ARG002 - SDK v2's keyword; there is no bin
    ) -> LROPoller[bool]:
        """Delete a workspace and everything in it. UserErrorException while jobs are unfinished."""
        identity, _ = catalog.get(self._workspace, name)
        found = open_workspace(identity, principal=self._workspace.named)
        catalog.check_delete(found)
        lifecycle.stop(found.folder)
        catalog.delete(found)
        return LROPoller(lambda: True)

    def get_on_finish(self) -> str:
        """The command that runs when a job of this workspace is over (ours); '' when there is none."""
        return catalog.on_finish(self._workspace)

    def set_on_finish(self, command: str) -> None:
        """Run a shell command on this machine when a job of this workspace is over (ours); '' runs none.

        It finds JUPYTER_AML_JOB, JUPYTER_AML_STATUS, JUPYTER_AML_EXPERIMENT and JUPYTER_AML_DISPLAY_NAME among its
        variables, and may take a minute. It runs for jobs that are no part of others, at most once each.
        """
        catalog.set_on_finish(self._workspace, command)


def _shown(identity: WorkspaceId, record: ResourceRecord) -> WorkspaceDraft:
    folder = folder_of(identity)
    own = {name: value for name, value in record.spec.items() if name not in {datastores.CHOSEN, ON_FINISH}}
    fields: dict[str, Any] = {
        **own, **_dependent(identity, folder), "name": identity.name, "id": identity.arm,
        "display_name": record.spec.get("display_name") or identity.name, "resource_group": identity.resource_group,
        "mlflow_tracking_uri": plugin.uri(folder.tracking_database), "subscription_id": identity.subscription_id,
        "folder": str(folder.root), "creation_context": context(record),
    }  # fmt: skip
    return WorkspaceDraft.of(fields)


def _dependent(identity: WorkspaceId, folder: WorkspaceFolder) -> dict[str, str]:
    """What Azure makes beside a workspace (§1.1), by the ids it would have; here all of it is the one folder.

    With a subscription that is no GUID (`<SUBSCRIPTION_ID>`, as notebooks come) they would be no ids: the zeros then.
    """
    subscription = identity.subscription_id if _GUID.fullmatch(identity.subscription_id) else DEFAULT_SUBSCRIPTION
    group = f"/subscriptions/{subscription}/resourceGroups/{identity.resource_group}/providers"
    short = "".join(letter for letter in identity.name.lower() if letter.isalnum())[:10] + identity.guid[:8]
    return {
        "storage_account": f"{group}/Microsoft.Storage/storageAccounts/{short}",
        "key_vault": f"{group}/Microsoft.Keyvault/vaults/{short}",
        "application_insights": f"{group}/Microsoft.insights/components/{short}",
        "discovery_url": folder.root.as_uri(),
        "workspace_id": identity.guid,
    }
