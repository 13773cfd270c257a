"""A path in a datastore, as SDK v1 has it: DataPath, and DataReference, which a script can be given. Values only."""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from jupyter_aml.data import uri
from jupyter_aml.data.mltable.paths import stays_below
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import inputs, places
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.binding import Binding

if TYPE_CHECKING:
    from jupyter_aml.v1.data.datastore import Datastore


_MODES: Final = ("mount", "download", "upload")
INPUT_MODES: Final = {"mount": "ro_mount", "download": "download", "direct": "direct"}
"""SDK v2's words for how an input gets there."""
GIVEN_A_PATH: Final = "Leave it out: the script is given the path, and run.input_datasets has it too."


class DataPath:
    """A path in a datastore. AssetPathException for one that leads out of it."""

    def __init__(self, datastore: "Datastore", path_on_datastore: str | None = None, name: str | None = None) -> None:
        self.datastore, self.name = datastore, name
        self.path_on_datastore = (path_on_datastore or "").removeprefix("./").lstrip("/")
        stays_inside(self.path_on_datastore)

    @property
    def address(self) -> str:
        """SDK v2's address of it (ours)."""
        return str(uri.DatastorePath(self.datastore.name, self.path_on_datastore))

    @property
    def datastore_name(self) -> str:
        """The name of the datastore."""
        return self.datastore.name

    def create_data_reference(
        self, data_reference_name: str | None = None, datapath_compute_binding: "DataPathComputeBinding | None" = None
    ) -> "DataReference":
        """It as an argument of a script: where it is, unless a binding says otherwise."""
        binding = datapath_compute_binding or DataPathComputeBinding()
        return DataReference(self.datastore, data_reference_name or self.name, self.path_on_datastore, binding.mode)

    def as_input(self, mode: str) -> Input:
        """What it becomes in a job: a file or a folder, as it is now (ours)."""
        kind = inputs.type_at(self.datastore.workspace.client.workspace, self.address)
        return Input.of({"type": kind, "path": self.address, "mode": INPUT_MODES[mode]})

    def __repr__(self) -> str:
        """Where it is."""
        return f"DataPath({self.datastore.name}, {self.path_on_datastore!r})"


@dataclass(frozen=True)
class DataPathComputeBinding:
    """How a PipelineParameter that is a DataPath reaches a step: `(parameter, DataPathComputeBinding("mount"))`.

    UnsupportedFieldError for `path_on_compute`. `overwrite` changes nothing.
    """

    mode: str = "mount"
    path_on_compute: str | None = None
    overwrite: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be honoured."""
        refuse("DataPathComputeBinding", GIVEN_A_PATH, path_on_compute=self.path_on_compute)
        if self.mode not in _MODES:
            raise UserErrorException(f"mode: '{self.mode}' is none.", resolution=f"Use one of {', '.join(_MODES)}.")

    def create_data_reference(
        self, data_reference_name: str | None = None, datapath: DataPath | None = None
    ) -> "DataReference":
        """A path as an argument of a script, in this way."""
        if datapath is None:
            raise UserErrorException("datapath: required, and not given.")
        return datapath.create_data_reference(data_reference_name, self)


class DataReference:
    """A path in a datastore that a script is given: where it is mounted, a copy of it, or where it writes.

    UnsupportedFieldError for `path_on_compute`. `overwrite` changes nothing.
    """

    def __init__(
        self,
        datastore: "Datastore",
        data_reference_name: str | None = None,
        path_on_datastore: str | None = None,
        mode: str = "mount",
        path_on_compute: str | None = None,
        overwrite: bool = False,
    ) -> None:
        if mode not in _MODES:
            raise UserErrorException(f"mode: '{mode}' is none.", resolution=f"Use one of {', '.join(_MODES)}.")
        refuse("DataReference", GIVEN_A_PATH, path_on_compute=path_on_compute)
        meaningless("a copy begins empty, and an output's folder is written over", overwrite=overwrite)
        self.place = DataPath(datastore, path_on_datastore)
        self.data_reference_name = data_reference_name or f"input_{datastore.name}"
        self.mode, self.path_on_compute, self.overwrite = mode, None, overwrite

    @property
    def datastore(self) -> "Datastore":
        """The datastore."""
        return self.place.datastore

    @property
    def path_on_datastore(self) -> str:
        """The path in it."""
        return self.place.path_on_datastore

    def path(self, path: str | None = None, data_reference_name: str | None = None) -> "DataReference":
        """A path below this one."""
        joined = "/".join(part.strip("/") for part in (self.path_on_datastore, path or "") if part)
        return DataReference(self.datastore, data_reference_name or self.data_reference_name, joined, self.mode)

    def as_mount(self) -> Self:
        """The files where they are, to be read."""
        return self._in_mode("mount")

    def as_download(self, path_on_compute: str | None = None, overwrite: bool = False) -> Self:
        """A copy of the files, in a folder of the run's own: `overwrite` has nothing to write over."""
        refuse("as_download", GIVEN_A_PATH, path_on_compute=path_on_compute)
        meaningless("the copy begins empty", overwrite=overwrite)
        return self._in_mode("download")

    def as_upload(self, path_on_compute: str | None = None, overwrite: bool = False) -> Self:
        """Where the script writes what goes there; what is there is written over, whatever `overwrite` says."""
        refuse("as_upload", GIVEN_A_PATH, path_on_compute=path_on_compute)
        meaningless("the script writes where the files will be", overwrite=overwrite)
        return self._in_mode("upload")

    def binding(self) -> Binding:
        """What it becomes in a job."""
        if self.mode == "upload":
            return Binding(self.data_reference_name, Output(path=self.place.address, mode="upload"))
        mode = "download" if self.mode == "download" else "ro_mount"
        return Binding(self.data_reference_name, Input(type="uri_folder", path=self.place.address, mode=mode))

    def _in_mode(self, mode: str) -> Self:
        made = copy.copy(self)
        made.mode = mode
        return made

    def __repr__(self) -> str:
        """As SDK v1 prints it in a command."""
        return f"$AZUREML_DATAREFERENCE_{self.data_reference_name}"


def place_of(target: "DataPath | Datastore | tuple[Datastore, str | None]") -> DataPath:
    """Where SDK v1 says that something goes: a datastore, or a path in one. UserErrorException for anything else."""
    if isinstance(target, DataPath):
        return target
    store, path = target if isinstance(target, tuple) else (target, None)
    if not hasattr(store, "workspace"):
        raise UserErrorException(f"target: a {type(store).__name__} is no datastore.", resolution="(datastore, 'path')")
    return DataPath(store, path)


def stays_inside(path: str) -> None:
    """AssetPathException for a path, or a pattern, that leads out of the folder that it begins in."""
    stays_below(path)
    places.within(Path(), path, "datastore")
