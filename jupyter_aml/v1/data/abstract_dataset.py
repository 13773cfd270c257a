"""What every dataset of SDK v1 is: a definition, and a data asset of SDK v2 once it is registered."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Self

from jupyter_aml.data import uri
from jupyter_aml.entities.data import Data
from jupyter_aml.exceptions import ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import assets, data, uploads
from jupyter_aml.operations.workspaces import Workspace as OpenWorkspace
from jupyter_aml.v1.data.dataset_consumption_config import DatasetConsumptionConfig

if TYPE_CHECKING:
    from jupyter_aml.entities.asset_record import AssetRecord
    from jupyter_aml.entities.input_output import Input
    from jupyter_aml.v1.core.workspace import Workspace

PATHS: Final = "azureml.v1.paths"
"""The property of a folder's asset that says which of its files a dataset has, as JSON."""
_LATEST: Final = "latest"


class AbstractDataset(ABC):
    """A dataset. It never changes: every method gives a new one."""

    def __init__(self, workspace: "Workspace", asset: Data | None = None) -> None:
        self._workspace, self._asset = workspace, asset

    # ── what it is registered as ──

    @property
    def name(self) -> str | None:
        """The name that it is registered under; None before that."""
        return self._asset.name if self._asset else None

    @property
    def version(self) -> int | str | None:
        """The version that it is registered under; None before that."""
        number = self._asset.version if self._asset else None
        return int(number) if number and number.isdigit() else number

    @property
    def description(self) -> str | None:
        """What was said of it."""
        return self._asset.description if self._asset else None

    @property
    def tags(self) -> dict[str, str]:
        """Its tags."""
        return dict(self._asset.tags) if self._asset else {}

    @property
    def id(self) -> str:
        """What `Dataset.get_by_id` takes: the asset's id, or where the definition of an unregistered one is kept."""
        if self._asset:
            return self._asset.id or ""
        return uploads.uploaded(self._open, self._draft().path or "", show=uploads.unseen)

    def register(
        self,
        workspace: "Workspace",
        name: str,
        description: str | None = None,
        tags: Mapping[str, str] | None = None,
        create_new_version: bool = False,
    ) -> Self:
        """Keep it under a name, as a data asset: the version that is there already, if it is defined as this one is.

        Of that one, what is not said stays. UserErrorException when the name has another definition, unless
        `create_new_version`; or when its files are in a datastore of another workspace.
        """
        here = self._of(workspace)
        if here is not self:
            return here.register(workspace, name, description, tags, create_new_version)
        open_, draft = workspace.client.workspace, self._draft()
        draft.path = uploads.uploaded(open_, draft.path or "", show=uploads.unseen)
        newest = _newest(open_, name)
        same = newest is not None and _definition(newest.spec) == _definition(draft.spec())
        if newest and not same and not create_new_version:
            raise UserErrorException(
                f'There is already a dataset registered under name "{name}".',
                resolution="Specify `create_new_version=True` to register the dataset as a new version.",
            )
        known: Mapping[str, Any] = newest.spec if newest and same else {}
        draft.name, draft.version = name, newest.version if newest and same else None
        draft.description = known.get("description") if description is None else description
        draft.tags = dict(known.get("tags") or {}) if tags is None else dict(tags)
        is_hidden = any(one.name == name for one in assets.names(open_, "data", archived=True))
        record = data.create(open_, draft, kind="dataset")
        if is_hidden:
            assets.archive(open_, "data", record.name, archived=False)
        return self._registered(workspace, record.name, record.version)

    def update(self, description: str | None = None, tags: Mapping[str, str] | None = None) -> Self:
        """Say something else of a registered one."""
        asset = self._kept
        draft = Data.of({
            "name": asset.name, "version": asset.version, "type": asset.type, "path": asset.path,
            "properties": asset.properties, "description": asset.description if description is None else description,
            "tags": asset.tags if tags is None else tags,
        })  # fmt: skip
        data.create(self._open, draft, kind="dataset")
        return self._registered(self._workspace, asset.name or "", asset.version or "")

    def add_tags(self, tags: Mapping[str, str]) -> Self:
        """Tag a registered one."""
        return self.update(tags={**self.tags, **tags})

    def remove_tags(self, tags: list[str]) -> Self:
        """Take tags from a registered one."""
        return self.update(tags={name: text for name, text in self.tags.items() if name not in tags})

    def unregister_all_versions(self) -> None:
        """Hide all versions of its name, which is free again; jobs that read them still can."""
        name = self._kept.name or ""
        for one in self._workspace.client.data.list(name):
            assets.archive(self._open, "data", name, one.version)
        assets.archive(self._open, "data", name)
        self._asset = None

    # ── as data of a job ──

    def as_named_input(self, name: str) -> DatasetConsumptionConfig:
        """It as an argument of a script, which has it by this name: `run.input_datasets[name]`."""
        return DatasetConsumptionConfig(name, self)

    # ── by the folders of its files ──

    @property
    def partition_keys(self) -> list[str]:
        """The columns that a partition format takes from paths; none of files."""
        return []

    @abstractmethod
    def as_input(self, mode: str) -> "Input":
        """What it becomes in a job (ours)."""

    # ── inside ──

    @property
    def _open(self) -> OpenWorkspace:
        return self._workspace.client.workspace

    @property
    def _kept(self) -> Data:
        if self._asset is None:
            raise UserErrorException("The dataset is not registered.", resolution="dataset.register(workspace, name)")
        return self._asset

    @property
    def _reference(self) -> str:
        """SDK v2's reference to a registered one."""
        return f"azureml:{self._kept.name}:{self._kept.version}"

    def _of(self, workspace: "Workspace") -> Self:
        """The same, as a dataset of a workspace. UserErrorException for files in a datastore of another one."""
        if workspace.client.workspace.id == self._open.id:
            return self
        for address in self._addresses():
            place = uri.datastore_path(address)
            if place is not None and place.workspace is None:
                raise UserErrorException(
                    f"'{address}' is in a datastore of the workspace '{self._workspace.name}'.",
                    resolution=f"Register the dataset there, or copy its files to '{workspace.name}'.",
                )
        return self._moved(workspace)

    @abstractmethod
    def _addresses(self) -> Iterable[str]:
        """Where its files are."""

    @abstractmethod
    def _moved(self, workspace: "Workspace") -> Self:
        """The same files, looked at from another workspace."""

    @abstractmethod
    def _draft(self) -> Data:
        """The data asset that says the same."""

    def _registered(self, workspace: "Workspace", name: str, version: str) -> Self:
        made = copy.copy(self)
        vars(made).update(_workspace=workspace, _asset=workspace.client.data.get(name, version))
        return made

    def __repr__(self) -> str:
        """As SDK v1 prints it."""
        known = f", name={self.name!r}, version={self.version}" if self._asset else ""
        return f"{type(self).__name__}(workspace={self._workspace.name!r}{known})"


def _newest(workspace: OpenWorkspace, name: str) -> "AssetRecord | None":
    try:
        return assets.get(workspace, "data", name, None, _LATEST)
    except ResourceNotFoundError:
        return None


def _definition(spec: Mapping[str, Any]) -> tuple[object, ...]:
    properties: Mapping[str, str] = spec.get("properties") or {}
    return spec.get("type", "uri_folder"), spec.get("path"), properties.get(PATHS)
