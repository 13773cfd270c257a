"""A workspace, as the SDK v2 writes it. Values only: `entities.workspace` knows its files, `operations` makes it."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

from jupyter_aml.entities.asset import SystemData
from jupyter_aml.entities.credentials import IdentityConfiguration
from jupyter_aml.entities.draft import Draft, Mark
from jupyter_aml.entities.fields import Choice, Loose, ReadOnly, StrictTexts, Texts
from jupyter_aml.entities.managed_network import (
    CustomerManagedKey,
    ManagedNetwork,
    NetworkAcls,
    ServerlessComputeSettings,
)

_ARM: Final = re.compile(
    r"/subscriptions/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/resourcegroups/[^/]+/providers/[a-z.]+/[a-z]+/.+",
    re.IGNORECASE,
)


def _arm(text: str) -> str:
    if _ARM.fullmatch(text):
        return text
    raise ValueError(f"an ARM id is expected: /subscriptions/…/resourceGroups/…/providers/… (found {text!r})")


_ArmId = Annotated[str, AfterValidator(_arm)]


class Workspace(Draft):
    """A workspace by its `name`; the rest is kept and shown. `id`, `discovery_url`, … are set on what was returned.

    >>> Workspace(name="mlw-course", location="eastus", display_name="Course").hbi_workspace
    False
    """

    name: str
    description: str | None = None
    tags: StrictTexts = Field(default_factory=dict[str, str])
    properties: Texts = Field(default_factory=dict[str, str])
    display_name: str | None = None
    location: str | None = None
    resource_group: str | None = None
    hbi_workspace: bool = False
    storage_account: _ArmId | None = None
    container_registry: _ArmId | None = None
    key_vault: _ArmId | None = None
    application_insights: _ArmId | None = None
    customer_managed_key: CustomerManagedKey | None = None
    image_build_compute: str | None = None
    public_network_access: Annotated[str, Choice("Disabled", "Enabled")] | None = None
    network_acls: NetworkAcls | None = None
    identity: IdentityConfiguration | None = None
    primary_user_assigned_identity: str | None = None
    managed_network: ManagedNetwork | None = None
    provision_network_now: bool | None = None
    system_datastores_auth_mode: str | None = None
    enable_data_isolation: bool = False
    allow_roleassignment_on_rg: bool | None = None
    hub_id: str | None = None
    workspace_hub: _ArmId | None = None
    serverless_compute: ServerlessComputeSettings | None = None
    id: ReadOnly[str] = None
    kind: ReadOnly[str] = None
    subscription_id: ReadOnly[str] = None
    discovery_url: ReadOnly[str] = None
    mlflow_tracking_uri: Annotated[str, Mark.READ_ONLY] = ""
    workspace_id: ReadOnly[str] = None
    feature_store_settings: ReadOnly[Loose] = None
    folder: ReadOnly[str] = None
    creation_context: ReadOnly[SystemData] = None

    @classmethod
    def shaped(cls, fields: dict[str, Any]) -> dict[str, Any]:
        """The identities as a mapping from their ids, as a workspace's YAML has them."""
        identity = fields.get("identity", {})
        if "user_assigned_identities" in identity:
            listed = identity["user_assigned_identities"]
            identity["user_assigned_identities"] = {one.pop("resource_id"): one for one in listed}
        return fields
