"""Workspaces: found by Azure's rules, opened, and furnished with what Azure puts into a new one."""

import json
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

import platformdirs

from jupyter_aml.entities.compute_record import ComputeRecord
from jupyter_aml.entities.emulation import MARK as EMULATED
from jupyter_aml.entities.names import ComputeName, checked
from jupyter_aml.entities.switches import is_on
from jupyter_aml.entities.workspace import BUILT_IN_DATASTORES, DEFAULT_WORKSPACE, WorkspaceFolder, WorkspaceId
from jupyter_aml.exceptions import ValidationException
from jupyter_aml.operations import access
from jupyter_aml.store import computes, schedules
from jupyter_aml.store.blobs import Blobs
from jupyter_aml.store.database import Database
from jupyter_aml.store.directory import DIRECTORY, Directory
from jupyter_aml.store.folder_index import FolderIndex
from jupyter_aml.store.secrets import Vault
from jupyter_aml.store.snapshots import Snapshots
from jupyter_aml.tracking import plugin, schema
from jupyter_aml.tracking.models import RegisteredModels
from jupyter_aml.tracking.runs import Runs

_CONFIG_FOLDERS: Final = (".azureml", "aml_config", "")
_CONFIG_FILES: Final = ("config.json", "project.json")
CHOSEN: Final = "JUPYTER_AML_WORKSPACE"
_TO_FILL_IN: Final = re.compile(r"<[^<>]+>")
_NAME_PART: Final = 8
_HIGHEST: Final = 20
"""Azure looks through at most that many parents."""
_REQUIRED: Final = ("subscription_id", "resource_group", "workspace_name")
_SCOPE_PLACES: Final = (2, 4, 8)
"""Where the three stand in `/subscriptions/S/resourceGroups/R/providers/P/workspaces/W`."""


@dataclass(frozen=True)
class Workspace:
    """An open workspace: who it is, its folder, and its rooms, each opened when it is first entered."""

    id: WorkspaceId
    folder: WorkspaceFolder
    named: str = ""
    """Who acts, if the credential says so."""
    keeper: Callable[[WorkspaceFolder], None] | None = None
    """Called by the first use of a workspace that has schedules: somebody must keep them."""

    @property
    def principal(self) -> str:
        """Who acts here: the credential's word, else `JUPYTER_AML_USER`, else the user of this machine."""
        return self.named or access.current()

    @cached_property
    def directory(self) -> Directory:
        """What lies above the workspaces of the home: roles, resource groups, defaults."""
        return Directory(home())

    @cached_property
    def vault(self) -> Vault:
        """The workspace's secrets, encrypted with the home's key."""
        return Vault(self.database, home())

    @cached_property
    def database(self) -> Database:
        """Our own rows; the first look furnishes a new workspace. ValidationException for a client of none (§1.3)."""
        if not self.id.name:
            raise ValidationException(
                "workspace_name is empty: this client names no workspace, it can only make and list them.",
                resolution="MLClient(credential, subscription_id, resource_group_name, workspace_name)",
            )
        database = Database(self.folder.database)
        _furnish(database, self.folder)
        if self.keeper and schedules.any_enabled(database):
            self.keeper(self.folder)
        return database

    @cached_property
    def snapshots(self) -> Snapshots:
        """Frozen code folders."""
        return Snapshots(self.database, Blobs(self.folder.blobs), self.folder.snapshots)

    @cached_property
    def runs(self) -> Runs:
        """MLflow's rows."""
        schema.ensure(self.folder.tracking_database, self.folder.artifact_root)
        return Runs(self.folder.tracking_database)

    @cached_property
    def models(self) -> RegisteredModels:
        """MLflow's registered models."""
        schema.ensure(self.folder.tracking_database, self.folder.artifact_root)
        return RegisteredModels(self.folder.tracking_database)

    @cached_property
    def folder_index(self) -> FolderIndex:
        """What is known of folders that were read before."""
        return FolderIndex(self.database)

    @property
    def tracking_uri(self) -> str:
        """What `MLFLOW_TRACKING_URI` must say to log here: a run that begins there is a job, which needs our rows."""
        if self.id.name and not self.folder.database.exists():
            _ = self.database
        return plugin.uri(self.folder.tracking_database)


def home() -> Path:
    """Where workspaces are kept: `JUPYTER_AML_HOME`, else the user's data folder."""
    named = os.environ.get("JUPYTER_AML_HOME")
    return Path(named).expanduser().absolute() if named else platformdirs.user_data_path("jupyter_aml")


def folder_of(workspace: WorkspaceId) -> WorkspaceFolder:
    """The folder of a workspace; its three names are made safe, so that none can leave the home folder."""
    parts = (workspace.subscription_id, workspace.resource_group, workspace.name)
    return WorkspaceFolder(home().joinpath("workspaces", *(_safe(part) for part in parts)))


def open_workspace(
    workspace: WorkspaceId, *, principal: str = "", keeper: Callable[[WorkspaceFolder], None] | None = None
) -> Workspace:
    """The workspace of that identity, for `principal` if one is named; it comes into being when it is first used."""
    for field, value in zip(_REQUIRED[:2], (workspace.subscription_id, workspace.resource_group), strict=True):
        if not value:
            raise ValidationException(
                f"{field} is empty.", resolution="Give all three, or none for the default workspace."
            )
    return Workspace(workspace, folder_of(workspace), principal, keeper)


def named(name: str, *, subscription_id: str, resource_group: str) -> WorkspaceId:
    """The workspace of that name. ValidationException for a name that Azure would not take."""
    return WorkspaceId(subscription_id, resource_group, checked("workspace", name))


def current(start: Path | None = None) -> WorkspaceId:
    """The workspace that was chosen (`%aml_workspace NAME`), else the nearest config.json's (§1.2), else the default.

    A choice lies in the environment (`JUPYTER_AML_WORKSPACE`, an ARM id), so that child processes follow it.
    """
    if chosen := os.environ.get(CHOSEN):
        return of_arm(chosen)
    config = workspace_config(start or Path.cwd())
    return read_config(config) if config else _default()


def _default() -> WorkspaceId:
    """The workspace that `aml configure --defaults workspace=NAME` said, else the default one."""
    said = Directory(home()).defaults() if (home() / DIRECTORY).is_file() else {}
    if "workspace" not in said:
        return DEFAULT_WORKSPACE
    return WorkspaceId(
        said.get("subscription", DEFAULT_WORKSPACE.subscription_id),
        said.get("group", DEFAULT_WORKSPACE.resource_group),
        said["workspace"],
    )


def workspace_config(start: Path) -> Path | None:
    """The config file that the search finds; None too when it says nothing of a workspace: programs share the name."""
    config = find_config(start)
    if config is None:
        return None
    return config if {*_REQUIRED, "Scope"}.intersection(_config_fields(config)) else None


def is_to_be_filled_in(name: str) -> bool:
    """Whether a name is one that a notebook's reader was to replace: `<WORKSPACE_NAME>`."""
    return bool(_TO_FILL_IN.fullmatch(name))


def filled(workspace: WorkspaceId) -> WorkspaceId:
    """The identity with the current workspace's names where a notebook's reader was to fill them in: `<GROUP>`."""
    given = {field: getattr(workspace, field) for field in ("subscription_id", "resource_group", "name")}
    if not any(is_to_be_filled_in(name) for name in given.values()):
        return workspace
    here = current()
    return WorkspaceId(**{
        field: getattr(here, field) if is_to_be_filled_in(name) else name for field, name in given.items()
    })  # fmt: skip


def find_config(start: Path, file_name: str | None = None) -> Path | None:
    """The config file, by Azure's own search.

    The walk to the root is made for each (folder, file) pair in turn, so a `.azureml/config.json` of a far
    ancestor is found before `./config.json`.
    """
    if start.is_file():
        return start
    for folder in _CONFIG_FOLDERS:
        for name in (file_name,) if file_name else _CONFIG_FILES:
            for parent in _upwards(start.absolute()):
                if (candidate := parent / folder / name).is_file():
                    return candidate
    return None


def _upwards(start: Path) -> Iterator[Path]:
    yield from (start, *start.parents)[: _HIGHEST + 1]


def read_config(path: Path) -> WorkspaceId:
    """The identity in a config file: the three names, or Azure's `Scope` form."""
    fields = _config_fields(path)
    if scope := fields.get("Scope"):
        parts = str(scope).split("/")
        names = dict(zip(_REQUIRED, (parts[place] for place in _SCOPE_PLACES if place < len(parts)), strict=False))
    else:
        names = {name: str(fields[name]) for name in _REQUIRED if fields.get(name)}
    if missing := [name for name in _REQUIRED if not names.get(name)]:
        message = f"The config file {path} lacks {', '.join(missing)}; required are {', '.join(_REQUIRED)}."
        raise ValidationException(message, resolution="Download it again from the workspace, or add what is missing.")
    return WorkspaceId(*(names[name] for name in _REQUIRED))


def _config_fields(path: Path) -> dict[str, object]:
    try:
        fields = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise ValidationException(f"{path} is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise ValidationException(f"{path} holds no workspace: an object is expected, found {fields!r}.")
    return cast("dict[str, object]", fields)


def of_arm(text: str) -> WorkspaceId:
    """The workspace of an ARM id: its own, or that of something in it. ValidationException for any other text."""
    parts = text.split("/")
    if len(parts) <= _NAME_PART:
        message = f"'{text}' is not the ARM id of a workspace."
        raise ValidationException(message, resolution="/subscriptions/…/resourceGroups/…/providers/…/workspaces/…")
    return WorkspaceId(parts[2], parts[4], parts[_NAME_PART])


def config_or_error(path: Path, file_name: str | None = None) -> WorkspaceId:
    """The identity that the config search finds; ValidationException in Azure's words when it finds none.

    Where Azure's import names are asked for it is as on a compute instance, whose root holds a config: the current
    workspace's.
    """
    config = find_config(path, file_name)
    if config is None and not file_name and is_on(EMULATED, os.environ):
        return current(path)
    if config is None:
        message = f"We could not find config.json in: {path} or in its parent directories."
        raise ValidationException(message, resolution="Write one, or use the default workspace: MLClient.default().")
    return read_config(config)


def _safe(name: str) -> str:
    quoted = quote(name, safe=" ")
    return quoted.replace(".", "%2E") if quoted.strip(".") == "" else quoted


def _furnish(database: Database, folder: WorkspaceFolder) -> None:
    """What a new workspace holds: four datastores, a cluster of this machine's cores, and two nameless ones."""
    if computes.select(database, hidden=True):
        return
    for name in BUILT_IN_DATASTORES:
        folder.datastore(name).mkdir(parents=True, exist_ok=True)
    with database.transaction() as connection:
        if not computes.select(database, hidden=True):  # another process may have been first
            for name, hidden in (("local-cluster", False), ("serverless", True), ("local", True)):
                computes.put(connection, _cores(name, hidden=hidden))


def _cores(name: str, *, hidden: bool) -> ComputeRecord:
    cores = os.cpu_count() or 1
    return ComputeRecord(
        ComputeName(name), "amlcompute", 0, cores, 120, hidden=hidden, created_at=time.time(),
        spec={"name": name, "type": "amlcompute", "max_instances": cores, "description": "This machine's cores."},
    )  # fmt: skip
