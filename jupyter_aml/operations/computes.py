"""Computes: created, resized, deleted. A wish and a row; nodes come and go in `engine`."""

import os
import time
from typing import Final

from jupyter_aml.entities.compute import AmlCompute, VmSize
from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.names import ComputeName, checked
from jupyter_aml.exceptions import UserErrorException, ValidationException
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import computes, facts, jobs

SERVERLESS: Final = ComputeName("serverless")
_AZURES_IDLE_SECONDS: Final = 1800
_AS_SEEN: Final = {"provisioning_state", "node_state_counts", "current_node_count"}
"""What a returned compute shows and nobody wishes."""


def get(workspace: Workspace, name: str | None) -> ComputeRecord:
    """The compute that a job names: `azureml:x`, `x`, or nothing (serverless). ResourceNotFoundError otherwise."""
    wanted = (name or SERVERLESS).removeprefix("azureml:")
    access.require(workspace, "computes/read", f"computes/{wanted}")
    return computes.get(workspace.database, wanted)


def create_or_update(workspace: Workspace, draft: AmlCompute) -> ComputeRecord:
    """Create a cluster, or change its scaling. ValidationException before anything is stored."""
    access.require(workspace, "computes/write", f"computes/{draft.name}")
    record = _record(draft)
    with workspace.database.transaction() as connection:
        _check_change(workspace, record)
        computes.put(connection, record)
        facts.append(
            connection, at=record.created_at, kind="compute.wished", subject=record.name,
            min_nodes=record.min_nodes, max_nodes=record.max_nodes, idle_seconds=record.idle_seconds,
        )  # fmt: skip
    return computes.get(workspace.database, record.name)


def delete(workspace: Workspace, name: str) -> None:
    """Forget a compute; its finished jobs stay. UserErrorException while jobs on it are unfinished."""
    access.require(workspace, "computes/delete", f"computes/{name}")
    compute = computes.get(workspace.database, name)
    if compute.hidden:
        raise UserErrorException(f"'{compute.name}' is part of every workspace and cannot be deleted.")
    if busy := [job.name for job in jobs.unfinished(workspace.database) if job.compute == compute.name]:
        message = f"Compute '{compute.name}' has {len(busy)} unfinished jobs, the first is '{busy[0]}'."
        raise UserErrorException(message, resolution="Cancel them first: ml_client.jobs.begin_cancel(name).")
    with workspace.database.transaction() as connection:
        computes.delete(connection, compute.name)
        facts.append(connection, at=time.time(), kind="compute.wished", subject=compute.name, deleted=True)


def sizes(workspace: Workspace) -> list[VmSize]:
    """The sizes that computes here are said to have; each is this machine."""
    access.require(workspace, "computes/read", "computes")
    named = {str(compute.spec["size"]) for compute in computes.select(workspace.database) if "size" in compute.spec}
    cores = os.cpu_count() or 1
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    default = str(AmlCompute.model_fields["size"].default)
    return [VmSize(size, cores, round(memory, 1)) for size in sorted({default, *named})]


def _check_change(workspace: Workspace, wished: ComputeRecord) -> None:
    """Only its scaling may change (§5.2): refuse another size or tier, and the two names that are everyone's."""
    found = next(
        (one for one in computes.select(workspace.database, hidden=True) if one.name.lower() == wished.name.lower()),
        None,
    )
    if found is None:
        return
    if found.hidden:
        raise UserErrorException(f"'{found.name}' is part of every workspace and cannot be changed.")
    for field in ("size", "tier"):
        was, wish = (str(spec.get(field, "")).lower() for spec in (found.spec, wished.spec))
        if was and was != wish:
            raise UserErrorException(
                f"{field}: compute '{found.name}' is {was}, and cannot become {wish}.",
                resolution="Delete it first, or give the new one another name.",
            )


def _record(draft: AmlCompute) -> ComputeRecord:
    name = ComputeName(checked("compute", draft.name))
    tier = draft.tier.lower()
    if tier not in {"dedicated", "low_priority", "lowpriority"}:
        raise ValidationException(
            f"tier: '{draft.tier}' is not a tier.", resolution="Use 'dedicated' or 'low_priority'."
        )
    if draft.min_instances < 0 or draft.max_instances < 1 or draft.min_instances > draft.max_instances:
        message = (
            f"min_instances ({draft.min_instances}) and max_instances ({draft.max_instances}) do not fit together."
        )
        raise ValidationException(message, resolution="0 <= min_instances <= max_instances, and at least one at most.")
    idle = _AZURES_IDLE_SECONDS if draft.idle_time_before_scale_down is None else draft.idle_time_before_scale_down
    if idle < 0:
        raise ValidationException(f"idle_time_before_scale_down is in seconds; found {idle}.")
    return ComputeRecord(
        name, draft.type, draft.min_instances, draft.max_instances, idle,
        low_priority=tier != "dedicated", warm=draft.warm_workers, created_at=time.time(),
        spec=draft.model_dump(exclude_none=True, exclude=_AS_SEEN),
    )  # fmt: skip
