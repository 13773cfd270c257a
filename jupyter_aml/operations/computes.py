"""Computes: created, resized, attached, deleted. A wish and a row; nodes come and go in `engine`."""

import re
import shlex
import time
from dataclasses import replace
from typing import Final

from jupyter_aml.entities.attached_compute import compute_of
from jupyter_aml.entities.compute import AmlCompute, Compute
from jupyter_aml.entities.compute_instance import ComputeInstance
from jupyter_aml.entities.compute_record import ATTACHED, CLUSTER, INSTANCE, ComputeRecord, Provisioning
from jupyter_aml.entities.names import ComputeName, checked
from jupyter_aml.entities.power_schedule import idle_seconds_of, schedules_of
from jupyter_aml.exceptions import (
    ResourceExistsError,
    ResourceNotFoundError,
    UnsupportedFieldError,
    UserErrorException,
    ValidationException,
)
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import computes, facts, jobs

SERVERLESS: Final = ComputeName("serverless")
_BEFORE_A_NAME: Final = re.compile(r"(?:azureml:)?(?:/subscriptions/.+/computes/)?", re.IGNORECASE)
_AZURES_IDLE_SECONDS: Final = 1800
_FIXED: Final = {
    CLUSTER: ("size", "tier", "network_settings", "enable_node_public_ip"),
    INSTANCE: ("size", "create_on_behalf_of", "network_settings", "enable_node_public_ip", "setup_scripts"),
}
"""What a compute keeps for life (§5.2)."""
_ON_THE_WAY: Final = {Provisioning.CREATING, Provisioning.DELETING}
_IDLE_ACTION: Final = "computes/updateIdleShutdownSetting/action"
_IDLE_FIELDS: Final = {"idle_time_before_shutdown", "idle_time_before_shutdown_minutes"}


# ── looking ──


def get(workspace: Workspace, name: str | None) -> ComputeRecord:
    """The compute of that name: `azureml:x`, `x`, its id, or nothing (serverless). ResourceNotFoundError otherwise."""
    wanted = bare(name) or SERVERLESS
    access.require(workspace, "computes/read", f"computes/{wanted}")
    return computes.get(workspace.database, wanted)


def bare(name: str | None) -> str:
    """The name alone of what a job calls its compute; '' of nothing."""
    return _BEFORE_A_NAME.sub("", name or "", count=1)


def every(workspace: Workspace, kind: str | None = None) -> list[ComputeRecord]:
    """All computes by name, of one kind if asked (`AmlCompute`, `computeinstance`, …, in any case)."""
    access.require(workspace, "computes/read", "computes")
    found = computes.select(workspace.database)
    wanted = (kind or "").lower().replace("_", "")
    return [compute for compute in found if not wanted or compute.type == wanted]


def for_job(workspace: Workspace, name: str | None, instances: int = 1) -> ComputeRecord:
    """The compute that a job names, if it may run there.

    A job for a compute instance that is stopped waits until it is started. Raises ResourceNotFoundError, or by the
    field's path UnsupportedFieldError (an attached compute) or ValidationException (too large; somebody else's).
    """
    compute = _of_job(workspace, name)
    if compute.type not in {CLUSTER, INSTANCE}:
        raise UnsupportedFieldError(
            f"compute: '{compute.name}' is attached ({compute.type}); it is kept as a record, and runs no job here.",
            resolution="Name a cluster or an instance, or leave it out: serverless is this machine.",
        )
    if compute.state == Provisioning.DELETING:
        raise ValidationException(f"compute: '{compute.name}' is being deleted.", resolution="Name another compute.")
    if instances > compute.max_nodes:
        message = f"resources.instance_count: asked for {instances}, '{compute.name}' has at most {compute.max_nodes}."
        raise ValidationException(message, resolution=_larger(compute))
    _check_assigned(workspace, compute)
    return compute


def _of_job(workspace: Workspace, name: str | None) -> ComputeRecord:
    try:
        return get(workspace, name)
    except ResourceNotFoundError as error:  # a notebook from elsewhere names its author's cluster
        make = f"aml compute create --name {shlex.quote(bare(name))} --type AmlCompute --max-instances 2"
        error.resolution += f"\nOr make it first: {make}"
        raise


def _larger(compute: ComputeRecord) -> str:
    if compute.is_instance:
        return "A compute instance is one node: ask for 1, or name a cluster."
    return "Ask for fewer, or give the compute a larger max_instances."


def _check_assigned(workspace: Workspace, compute: ComputeRecord) -> None:
    if not compute.owner:
        return
    principal = workspace.principal
    if compute.owner.lower() not in {principal.lower(), access.object_id(principal).lower()}:
        message = f"compute: '{compute.name}' is assigned to '{compute.owner}'; jobs of '{principal}' do not run on it."
        raise UserErrorException(message, resolution="Name a cluster, or create an instance of your own.")


def has_settled(workspace: Workspace, name: str) -> bool:
    """Whether all that was wished of a compute has come about: it was made, or is gone, or has started or stopped."""
    access.require(workspace, "computes/read", f"computes/{name}")
    found = _found(workspace, name)
    if found is None:
        return True
    wished = facts.last_wish(workspace.database, found.name)
    if wished and wished.seq > facts.cursor(workspace.database, facts.SUPERVISOR):
        return False
    return found.state not in _ON_THE_WAY and found.operation.status != "InProgress"


# ── wishing ──


def create_or_update(workspace: Workspace, draft: Compute) -> ComputeRecord:
    """Create a compute, or change what may change of it. ValidationException before anything is stored."""
    return _put(workspace, draft, must_exist=False)


def update(workspace: Workspace, draft: Compute) -> ComputeRecord:
    """Change what may change of a compute that exists. ResourceNotFoundError where there is none of that name."""
    return _put(workspace, draft, must_exist=True)


def _put(workspace: Workspace, draft: Compute, *, must_exist: bool) -> ComputeRecord:
    access.require(workspace, "computes/read", f"computes/{draft.name}")
    only_idle = _changes_only_idle_time(workspace, draft)
    access.require(workspace, _IDLE_ACTION if only_idle else "computes/write", f"computes/{draft.name}")
    record = _made(draft, time.time())
    with workspace.database.transaction() as connection:
        found = _found(workspace, record.name)
        if found is None and must_exist:
            computes.get(workspace.database, record.name)  # says so, with the nearest name
        if found:
            record = _with_idle_time(found, record) if only_idle else _changed(found, draft, record)
        elif record.is_instance:
            record = replace(record, owner=record.owner or workspace.principal)
        computes.put(connection, record)
        facts.append(connection, at=time.time(), kind=_wish(record), subject=record.name, **_told(record))
    return computes.get(workspace.database, record.name)


def _changes_only_idle_time(workspace: Workspace, draft: Compute) -> bool:
    """The one change that whoever may use an instance may make: Azure has an action of its own for it."""
    found = _found(workspace, draft.name) if isinstance(draft, ComputeInstance) else None
    if found is None or not found.is_instance:
        return False
    before = compute_of({**found.spec, "name": found.name})
    said = draft.model_fields_set & {*draft.spec(), *before.spec(), *_IDLE_FIELDS} - {"name"}
    changed = {field for field in said if getattr(draft, field) != getattr(before, field)}
    return bool(changed) and changed <= _IDLE_FIELDS


def _with_idle_time(found: ComputeRecord, wished: ComputeRecord) -> ComputeRecord:
    """As it is, but for how long it may idle."""
    kept = {field: value for field, value in found.spec.items() if field not in _IDLE_FIELDS}
    said = {field: value for field, value in wished.spec.items() if field in _IDLE_FIELDS}
    return replace(found, spec={**kept, **said}, idle_seconds=wished.idle_seconds)


def _found(workspace: Workspace, name: str) -> ComputeRecord | None:
    try:
        return computes.get(workspace.database, name)
    except ResourceNotFoundError:
        return None


def _wish(record: ComputeRecord) -> str:
    return "compute.attached" if record.type in ATTACHED else "compute.wished"


def _told(record: ComputeRecord) -> dict[str, str | int | float]:
    """What the fact says of it, for people."""
    if record.type == CLUSTER:
        sizes = {"min_nodes": record.min_nodes, "max_nodes": record.max_nodes, "idle_seconds": record.idle_seconds}
        return {"type": record.type, **sizes}
    return {"type": record.type, "owner": record.owner} if record.is_instance else {"type": record.type}


# ── drafts become rows ──


def _made(draft: Compute, at: float) -> ComputeRecord:
    match draft:
        case AmlCompute():
            return _cluster(draft, at)
        case ComputeInstance():
            return _instance(draft, at)
        case _ if draft.type in ATTACHED:
            return _attached(draft, at)
        case _:
            message = f"type: a compute of type '{draft.type}' cannot be created here."
            raise ValidationException(message, resolution=f"Use one of {', '.join((CLUSTER, INSTANCE, *ATTACHED))}.")


def _cluster(draft: AmlCompute, at: float) -> ComputeRecord:
    name = ComputeName(checked("cluster", draft.name))
    tier = draft.tier.lower().replace("_", "")
    if tier not in {"dedicated", "lowpriority"}:
        raise ValidationException(
            f"tier: '{draft.tier}' is not a tier.", resolution="Use 'dedicated' or 'low_priority'."
        )
    low, high = draft.min_instances, draft.max_instances
    if low < 0 or high < 1 or low > high:
        message = f"min_instances ({low}) and max_instances ({high}) do not fit together."
        raise ValidationException(message, resolution="0 <= min_instances <= max_instances, and at least one at most.")
    idle = _AZURES_IDLE_SECONDS if draft.idle_time_before_scale_down is None else draft.idle_time_before_scale_down
    if idle < 0:
        raise ValidationException(f"idle_time_before_scale_down is in seconds; found {idle}.")
    return ComputeRecord(
        name, CLUSTER, low, high, idle, low_priority=tier == "lowpriority", warm=draft.warm_workers,
        created_at=at, spec=draft.spec(), state=Provisioning.CREATING,
    )  # fmt: skip


def _instance(draft: ComputeInstance, at: float) -> ComputeRecord:
    name, spec = ComputeName(checked("instance", draft.name)), draft.spec()
    schedules_of(spec, at)
    owner = draft.create_on_behalf_of.user_object_id if draft.create_on_behalf_of else ""
    return ComputeRecord(
        name, INSTANCE, 1, 1, idle_seconds_of(spec), created_at=at, spec=spec, state=Provisioning.CREATING, owner=owner
    )


def _attached(draft: Compute, at: float) -> ComputeRecord:
    """A record and no more: it has no nodes here, and nobody is told to make it."""
    name = ComputeName(checked("attached", draft.name))
    if not draft.resource_id:
        raise ValidationException(
            f"resource_id: required to attach a compute of type '{draft.type}', and not given.",
            resolution="Its ARM id: /subscriptions/…/resourceGroups/…/providers/…",
        )
    return ComputeRecord(name, draft.type, 0, 0, 0.0, created_at=at, spec=draft.spec(), state=Provisioning.SUCCEEDED)


def _changed(found: ComputeRecord, draft: Compute, wished: ComputeRecord) -> ComputeRecord:
    """What is wished, under the name and with the fixed fields that it has. UserErrorException where these differ."""
    if found.hidden:
        raise UserErrorException(f"'{found.name}' is part of every workspace and cannot be changed.")
    if found.state == Provisioning.DELETING:
        raise ResourceExistsError(f"Compute '{found.name}' is being deleted.", resolution="Try again when it is gone.")
    if found.type != wished.type:
        raise UserErrorException(
            f"type: compute '{found.name}' is of type {found.type}, and cannot become {wished.type}.",
            resolution="Delete it first, or give the new one another name.",
        )
    before, fixed = compute_of({**found.spec, "name": found.name}), _FIXED.get(found.type, ())
    for field in fixed:
        _check_same(found, field, before, draft)
    kept = {field: found.spec[field] for field in fixed if field in found.spec}
    return replace(
        wished, name=found.name, low_priority=found.low_priority, spec={**wished.spec, **kept, "name": found.name}
    )


def _check_same(found: ComputeRecord, field: str, before: Compute, draft: Compute) -> None:
    was, wish = getattr(before, field), getattr(draft, field)
    if field not in draft.model_fields_set or wish is None or _lower(was) == _lower(wish):
        return
    raise UserErrorException(
        f"{field}: compute '{found.name}' is {_lower(was)}, and cannot become {_lower(wish)}.",
        resolution="Delete it first, or give the new one another name.",
    )


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


# ── leaving ──


def delete(workspace: Workspace, name: str, *, action: str = "Delete") -> None:
    """Delete a compute, or detach one that is attached; its finished jobs stay.

    A cluster or an instance is Deleting until the supervisor has taken its nodes away.
    Raises UserErrorException while jobs on it are unfinished, and where the action is not its kind's.
    """
    access.require(workspace, "computes/delete", f"computes/{name}")
    with workspace.database.transaction() as connection:
        compute = computes.get(workspace.database, name)
        _check_leaving(workspace, compute, action)
        if compute.type in {CLUSTER, INSTANCE}:
            computes.begin_delete(connection, compute.name)
            facts.append(connection, at=time.time(), kind="compute.wished", subject=compute.name, deleted=True)
        else:
            computes.delete(connection, compute.name)
            facts.append(connection, at=time.time(), kind="compute.detached", subject=compute.name)


def _check_leaving(workspace: Workspace, compute: ComputeRecord, action: str) -> None:
    if compute.hidden:
        raise UserErrorException(f"'{compute.name}' is part of every workspace and cannot be deleted.")
    if action.lower() not in {"delete", "detach"}:
        raise UserErrorException(f"action: '{action}' is neither Delete nor Detach.")
    if action.lower() == "detach" and compute.type not in ATTACHED:
        message = f"Compute '{compute.name}' is of type {compute.type}: it was created here, not attached."
        raise UserErrorException(message, resolution="Delete it: ml_client.compute.begin_delete(name).")
    if busy := [job.name for job in jobs.unfinished(workspace.database) if job.compute == compute.name]:
        message = f"Compute '{compute.name}' has {len(busy)} unfinished jobs, the first is '{busy[0]}'."
        raise UserErrorException(message, resolution="Cancel them first: ml_client.jobs.begin_cancel(name).")
