"""SDK v1's files of a run: uploaded, listed, downloaded. Translates; decides nothing."""

import os
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from jupyter_aml.entities.job_record import SNAPSHOT
from jupyter_aml.entities.names import SnapshotId
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.operations import interactive, run_uploads
from jupyter_aml.v1.arguments import meaningless, refuse
from jupyter_aml.v1.core.run_base import RunBase

_ONE_PLACE = "A run's files lie in one place. To put them elsewhere: datastore.upload_files(…)."
_LOGS = ("azureml-logs", "logs", "user_logs", "system_logs")


class RunFiles(RunBase):
    """The files of a run: what it wrote, what it was given, the code that it ran."""

    def upload_file(
        self, name: str, path_or_stream: str | os.PathLike[str] | IO[bytes], datastore_name: str | None = None
    ) -> None:
        """Keep a file, or what a stream holds, as `name`. ResourceExistsError when there is one of that name."""
        refuse("run.upload_file", _ONE_PLACE, datastore_name=datastore_name)
        source = Path(path_or_stream) if isinstance(path_or_stream, str | os.PathLike) else path_or_stream
        self._keep([(_plain(name), source)])

    def upload_files(
        self,
        names: Sequence[str],
        paths: Sequence[str],
        return_artifacts: bool = False,
        timeout_seconds: int | None = None,
        datastore_name: str | None = None,
    ) -> None:
        """Keep several files. TypeError when there are not as many names as paths.

        `timeout_seconds` has no meaning: they are copied within this machine.
        """
        meaningless("they are copied within this machine", timeout_seconds=timeout_seconds)
        refuse("run.upload_files", _ONE_PLACE, datastore_name=datastore_name)
        refuse("run.upload_files", "Ask run.get_file_names() afterwards.", return_artifacts=return_artifacts)
        if len(names) != len(paths):
            message = f"upload_files: {len(names)} names and {len(paths)} paths."
            raise TypeError(message)
        files = [(_plain(name), Path(path)) for name, path in zip(names, paths, strict=True)]
        self._keep(files)

    def upload_folder(self, name: str, path: str, datastore_name: str | None = None) -> None:
        """Keep all of a folder's files, below `name`."""
        refuse("run.upload_folder", _ONE_PLACE, datastore_name=datastore_name)
        root = Path(path)
        if not root.is_dir():
            raise UserErrorException(f"upload_folder: '{path}' is no folder.")
        found = sorted(file for file in root.rglob("*") if file.is_file())
        self._keep([(f"{_plain(name)}/{file.relative_to(root).as_posix()}", file) for file in found])

    def get_file_names(self) -> list[str]:
        """The names of its files, sorted."""
        return run_uploads.names(self._workspace, self._ran)

    def download_file(self, name: str, output_file_path: str | None = None, _validate_checksum: bool = False) -> None:
        """Copy one file: to a path, into a folder, or here under its own last name."""
        source = run_uploads.path(self._workspace, self._ran, _plain(name))
        target = Path(output_file_path or Path(name).name)
        _copy(source, target / Path(name).name if target.is_dir() or str(output_file_path).endswith("/") else target)

    def download_files(  # noqa: PLR0917 - SDK v1's signature
        self,
        prefix: str | None = None,
        output_directory: str | None = None,
        output_paths: Sequence[str] | None = None,
        batch_size: int = 100,
        append_prefix: bool = True,
        timeout_seconds: int | None = None,
    ) -> None:
        """Copy the files whose names begin so: below a folder under those names, or to as many paths.

        `batch_size` and `timeout_seconds` have no meaning: they are copied within this machine.
        """
        meaningless("they are copied within this machine", batch_size=batch_size, timeout_seconds=timeout_seconds)
        start = _plain(prefix or "")
        wanted = [name for name in self.get_file_names() if not start or name == start or name.startswith(start)]
        if output_paths is not None and len(output_paths) != len(wanted):
            raise UserErrorException(f"download_files: {len(output_paths)} output_paths for {len(wanted)} files.")
        for place, name in enumerate(wanted):
            kept = name if append_prefix or not start else name.removeprefix(start).lstrip("/") or Path(name).name
            target = Path(output_paths[place]) if output_paths else Path(kept)
            _copy(run_uploads.path(self._workspace, self._ran, name), Path(output_directory or ".") / target)

    def get_all_logs(self, destination: str | None = None) -> list[str]:
        """Copy its logs below a folder, or here; the paths of the copies."""
        copies = [(name, Path(destination or ".") / name) for name in self.get_file_names() if name.startswith(_LOGS)]
        for name, target in copies:
            _copy(run_uploads.path(self._workspace, self._ran, name), target)
        return [str(target) for _, target in copies]

    def get_snapshot_id(self) -> str:
        """The id of the code that it ran. UserErrorException when it ran none."""
        found = self._record.properties.get(SNAPSHOT)
        if not found:
            raise UserErrorException(f"'{self.id}' has no snapshot: it ran no code folder of its own.")
        return found

    def take_snapshot(self, file_or_folder_path: str | os.PathLike[str]) -> str:
        """Freeze a folder as the code of an interactive run; the id of that. UserErrorException for any other path."""
        if not Path(file_or_folder_path).is_dir():
            raise UserErrorException(f"take_snapshot: '{file_or_folder_path}' is no folder.")
        return interactive.freeze(self._workspace, self.id, Path(file_or_folder_path))

    def restore_snapshot(self, snapshot_id: str | None = None, path: str | None = None) -> str:
        """Write the code that it ran as a zip file into a folder, or here; the path of that file.

        UserErrorException for a snapshot that the workspace does not have.
        """
        wanted = snapshot_id or self.get_snapshot_id()
        snapshots = self._workspace.snapshots
        if not snapshots.holds(wanted):
            raise UserErrorException(
                f"snapshot_id: '{wanted}' is no snapshot of this workspace.", resolution="run.get_snapshot_id()"
            )
        target = Path(path or ".") / f"{wanted}.zip"
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in snapshots.read(SnapshotId(wanted)).files:
                archive.write(snapshots.blobs.path(file.blob), file.path)
        return str(target)

    def _keep(self, files: Sequence[tuple[str, run_uploads.Source]]) -> None:
        """Keep these files, all of them or none."""
        run_uploads.add_all(self._workspace, self.id, files)

    def _log_texts(self, logs: Iterable[str]) -> dict[str, Any]:
        """What stands in these logs."""
        paths = {name: run_uploads.path(self._workspace, self._ran, name) for name in logs}
        return {name: path.read_text(encoding="utf-8", errors="replace") for name, path in paths.items()}

    def _log_files(self) -> dict[str, str]:
        """Its logs, by name: where each of them is."""
        return {name: (self._view / name).as_uri() for name in self.get_file_names() if name.startswith(_LOGS[:3])}


def _plain(name: str) -> str:
    return name.removeprefix("./")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink():
        target.unlink()  # the copy takes the link's place: what it leads to is not this run's to change
    shutil.copyfile(source, target)
