"""The secrets of datastores and connections on their way into the vault. None is shown or given out here."""

import json
from typing import Any, Final, Protocol

from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.resource_record import ResourceRecord
from jupyter_aml.entities.secret import Secret
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store.database import Transaction

_DESCRIBES: Final = frozenset({"name", "description", "tags", "properties"})
"""What may change without saying the secret again: everything else decides to whom it is shown."""


class Draft(Protocol):
    """What has secrets of its own."""

    def spec(self) -> dict[str, Any]: ...
    def secrets(self) -> dict[str, str]: ...


def keep(workspace: Workspace, connection: Transaction, owned: str, draft: Draft, known: ResourceRecord | None) -> None:
    """The draft's secret in place of the kept one. A draft that `get` returned says none: the kept one stays then.

    UserErrorException when such a draft would take the kept secret to another place.
    """
    secret = Secret(json.dumps(found)) if (found := draft.secrets()) else None
    del found  # a traceback that shows variables shows none of it
    if secret or not known or _kind(known.spec) != _kind(draft.spec()) or not workspace.vault.holds(owned):
        workspace.vault.replace(connection, owned, secret)
    elif _place(known.spec) != _place(draft.spec()):
        raise UserErrorException(
            f"'{known.name}' is to be at another place, and its credentials are not given: they are not taken there.",
            resolution="Give them again, or get it with its secrets before you change it.",
        )


def _kind(spec: Spec) -> tuple[object, object]:
    credentials: dict[str, object] = spec.get("credentials") or {}
    return spec.get("type"), credentials.get("type")


def _place(spec: Spec) -> dict[str, object]:
    return {key: value for key, value in spec.items() if key not in _DESCRIBES}
