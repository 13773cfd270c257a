"""Azure's `mltable` module over this workspace: tables of local files, datastores, data assets. No step is done here.

>>> from jupyter_aml import mltable
>>> table = mltable.from_delimited_files([{"pattern": "./data/*.csv"}])
>>> frame = table.to_pandas_dataframe()

`load` and the `from_…` functions take every address of §3.4 and know the workspace that `MLClient.default()` knows;
in a job, the job's. `load(uri, ml_client=…)` reads through that client's workspace.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from jupyter_aml.client import MLClient
from jupyter_aml.data import mltable
from jupyter_aml.data.mltable import (
    DataType,
    MLTable,
    MLTableFileEncoding,
    MLTableHeaders,
    MLTableInvalidLines,
    from_delta_lake,
)
from jupyter_aml.entities.workspace import WorkspaceId
from jupyter_aml.operations import places, workspaces

__all__ = [
    "DataType",
    "MLTable",
    "MLTableFileEncoding",
    "MLTableHeaders",
    "MLTableInvalidLines",
    "from_delimited_files",
    "from_delta_lake",
    "from_json_lines_files",
    "from_parquet_files",
    "from_paths",
    "load",
]

_Paths = TypeVar("_Paths")
_Given = ParamSpec("_Given")
_NAMES: Final = (
    ("subscription", "subscription_id"),
    ("resource_group", "resource_group_name"),
    ("workspace", "workspace_name"),
)
"""The keys of Azure's `storage_options`, and their longer spellings."""


def load(uri: str, storage_options: Mapping[str, str] | None = None, ml_client: MLClient | None = None) -> MLTable:
    """The table of a folder with a file named `MLTable`: local, in a datastore, or a data asset's.

    `uri` may be a path, any URI of §3.4, or `f"azureml:/{asset.id}"`. UserErrorException when there is no such file.
    """
    workspace = ml_client.workspace if ml_client else workspaces.open_workspace(_named(storage_options or {}))
    return mltable.load(uri, resolver=places.resolver(workspace))


def _here(
    function: Callable[Concatenate[_Paths, _Given], MLTable],
) -> Callable[Concatenate[_Paths, _Given], MLTable]:
    """The same function, its addresses resolved in the workspace at hand."""

    @wraps(function)
    def made(paths: _Paths, *args: _Given.args, **kwargs: _Given.kwargs) -> MLTable:
        kwargs.setdefault("resolver", places.resolver(workspaces.open_workspace(workspaces.current())))
        return function(paths, *args, **kwargs)

    return made


from_paths = _here(mltable.from_paths)
from_delimited_files = _here(mltable.from_delimited_files)
from_parquet_files = _here(mltable.from_parquet_files)
from_json_lines_files = _here(mltable.from_json_lines_files)


def _named(options: Mapping[str, str]) -> WorkspaceId:
    """The workspace of the options; what they leave out is that of the workspace at hand."""
    here = workspaces.current()
    known = (here.subscription_id, here.resource_group, here.name)
    found = (options.get(short) or options.get(long) or at for (short, long), at in zip(_NAMES, known, strict=True))
    return WorkspaceId(*found)
