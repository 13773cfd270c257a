"""SDK v1's FileDataset: files by their addresses. Listed, copied; nothing is read here."""

import json
import random
import shutil
import tempfile
from collections.abc import Sequence
from copy import copy as copied
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from jupyter_aml.data.mltable.paths import split_wild
from jupyter_aml.entities.data import Data
from jupyter_aml.entities.input_output import Input
from jupyter_aml.exceptions import NotAvailableError, UserErrorException
from jupyter_aml.operations import inputs, uploads
from jupyter_aml.v1.arguments import refuse_others
from jupyter_aml.v1.data.abstract_dataset import PATHS, AbstractDataset
from jupyter_aml.v1.data.datapath import INPUT_MODES
from jupyter_aml.v1.data.dataset_consumption_config import DatasetConsumptionConfig
from jupyter_aml.v1.data.paths import Found, Paths, bring, is_taken, matched, root_of

if TYPE_CHECKING:
    from jupyter_aml.v1.core.workspace import Workspace

_NAME: Final = "files"


class FileDataset(AbstractDataset):
    """Files, defined by their addresses. Made by `Dataset.File.from_files`, never by `FileDataset()`."""

    def __init__(self, paths: Paths, asset: Data | None = None) -> None:
        super().__init__(paths.workspace, asset)
        self._paths = paths

    # ── files ──

    def to_path(self) -> list[str]:
        """Its files as they are now, each below the folder that they share: `/a.csv`."""
        return [name for found in self._found() for name in found.names()]

    def download(
        self, target_path: str | Path | None = None, overwrite: bool = False, ignore_not_found: bool = False
    ) -> list[str]:
        """Copy its files into a folder, a new temporary one without a name; the paths of the copies.

        UserErrorException for a path with no file, unless `ignore_not_found`; for a file that is there already,
        unless `overwrite`.
        """
        every = self._found()
        if not ignore_not_found:
            self._paths.check()
        target = Path(target_path or tempfile.mkdtemp())
        pairs = [(file, target / file.relative_to(found.root)) for found in every for file in found.files]
        taken = [copy for _, copy in pairs if is_taken(copy)]
        if taken and not overwrite:
            raise UserErrorException(f"'{taken[0]}' exists.", resolution="Say overwrite=True, or another target_path.")
        for file, copy in pairs:
            bring(file, copy)
        return [str(copy) for _, copy in pairs]

    def mount(self, mount_point: str | Path | None = None, **others: object) -> "MountContext":
        """Its files in a folder that is empty or not there yet, for as long as a `with` block lasts."""
        refuse_others("mount", others, "mount_point")
        return MountContext(self, Path(mount_point or tempfile.mkdtemp()), is_own=mount_point is None)

    # ── steps ──

    def take(self, count: int) -> "FileDataset":
        """The first `count` files."""
        _check_count(count)
        return self._only(self._files()[:count])

    def skip(self, count: int) -> "FileDataset":
        """All files but the first `count`."""
        _check_count(count)
        return self._only(self._files()[count:])

    def take_sample(self, probability: float, seed: int | None = None) -> "FileDataset":
        """About this share of the files; one seed always draws the same."""
        return self.random_split(probability, seed)[0]

    def random_split(self, percentage: float, seed: int | None = None) -> "tuple[FileDataset, FileDataset]":
        """Two datasets that share no file: about this share of the files, and the others."""
        if isinstance(percentage, bool) or not isinstance(percentage, float) or not 0 < percentage < 1:
            raise UserErrorException(f"{percentage!r}: a share is a number between 0 and 1.", resolution="0.5")
        rng = random.Random(seed)
        drawn = [(file, rng.random() < percentage) for file in self._files()]
        first, second = ([file for file, taken in drawn if taken is wanted] for wanted in (True, False))
        return self._only(first), self._only(second)

    # ── as data of a job ──

    def as_mount(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """As an argument of a script: the folder where its files are, or its one file."""
        return self.as_named_input(self._input_name).as_mount(path_on_compute)

    def as_download(self, path_on_compute: str | None = None) -> DatasetConsumptionConfig:
        """As an argument of a script: a copy of its files."""
        return self.as_named_input(self._input_name).as_download(path_on_compute)

    def as_hdfs(self) -> DatasetConsumptionConfig:
        """NotAvailableError: there is no Spark here."""
        raise NotAvailableError.of("as_hdfs", "Spark clusters")

    def as_input(self, mode: str) -> Input:
        """Its folder, or its one file. Of files that share their folder with others: a copy of them, kept."""
        kept = self._whole()
        if kept is None:
            return Input(type="uri_folder", path=self._collected(), mode=INPUT_MODES[mode])
        path = self._reference if self._asset else kept.path
        return Input(type=kept.type, path=path, mode=INPUT_MODES[mode])

    # ── inside ──

    @property
    def _input_name(self) -> str:
        return "".join(char if char.isalnum() else "_" for char in f"input_{self.name or 'files'}")

    def _found(self) -> list[Found]:
        """Its files by address, named from the folder that all of them share."""
        every = [matched(self._open, address) for address in self._paths.addresses]
        roots = {found.root for found in every if found.files}
        if len(roots) < 2:  # noqa: PLR2004 - one folder
            return every
        shared = next(parent for parent in (*roots,)[0].parents if all(root.is_relative_to(parent) for root in roots))
        return [replace(found, root=shared) for found in every]

    def _files(self) -> list[Path]:
        return [file for found in self._found() for file in found.files]

    def _addresses(self) -> Sequence[str]:
        return self._paths.addresses

    def _moved(self, workspace: "Workspace") -> Self:
        made = copied(self)
        vars(made).update(_workspace=workspace, _paths=replace(self._paths, workspace=workspace))
        return made

    def _only(self, files: Sequence[Path]) -> "FileDataset":
        return FileDataset(replace(self._paths, addresses=tuple(map(str, files))))

    def _whole(self) -> Data | None:
        """Its one file or folder; None when it has less than all files of a folder."""
        if len(self._paths.addresses) == 1 and not split_wild(self._paths.addresses[0])[1]:
            address = self._paths.addresses[0]
            return Data.of({"type": inputs.type_at(self._open, address), "path": address})
        root = root_of(self._paths.addresses)
        if root is None:
            return None
        mine, every = self._files(), matched(self._open, root).files
        return Data(type="uri_folder", path=root) if sorted(mine) == sorted(every) else None

    def _draft(self) -> Data:
        """Its file or folder, and which files of it are meant; of files in several places, a copy."""
        addresses = self._paths.addresses
        if len(addresses) == 1 and not split_wild(addresses[0])[1]:
            return self._whole() or Data(path=addresses[0])
        root = root_of(addresses)
        if root is None:
            return Data(type="uri_folder", path=self._collected())
        return Data(type="uri_folder", path=root, properties={PATHS: json.dumps(addresses)})

    def _collected(self) -> str:
        """A copy of its files in the default datastore: of equal files the same."""
        if not self._files():
            raise UserErrorException("The dataset has no files.", resolution="dataset.to_path() shows what it has.")
        with tempfile.TemporaryDirectory() as folder:
            self.download(Path(folder, _NAME))
            return uploads.uploaded(self._open, str(Path(folder, _NAME)), show=uploads.unseen)


def _check_count(count: object) -> None:
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise UserErrorException(f"count: a whole number above 0 is expected; found {count!r}.")


class MountContext:
    """A dataset's files in a folder, from `start` to `stop`. What was there before stays."""

    def __init__(self, dataset: FileDataset, mount_point: Path, *, is_own: bool) -> None:
        self._dataset, self.mount_point = dataset, str(mount_point)
        self._is_mounted, self._stays = False, not is_own

    def start(self) -> None:
        """Bring the files. UserErrorException for a folder that is not empty: nothing could be taken away again."""
        place = Path(self.mount_point)
        if is_taken(place) and (not place.is_dir() or any(place.iterdir())):
            raise UserErrorException(f"mount_point: '{place}' is not empty.", resolution="Choose another folder.")
        self._is_mounted, self._stays = True, self._stays and place.exists()
        try:
            self._dataset.download(place)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Take them away again."""
        if not self._is_mounted:
            return
        self._is_mounted = False
        shutil.rmtree(self.mount_point, ignore_errors=True)
        if self._stays:
            Path(self.mount_point).mkdir(exist_ok=True)

    def __enter__(self) -> Self:
        """They are there."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """They are gone."""
        self.stop()
