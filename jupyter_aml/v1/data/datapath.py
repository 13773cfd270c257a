"""A path in a datastore, as SDK v1 has it: DataPath, and DataReference, which a script can be given. Values only."""

import copy
from typing import TYPE_CHECKING, Self

from jupyter_aml.data import uri
from jupyter_aml.entities.input_output import Input, Output
from jupyter_aml.v1.core.binding import Binding

if TYPE_CHECKING:
    from jupyter_aml.v1.data.datastore import Datastore


class DataPath:
    """A path in a datastore."""

    def __init__(self, datastore: "Datastore", path_on_datastore: str | None = None, name: str | None = None) -> None:
        self.datastore, self.name = datastore, name
        self.path_on_datastore = (path_on_datastore or "").removeprefix("./").lstrip("/")

    @property
    def address(self) -> str:
        """SDK v2's address of it (ours)."""
        return str(uri.DatastorePath(self.datastore.name, self.path_on_datastore))

    def __repr__(self) -> str:
        """Where it is."""
        return f"DataPath({self.datastore.name}, {self.path_on_datastore!r})"


class DataReference:
    """A path in a datastore that a script is given: where it is mounted, a copy of it, or where it writes."""

    def __init__(
        self,
        datastore: "Datastore",
        data_reference_name: str | None = None,
        path_on_datastore: str | None = None,
        mode: str = "mount",
        path_on_compute: str | None = None,
        overwrite: bool = False,
    ) -> None:
        self.place = DataPath(datastore, path_on_datastore)
        self.data_reference_name = data_reference_name or f"input_{datastore.name}"
        self.mode, self.path_on_compute, self.overwrite = mode, path_on_compute, overwrite

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
        """A copy of the files."""
        return self._in_mode("download")

    def as_upload(self, path_on_compute: str | None = None, overwrite: bool = False) -> Self:
        """Where the script writes what goes there."""
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
