"""A dataset as an argument of a script or a step: by which name, and how its files get there. Nothing is moved here."""

import copy
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from jupyter_aml.exceptions import NotAvailableError, UserErrorException
from jupyter_aml.v1.arguments import refuse
from jupyter_aml.v1.core.binding import Binding
from jupyter_aml.v1.data.datapath import GIVEN_A_PATH

if TYPE_CHECKING:
    from jupyter_aml.v1.data.abstract_dataset import AbstractDataset

DIRECT: Final = "direct"
MOUNT: Final = "mount"
DOWNLOAD: Final = "download"
_MODES: Final = (DIRECT, MOUNT, DOWNLOAD)


class Parameter(Protocol):
    """A pipeline's parameter whose value is a dataset."""

    name: str
    default_value: Any


class DatasetConsumptionConfig:
    """A dataset, or a pipeline's parameter that is one, under a name of the run.

    `mode`: 'direct' (the script opens the dataset), 'mount' (where the files are) or 'download' (a copy of them).
    UnsupportedFieldError for `path_on_compute`.
    """

    def __init__(
        self,
        name: str,
        dataset: "AbstractDataset | Parameter",
        mode: str = DIRECT,
        path_on_compute: str | None = None,
    ) -> None:
        if mode not in _MODES:
            raise UserErrorException(f"mode: '{mode}' is none.", resolution=f"Use one of {', '.join(_MODES)}.")
        refuse("DatasetConsumptionConfig", GIVEN_A_PATH, path_on_compute=path_on_compute)
        self.name, self.dataset, self.mode, self.path_on_compute = name, dataset, mode, None

    def as_mount(self, path_on_compute: str | None = None) -> Self:
        """The files where they are, to be read."""
        refuse("as_mount", GIVEN_A_PATH, path_on_compute=path_on_compute)
        return self._in_mode(MOUNT)

    def as_download(self, path_on_compute: str | None = None) -> Self:
        """A copy of the files."""
        refuse("as_download", GIVEN_A_PATH, path_on_compute=path_on_compute)
        return self._in_mode(DOWNLOAD)

    def as_hdfs(self) -> Self:
        """NotAvailableError: there is no Spark here."""
        raise NotAvailableError.of("as_hdfs", "Spark clusters")

    @property
    def data(self) -> "AbstractDataset":
        """The dataset itself, of a parameter its default (ours)."""
        found: Any = getattr(self.dataset, "default_value", self.dataset)
        return found

    def binding(self) -> Binding:
        """What it becomes in a job."""
        return Binding(self.name, self.data.as_input(self.mode))

    def _in_mode(self, mode: str) -> Self:
        made = copy.copy(self)
        made.mode = mode
        return made

    def __repr__(self) -> str:
        """As SDK v1 prints it in a command."""
        return f"DatasetConsumptionConfig:{self.name}"
