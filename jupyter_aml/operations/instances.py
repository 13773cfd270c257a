"""Compute instances: started, stopped, restarted. A wish each; the state they come to is the supervisor's word."""

import time
from dataclasses import replace
from typing import Final

from jupyter_aml.entities.compute_record import ComputeRecord, InstanceState, Power
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import access, computes
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import computes as rows
from jupyter_aml.store import facts

_UP: Final = {InstanceState.CREATING, InstanceState.RUNNING, InstanceState.JOB_RUNNING, InstanceState.STARTING}
_FROM: Final[dict[Power, set[InstanceState]]] = {
    "start": {InstanceState.STOPPED},
    "stop": {*_UP, InstanceState.RESTARTING},
    "restart": _UP,
}
"""From which states Azure lets it be started, stopped and restarted."""
_DONE: Final[dict[Power, str]] = {"start": "started", "stop": "stopped", "restart": "restarted"}


def start(workspace: Workspace, name: str) -> ComputeRecord:
    """Wish an instance started; jobs that wait for it run. UserErrorException unless it is stopped."""
    return _wish(workspace, name, "start")


def stop(workspace: Workspace, name: str) -> ComputeRecord:
    """Wish an instance stopped. The job that runs on it fails; those that wait go on waiting until it is started."""
    return _wish(workspace, name, "stop")


def restart(workspace: Workspace, name: str) -> ComputeRecord:
    """Wish an instance restarted. The job that runs on it fails; those that wait run afterwards."""
    return _wish(workspace, name, "restart")


def enable_sso(workspace: Workspace, name: str, *, enable_sso: bool = True) -> None:
    """Keep whether single sign-on is enabled (`enable_sso`): it is shown, and changes nothing here."""
    access.require(workspace, "computes/enableSso/action", f"computes/{name}")
    found = _instance(workspace, name, "given single sign-on")
    changed = replace(found, spec={**found.spec, "enable_sso": enable_sso})
    with workspace.database.transaction() as connection:
        rows.put(connection, changed)
        facts.append(connection, at=time.time(), kind="compute.described", subject=found.name, enable_sso=enable_sso)


def _wish(workspace: Workspace, name: str, power: Power) -> ComputeRecord:
    access.require(workspace, f"computes/{power}/action", f"computes/{name}")
    found = _instance(workspace, name, _DONE[power])
    if found.state not in _FROM[power]:
        message = f"Compute instance '{found.name}' is {found.state}, and cannot be {_DONE[power]} now."
        raise UserErrorException(message, resolution=_way_out(found, power))
    with workspace.database.transaction() as connection:
        facts.append(connection, at=time.time(), kind=f"compute.{power}.wished", subject=found.name)
    return found


def _instance(workspace: Workspace, name: str, done: str) -> ComputeRecord:
    found = computes.get(workspace, name)
    if found.is_instance:
        return found
    message = f"Compute '{found.name}' is of type {found.type}; only a compute instance can be {done}."
    raise UserErrorException(message, resolution="A cluster starts and stops its nodes by itself.")


def _way_out(found: ComputeRecord, power: Power) -> str:
    if found.state == InstanceState.STOPPED:
        return f"Start it: ml_client.compute.begin_start('{found.name}')."
    return f"Wait until it is {'stopped' if power == 'start' else 'running'}, or see ml_client.compute.get(name).state."
