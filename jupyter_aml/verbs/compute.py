"""`compute`: where jobs run. Each verb is one call of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.option import DESCRIPTION, FILE, NO_WAIT, SET, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_aml import MLClient

NOUN: Final = Noun("compute", "Where jobs run.", "computes")
COLUMNS: Final = (
    ("Name", "name"),
    ("Type", "type"),
    ("State", "state"),
    ("Size", "size"),
    ("Min", "min_instances"),
    ("Max", "max_instances"),
    ("Idle", "idle_time_before_scale_down"),
    ("Tier", "tier"),
    ("Provisioning", "provisioning_state"),
)
TYPES: Final = ("amlcompute", "computeinstance", "kubernetes", "virtualmachine", "synapsespark")
NAME: Final = name_of("compute", "the compute's name")
FIELDS: Final = (
    name_of("", "its name", required=False),
    Option("--type", "TYPE", "what it is", short="-t", choices=TYPES),
    Option("--size", "SIZE", "its virtual machines: STANDARD_DS3_V2", known="size"),
    Option("--min-instances", "N", "nodes that stay", kind=int),
    Option("--max-instances", "N", "nodes at most", kind=int),
    Option("--idle-time-before-scale-down", "SECONDS", "a node leaves when it was idle so long", kind=int),
    Option("--tier", "TIER", "low_priority nodes may be preempted", choices=("dedicated", "low_priority")),
    DESCRIPTION,
    TAGS,
    Option("--location", "NAME", "where it is said to be", short="-l"),
    Option("--idle-time-before-shutdown", "ISO8601", "an instance stops when it was idle so long: PT30M"),
    Option("--idle-time-before-shutdown-minutes", "N", "the same, in minutes"),
    Option("--admin-username", "NAME", "who logs in", field="ssh_settings.admin_username"),
    Option("--ssh-key-value", "KEY", "their public key", field="ssh_settings.ssh_key_value"),
    Option("--ssh-public-access-enabled", "BOOL", "whether ssh reaches it", choices=("true", "false")),
    Option("--vnet-name", "NAME", "its network", field="network_settings.vnet_name"),
    Option("--subnet", "NAME", "its part of the network", field="network_settings.subnet"),
    Option("--user-object-id", "ID", "whose instance it is", field="create_on_behalf_of.user_object_id"),
    Option("--user-tenant-id", "ID", "their tenant", field="create_on_behalf_of.user_tenant_id"),
)


@NOUN.verb("list", Option("--type", "TYPE", "only of this kind", short="-t", choices=TYPES), columns=COLUMNS)
def list_(ml: MLClient, *, type: str | None) -> Iterable[object]:
    """Every compute of the workspace."""
    return ml.compute.list(compute_type=type)


@NOUN.verb("show", NAME, columns=COLUMNS, examples=("aml compute show -n local-cluster --query max_instances",))
def show(ml: MLClient, name: str) -> object:
    """One compute, as it is now."""
    return ml.compute.get(name)


@NOUN.verb(
    "create",
    FILE,
    *FIELDS,
    SET,
    NO_WAIT,
    columns=COLUMNS,
    examples=(
        "aml compute create --name cpu --type AmlCompute --size STANDARD_DS3_V2 --min-instances 0 --max-instances 2",
        "aml compute create -f compute.yml",
    ),
)
def create(ml: MLClient, *, no_wait: bool, **said: Any) -> object:  # noqa: ANN401 - what was typed
    """Create a compute, or change the one of that name."""
    poller = ml.compute.begin_create_or_update(drafts.loaded("load_compute", FIELDS, said))
    return None if no_wait else poller.result()
