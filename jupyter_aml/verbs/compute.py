"""`compute`: where jobs run. Each verb is one call of the client."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from jupyter_aml.verbs import drafts
from jupyter_aml.verbs.option import ALL_RESULTS, DESCRIPTION, FILE, MAX_RESULTS, NO_WAIT, SET, TAGS, Option, name_of
from jupyter_aml.verbs.table import Noun

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jupyter_aml import MLClient
    from jupyter_aml.client import LROPoller

NOUN: Final = Noun(
    "compute",
    "Where jobs run.",
    "computes",
    absent={"connect-ssh": "there is no other machine to connect to: open a terminal on this one."},
)
Made = TypeVar("Made")
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
NODES: Final = (("Node", "node_id"), ("State", "node_state"), ("Job", "run_id"), ("Address", "private_ip_address"))
SIZES: Final = (
    ("Name", "name"),
    ("Family", "family"),
    ("vCPUs", "v_cp_us"),
    ("GPUs", "gpus"),
    ("MemoryGB", "memory_gb"),
)
SCALING: Final = (
    Option("--min-instances", "N", "nodes that stay", kind=int),
    Option("--max-instances", "N", "nodes at most", kind=int),
    Option("--idle-time-before-scale-down", "SECONDS", "a node leaves when it was idle so long", kind=int),
)
FIELDS: Final = (
    name_of("", "its name", required=False),
    Option("--type", "TYPE", "what it is", short="-t", choices=TYPES),
    Option("--size", "SIZE", "its virtual machines: STANDARD_DS3_V2", short="-s", known="size"),
    *SCALING,
    Option("--tier", "TIER", "low_priority nodes may be preempted", choices=("dedicated", "low_priority")),
    DESCRIPTION,
    TAGS,
    Option("--location", "NAME", "where it is said to be", short="-l"),
    Option("--ssh-public-access-enabled", "BOOL", "whether ssh reaches it", choices=("true", "false")),
    Option("--admin-username", "NAME", "who logs in", field="ssh_settings.admin_username"),
    Option("--ssh-key-value", "KEY", "their public key", field="ssh_settings.ssh_key_value"),
    Option(
        "--identity-type", "TYPE", "its identity", field="identity.type", choices=("system_assigned", "user_assigned")
    ),
    Option("--vnet-name", "NAME", "its network", field="network_settings.vnet_name"),
    Option("--subnet", "NAME", "its part of the network", field="network_settings.subnet"),
)
INSTANCE: Final = (
    Option("--idle-time-before-shutdown", "ISO8601", "an instance stops when it was idle so long: PT30M"),
    Option("--idle-time-before-shutdown-minutes", "N", "the same, in minutes", kind=int),
    Option("--user-object-id", "ID", "whose instance it is", field="create_on_behalf_of.user_object_id"),
    Option("--user-tenant-id", "ID", "their tenant", field="create_on_behalf_of.user_tenant_id"),
)
ATTACHED: Final = (
    Option("--type", "TYPE", "what it is", short="-t", choices=TYPES[2:]),
    Option("--resource-id", "ARM ID", "what it is in Azure"),
    Option("--namespace", "NAME", "of a kubernetes cluster"),
    Option("--admin-username", "NAME", "of a virtual machine", field="ssh_settings.admin_username"),
    Option("--ssh-port", "N", "of a virtual machine", kind=int, field="ssh_settings.ssh_port"),
    Option(
        "--ssh-private-key-file",
        "FILE",
        "of a virtual machine",
        kind=Path,
        field="ssh_settings.ssh_private_key_file",
        known="path",
    ),
)


@NOUN.verb(
    "list",
    Option("--type", "TYPE", "only of this kind", short="-t", choices=TYPES),
    MAX_RESULTS,
    ALL_RESULTS,
    columns=COLUMNS,
)
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
    *INSTANCE,
    SET,
    NO_WAIT,
    columns=COLUMNS,
    examples=(
        "aml compute create --name cpu --type AmlCompute --size STANDARD_DS3_V2 --min-instances 0 --max-instances 2",
        "aml compute create --name mine --type ComputeInstance --idle-time-before-shutdown-minutes 30",
        "aml compute create -f compute.yml",
    ),
)
def create(ml: MLClient, *, no_wait: bool, **said: object) -> object:
    """Create a compute, or change the one of that name."""
    draft = drafts.loaded("load_compute", (*FIELDS, *INSTANCE), said)
    return _waited(ml.compute.begin_create_or_update(draft), no_wait=no_wait)


@NOUN.verb("update", NAME, *SCALING, *INSTANCE[:2], DESCRIPTION, TAGS, SET, NO_WAIT, columns=COLUMNS)
def update(ml: MLClient, *, name: str, no_wait: bool, **said: object) -> object:
    """Change the scaling, the idle time or the tags of a compute."""
    fields = (*SCALING, *INSTANCE[:2], DESCRIPTION, TAGS)
    draft = drafts.edited("load_compute", ml.compute.get(name), fields, said)
    return _waited(ml.compute.begin_update(draft), no_wait=no_wait)


@NOUN.verb(
    "attach",
    FILE,
    name_of("", "its name", required=False),
    *ATTACHED,
    DESCRIPTION,
    TAGS,
    SET,
    NO_WAIT,
    columns=COLUMNS,
    examples=("aml compute attach -f kubernetes.yml",),
)
def attach(ml: MLClient, *, no_wait: bool, **said: object) -> object:
    """Register a compute that lies elsewhere; no job of this machine can run on it."""
    fields = (*FIELDS[:1], *ATTACHED, DESCRIPTION, TAGS)
    return _waited(ml.compute.begin_attach(drafts.loaded("load_compute", fields, said)), no_wait=no_wait)


@NOUN.verb("delete", NAME, NO_WAIT, asks=True, done="Deleted {name}; its jobs stay.")
def delete(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Delete a compute; its jobs stay."""
    _waited(ml.compute.begin_delete(name), no_wait=no_wait)


@NOUN.verb("detach", NAME, NO_WAIT, asks=True, done="Detached {name}.")
def detach(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Forget an attached compute; what it points to stays."""
    _waited(ml.compute.begin_delete(name, action="Detach"), no_wait=no_wait)


@NOUN.verb("start", NAME, NO_WAIT, done="Started {name}.")
def start(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Start a compute instance."""
    _waited(ml.compute.begin_start(name), no_wait=no_wait)


@NOUN.verb("stop", NAME, NO_WAIT, done="Stopped {name}.")
def stop(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Stop a compute instance."""
    _waited(ml.compute.begin_stop(name), no_wait=no_wait)


@NOUN.verb("restart", NAME, NO_WAIT, done="Restarted {name}.")
def restart(ml: MLClient, *, name: str, no_wait: bool) -> None:
    """Restart a compute instance."""
    _waited(ml.compute.begin_restart(name), no_wait=no_wait)


@NOUN.verb("list-nodes", NAME, columns=NODES, many="nodes")
def list_nodes(ml: MLClient, name: str) -> Iterable[object]:
    """The nodes of a cluster, and what each is doing."""
    return ml.compute.list_nodes(name)


@NOUN.verb(
    "list-sizes",
    Option("--type", "TYPE", "for this kind", short="-t", choices=TYPES),
    Option("--location", "NAME", "ignored: there is one place", short="-l", hidden=True),
    columns=SIZES,
    many="sizes",
)
def list_sizes(ml: MLClient, *, type: str | None, location: str | None) -> Iterable[object]:
    """The sizes of virtual machines that may be named."""
    return ml.compute.list_sizes(location=location, compute_type=type)


@NOUN.verb(
    "list-usage",
    Option("--location", "NAME", "ignored: there is one place", short="-l", hidden=True),
    columns=(("Name", "name.value"), ("CurrentValue", "current_value"), ("Limit", "limit"), ("Unit", "unit")),
    many="limits",
)
def list_usage(ml: MLClient, *, location: str | None) -> Iterable[object]:
    """How much of this machine the computes take."""
    return ml.compute.list_usage(location=location)


@NOUN.verb("enable-sso", NAME, Option("--disable", "", "switch it off"))
def enable_sso(ml: MLClient, *, name: str, disable: bool) -> None:
    """Note that single sign-on is on for a compute instance."""
    ml.compute.enable_sso(name=name, enable_sso=not disable)


@NOUN.verb(
    "preempt",
    NAME,
    Option("--node", "ID", "this node"),
    Option("--job", "NAME", "the node that runs this job", known="job"),
    columns=NODES,
    examples=("aml compute preempt -n spot",),
)
def preempt(ml: MLClient, *, name: str, node: str | None, job: str | None) -> object:
    """Take a node of a low_priority cluster away, as Azure may: its job is stopped and queued again."""
    return ml.compute.preempt(name, node=node, job=job)


def _waited(poller: LROPoller[Made], *, no_wait: bool) -> Made | None:
    """What became of it; nothing when nobody waits."""
    return None if no_wait else poller.result()
