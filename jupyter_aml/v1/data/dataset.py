"""SDK v1's Dataset: the workspace's data assets by their names, as tables and files. Finds; decides nothing."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from jupyter_aml.data import mltable
from jupyter_aml.data.mltable.document import FILE_NAME
from jupyter_aml.entities.data import Data
from jupyter_aml.exceptions import MlException, ResourceNotFoundError, UserErrorException
from jupyter_aml.operations import places
from jupyter_aml.v1.arguments import refuse_others
from jupyter_aml.v1.core.mappings import ByName
from jupyter_aml.v1.data.abstract_dataset import PATHS
from jupyter_aml.v1.data.dataset_factory import FileDatasetFactory, TabularDatasetFactory
from jupyter_aml.v1.data.file_dataset import FileDataset
from jupyter_aml.v1.data.paths import Paths
from jupyter_aml.v1.data.tabular_dataset import TabularDataset

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

Known: TypeAlias = TabularDataset | FileDataset

_LATEST: Final = "latest"
_TABLE: Final = "mltable"


class Dataset:
    """`Dataset.Tabular.from_…` and `Dataset.File.from_…` define one; `Dataset.get_by_name` finds one again."""

    Tabular = TabularDatasetFactory
    File = FileDatasetFactory

    @staticmethod
    def get_by_name(workspace: "Workspace", name: str, version: int | str = _LATEST, **others: object) -> Known:
        """The dataset that was registered so: a data asset, whoever made it.

        UserErrorException, with the nearest name, when there is none.
        """
        refuse_others("Dataset.get_by_name", others, "workspace", "name", "version")
        which = {"label": _LATEST} if version == _LATEST else {"version": str(version)}
        try:
            asset = workspace.client.data.get(name, **which)
        except ResourceNotFoundError as error:
            raise UserErrorException(error.message, resolution=error.resolution) from None
        return of_asset(workspace, asset)

    @staticmethod
    def get_by_id(workspace: "Workspace", id: str, **others: object) -> Known:
        """The dataset of an id: an asset's, or what a script was given as its argument."""
        refuse_others("Dataset.get_by_id", others, "workspace", "id")
        parts = id.strip("/").split("/")
        if id.startswith("/subscriptions/") and "data" in parts:
            return Dataset.get_by_name(workspace, parts[-3], parts[-1])
        if "://" not in id and not Path(id).exists():
            raise UserErrorException(f"There is no dataset of the id '{id}'.", resolution="Dataset.get_by_name(ws, …)")
        return at(workspace, id)

    @staticmethod
    def get_all(workspace: "Workspace") -> "ByName[Known]":
        """All of them by name; of each the newest version."""
        names = (one.name or "" for one in workspace.client.data.list())
        return ByName(names, lambda name: Dataset.get_by_name(workspace, name))

    @staticmethod
    def list(workspace: "Workspace") -> "list[Known]":
        """All of them; of each the newest version."""
        return [*Dataset.get_all(workspace).values()]


def of_asset(workspace: "Workspace", asset: Data) -> Known:
    """A data asset as SDK v1's dataset: a table, or files."""
    reference = f"azureml:{asset.name}:{asset.version}"
    if asset.type == _TABLE:
        return TabularDataset(workspace, _table(workspace, reference), asset)
    kept: Any = asset.properties.get(PATHS)
    return FileDataset(Paths(workspace, tuple(json.loads(kept)) if kept else (asset.path or "",)), asset)


def at(workspace: "Workspace", address: str, kind: str = "") -> Known:
    """What lies at an address: a table where there is an MLTable file, else files."""
    if kind == _TABLE or (not kind and _is_table(workspace, address)):
        return TabularDataset(workspace, _table(workspace, address))
    return FileDataset(Paths(workspace, (address,)))


def _table(workspace: "Workspace", address: str) -> mltable.MLTable:
    return mltable.load(address, resolver=places.resolver(workspace.client.workspace))


def _is_table(workspace: "Workspace", address: str) -> bool:
    try:
        return (places.fetch(workspace.client.workspace, address) / FILE_NAME).is_file()
    except MlException:
        return False
