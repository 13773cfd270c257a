"""Versions of assets, whatever their kind: given a number, found by a reference, hidden. No content is read here."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from jupyter_aml.data import uri
from jupyter_aml.entities.asset_record import AssetKind, AssetName, AssetRecord
from jupyter_aml.entities.job_record import Spec
from jupyter_aml.entities.names import checked
from jupyter_aml.exceptions import MlException, ResourceNotFoundError, ValidationException, did_you_mean
from jupyter_aml.operations import access
from jupyter_aml.operations.workspaces import Workspace
from jupyter_aml.store import assets as rows
from jupyter_aml.store import facts
from jupyter_aml.store.database import Transaction

LATEST: Final = "latest"
"""The one label: the version that was created last."""
COLLECTION: Final[dict[AssetKind, str]] = {
    "data": "data",
    "environment": "environments",
    "model": "models",
    "component": "components",
}
"""What a kind is called in ARM ids and in actions."""
_LEARNT: Final = ("job_name", "flavors", "referenced_uris")
"""What the workspace found out when it registered a version: no draft of it says that again."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Reference:
    """`name:version` or `name@label`; neither of the two when the text named none."""

    name: str
    version: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A version to register. Equal `content` is the same version, described anew.

    `repeats`: without a version, the latest one is taken again when its content is equal (environments, §6).
    """

    kind: AssetKind
    name: str
    version: str | None
    spec: Spec
    content: str
    repeats: bool = False
    anonymous: bool = False


def check_named(kind: str, name: str, version: str | None) -> str:
    """`name`, when it and the version are legal: both become part of ids, references and paths."""
    if version:
        checked("version", version)
    return checked(kind, name)


def register(workspace: Workspace, wanted: Wanted, conflict: Callable[[AssetRecord], MlException]) -> AssetRecord:
    """The version as it is stored; without a number it gets the next one (§1.3).

    Raises what `conflict` gives for a version that exists with other content. The caller has asked `access`.
    """
    with workspace.database.transaction() as connection:
        found = _same(workspace, wanted)
        if found is None or (found.content != wanted.content and not wanted.version):
            return add(connection, workspace, wanted)
        if found.content != wanted.content:
            raise conflict(found)
        kept = {key: found.spec[key] for key in _LEARNT if key in found.spec}
        described = replace(found, spec=kept | _named(wanted.spec, found.name, found.version), modified_at=time.time())
        rows.describe(connection, described)
        _tell(connection, described, "described")
        return described


def add(connection: Transaction, workspace: Workspace, wanted: Wanted) -> AssetRecord:
    """A new version, inside the caller's transaction."""
    version = wanted.version or next_version(workspace, wanted.kind, wanted.name)
    now = time.time()
    record = AssetRecord(
        wanted.kind, wanted.name, version, _named(wanted.spec, wanted.name, version), now, now,
        content=wanted.content, created_by=workspace.principal,
    )  # fmt: skip
    rows.put(connection, record, anonymous=wanted.anonymous)
    _tell(connection, record, "created")
    return record


def next_version(workspace: Workspace, kind: AssetKind, name: str) -> str:
    """The number that a version without one would get."""
    found = rows.name(workspace.database, kind, name)
    return str(found.next_version if found else 1)


def parsed(kind: AssetKind, text: str) -> Reference | None:
    """What a reference names, in any of §3.4's forms; None when it is none, or names another kind."""
    bare = text.removeprefix("azureml:")
    if _NAME.fullmatch(bare):
        return Reference(bare)
    try:
        place = uri.parse(bare if bare.startswith("/subscriptions/") else f"azureml:{bare}")
    except ValidationException:
        return None
    if not isinstance(place, uri.AssetReference) or place.kind not in {"", COLLECTION[kind]}:
        return None
    return Reference(place.name, place.version or None, place.label or None)


def find(workspace: Workspace, kind: AssetKind, text: str) -> AssetRecord:
    """The version that a reference means. An archived one can still be used.

    Raises ValidationException for what is no reference or names no version, ResourceNotFoundError otherwise.
    """
    reference = parsed(kind, text)
    if reference is None:
        message = f"{kind}: '{text}' is not a reference."
        raise ValidationException(message, resolution="Use 'azureml:name:version' or 'azureml:name@latest'.")
    access.require(workspace, f"{COLLECTION[kind]}/versions/read", f"{COLLECTION[kind]}/{reference.name}")
    if reference.version is None and reference.label is None:
        newest = rows.name(workspace.database, kind, reference.name)
        example = f"{reference.name}:{newest.latest or '1'}" if newest else f"{reference.name}:1"
        message = f"{kind}: '{text}' names no version."
        raise ValidationException(message, resolution=f"Use '{reference.name}@latest' or '{example}'.")
    return one(workspace, kind, reference)


def get(workspace: Workspace, kind: AssetKind, name: str, version: str | None, label: str | None) -> AssetRecord:
    """One version, by number or by label; ValidationException unless exactly one of them is given (§1.3)."""
    access.require(workspace, f"{COLLECTION[kind]}/versions/read", f"{COLLECTION[kind]}/{name}")
    if version is None and label is None:
        raise ValidationException("Must provide either version or label.")
    if version is not None and label is not None:
        raise ValidationException("Cannot specify both version and label.")
    return one(workspace, kind, Reference(name, version, label))


def one(workspace: Workspace, kind: AssetKind, reference: Reference) -> AssetRecord:
    """The version that was meant, or ResourceNotFoundError with the nearest name or the versions there are."""
    name, version, label = reference.name, reference.version, reference.label
    if version is None and label != LATEST:
        message = f"Asset {name} with version label {label} does not exist in workspace {workspace.id.name}."
        raise ResourceNotFoundError(message, resolution="The one label is 'latest'.")
    found = (
        rows.get(workspace.database, kind, name, version) if version else rows.latest(workspace.database, kind, name)
    )
    if found is None:
        raise missing(workspace, kind, name, version)
    return found


def exists(workspace: Workspace, kind: AssetKind, name: str, version: str) -> bool:
    """Whether that version is there, archived or not."""
    access.require(workspace, f"{COLLECTION[kind]}/versions/read", f"{COLLECTION[kind]}/{name}")
    return rows.get(workspace.database, kind, name, version) is not None


def missing(workspace: Workspace, kind: AssetKind, name: str, version: str | None) -> ResourceNotFoundError:
    """What to say of a name or version that is not there."""
    if version is None or rows.name(workspace.database, kind, name) is None:
        message = f"Not found {kind} with name '{name}' in workspace {workspace.id.name}."
        known = [found.name for found in rows.names(workspace.database, kind, archived=None)]
        return ResourceNotFoundError(message, resolution=did_you_mean(name, known))
    message = f"Not found {kind} '{name}' with version '{version}' in workspace {workspace.id.name}."
    newest = [record.version for record, _ in zip(rows.select(workspace.database, kind, name), range(5), strict=False)]
    return ResourceNotFoundError(message, resolution=f"Its newest versions are: {', '.join(newest) or 'archived'}.")


def names(workspace: Workspace, kind: AssetKind, *, archived: bool | None = False) -> Iterator[AssetName]:
    """One row a name, newest first; `archived` None means all of them."""
    access.require(workspace, f"{COLLECTION[kind]}/read", COLLECTION[kind])
    return rows.names(workspace.database, kind, archived=archived)


def versions(
    workspace: Workspace, kind: AssetKind, name: str, *, archived: bool | None = False
) -> Iterator[AssetRecord]:
    """The versions of one name, newest first; none for a name that does not exist, as in Azure."""
    access.require(workspace, f"{COLLECTION[kind]}/versions/read", f"{COLLECTION[kind]}/{name}")
    return rows.select(workspace.database, kind, name, archived=archived)


def archive(
    workspace: Workspace,
    kind: AssetKind,
    name: str,
    version: str | None = None,
    label: str | None = None,
    *,
    archived: bool = True,
) -> None:
    """Hide one version, or the whole name, from lists; or show it again. It stays usable."""
    access.require(workspace, f"{COLLECTION[kind]}/versions/write", f"{COLLECTION[kind]}/{name}")
    if version is not None and label is not None:
        raise ValidationException("Cannot specify both version and label.")
    if rows.name(workspace.database, kind, name) is None:
        raise missing(workspace, kind, name, None)
    which = one(workspace, kind, Reference(name, version, label)).version if version or label else None
    with workspace.database.transaction() as connection:
        rows.archive(connection, kind, name, which, archived=archived)
        done = "archived" if archived else "restored"
        facts.append(connection, at=time.time(), kind=f"{kind}.{done}", subject=name, version=which)


def arm(workspace: Workspace, record: AssetRecord) -> str:
    """The ARM id of a version, as Azure ML prints it."""
    return f"{workspace.id.arm}/{COLLECTION[record.kind]}/{record.name}/versions/{record.version}"


def _same(workspace: Workspace, wanted: Wanted) -> AssetRecord | None:
    """The version that the wanted one may be: of its number, or the latest where equal content repeats it."""
    if wanted.version:
        return rows.get(workspace.database, wanted.kind, wanted.name, wanted.version)
    return rows.latest(workspace.database, wanted.kind, wanted.name) if wanted.repeats else None


def _named(spec: Spec, name: str, version: str) -> dict[str, Any]:
    return {**spec, "name": name, "version": version}


def _tell(connection: Transaction, record: AssetRecord, what: str) -> None:
    facts.append(
        connection, at=record.modified_at, kind=f"{record.kind}.{what}", subject=record.name, version=record.version
    )
