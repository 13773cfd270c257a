"""Datastores and connections as they are registered: a row, and its secret in the vault. No secret is given out."""

import json
import time
from typing import Any, Final, Protocol

from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.resource_record import ResourceKind, ResourceRecord
from jupyter_aml.entities.secret import Secret
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import facts, resources
from jupyter_aml.store.database import Transaction

_DESCRIBES: Final = frozenset({"name", "description", "tags", "properties"})
"""What may change without saying the secret again: everything else decides to whom it is shown."""


class Draft(Protocol):
    """What has secrets of its own."""

    @property
    def type(self) -> str: ...
    def spec(self) -> dict[str, Any]: ...
    def secrets(self) -> dict[str, str]: ...


def register(workspace: Workspace, kind: ResourceKind, name: str, draft: Draft) -> ResourceRecord:
    """A new row of that name, or another description in place of the one there is. The caller has asked `access`."""
    now = time.time()
    with workspace.database.transaction() as connection:
        known = resources.get(workspace.database, kind, name)
        record = ResourceRecord(
            kind, known.name if known else name, draft.spec(), known.created_at if known else now, now,
            known.created_by if known else workspace.principal,
        )  # fmt: skip
        resources.put(connection, record)
        _keep(workspace, connection, draft, record, known)
        what = f"{kind}.described" if known else f"{kind}.created"
        facts.append(connection, at=now, kind=what, subject=record.name, type=draft.type)
    return record


def _keep(
    workspace: Workspace, connection: Transaction, draft: Draft, record: ResourceRecord, known: ResourceRecord | None
) -> None:
    """The draft's secret in place of the kept one. A draft that `get` returned says none: the kept one stays then.

    UserErrorException when such a draft would take the kept secret to another place.
    """
    secret, owned = Secret(json.dumps(found)) if (found := draft.secrets()) else None, f"{record.kind}/{record.name}"
    del found  # a traceback that shows variables shows none of it
    if secret or not known or _opens(known.spec) != _opens(record.spec) or not workspace.vault.holds(owned):
        workspace.vault.replace(connection, owned, secret)
    elif _place(known.spec) != _place(record.spec):
        raise UserErrorException(
            f"'{known.name}' is to be at another place, and its credentials are not given: they are not taken there.",
            resolution="Give them again, or get it with its secrets before you change it.",
        )


def _opens(spec: Spec) -> tuple[object, object]:
    credentials: dict[str, object] = spec.get("credentials") or {}
    return spec.get("type"), credentials.get("type")


def _place(spec: Spec) -> dict[str, object]:
    return {key: value for key, value in spec.items() if key not in _DESCRIBES}
