"""Sizes of virtual machines, and how much of them is in use. Looks only: a size is a name here, kept and shown."""

import os
from collections import Counter

from jupyter_aml.entities.compute import Usage, UsageName, VmSize
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.vm_sizes import DEFAULT, SIZES, known
from jupyter_aml.operations import access, computes
from jupyter_aml.operations.workspaces import Workspace

_PROVIDER = "Microsoft.MachineLearningServices"


def sizes(workspace: Workspace, kind: str | None = None) -> list[VmSize]:
    """Azure's sizes, and any other that a compute here is said to have: those have this machine's cores and memory."""
    access.require(workspace, "computes/read", "computes")
    named = {_name(compute) for compute in computes.every(workspace)}
    own = [_this_machine(name) for name in sorted(named) if known(name) is None]
    wanted = (kind or "").lower().replace("_", "")
    return [size for size in (*SIZES, *own) if not wanted or wanted in size.supported_compute_types]


def usage(workspace: Workspace, location: str | None = None) -> list[Usage]:
    """How many computes, nodes and cores there are now; the limit is what they come to when every cluster is full."""
    access.require(workspace, "computes/read", "computes")
    now, most = Counter[str](), Counter[str]()
    for compute in computes.every(workspace):
        cores = (known(_name(compute)) or _this_machine(_name(compute))).v_cp_us
        for counted, each in _counted(compute, cores):
            now[counted] += sum(compute.nodes.values()) * each
            most[counted] += compute.max_nodes * each
    rows = [(name, now[name], limit) for name, limit in most.items()]
    return [_usage(workspace, location, *row) for row in sorted(rows)]


def _counted(compute: ComputeRecord, cores: int) -> list[tuple[str, int]]:
    """What one node of it counts for."""
    if not compute.max_nodes:
        return []
    tier = "Low Priority" if compute.low_priority else "Dedicated"
    family = (known(_name(compute)) or _this_machine(_name(compute))).family
    return [
        ("Total Cluster Nodes", 1),
        (f"Total Cluster {tier} vCPUs", cores),
        (f"{family} Cluster {tier} vCPUs", cores),
    ]


def _usage(workspace: Workspace, location: str | None, name: str, current: int, limit: int) -> Usage:
    place = location or "local"
    arm = f"/subscriptions/{workspace.id.subscription_id}/providers/{_PROVIDER}/locations/{place}/usages/{name}"
    return Usage(
        arm.replace(" ", ""), UsageName(name, name), current, limit, f"{_PROVIDER}/usages", aml_workspace_location=place
    )


def _name(compute: ComputeRecord) -> str:
    return str(compute.spec.get("size") or DEFAULT)


def _this_machine(name: str) -> VmSize:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return VmSize(name, os.cpu_count() or 1, round(memory, 1), family="thisMachine")
