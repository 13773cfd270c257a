"""Where a job's outputs go: folders that exist before it starts (§7.3), and what a job put in place of them."""

import errno
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from jupyter_aml.entities.launch import OutputSpec
from jupyter_aml.runner.working_directory import STREAMED, copy


def make(outputs: Mapping[str, OutputSpec], staging: Path) -> dict[str, str]:
    """Make every output's folder (of a file: the folder it will stand in); the path by name.

    What goes to storage elsewhere gets a folder below `staging`; an output in mode `direct` is its URI.
    """
    places = {name: _place(output, staging / name) for name, output in outputs.items()}
    for name, output in outputs.items():
        if output.is_sent or not output.is_remote:
            path = Path(places[name])
            folder = path.parent if output.type == "uri_file" else path
            folder.mkdir(parents=True, exist_ok=True)
    return places


def _place(output: OutputSpec, staging: Path) -> str:
    if not output.is_sent:
        return output.path
    return str(staging / Path(output.path).name if output.type == "uri_file" else staging)


def collect(code: Path, artifacts: str) -> Iterator[str]:
    """Move what stands where `outputs` and `logs` led to the artifacts; a sentence about each that was replaced.

    Of two files with one name the newer stays in the artifacts. What cannot be moved stays where it is.
    """
    for name in STREAMED:
        place, target = code / name, Path(artifacts, name)
        if place.is_symlink() or not place.exists():
            continue
        moved = list(_moved(place, target) if place.is_dir() else _moved_file(place, target / name))
        sentence = f"{name} was no longer the job's own folder: {sum(moved)} files were moved to the artifacts"
        stayed = len(moved) - sum(moved)
        yield sentence + (f", {stayed} stayed in {place}" if stayed else "")


def _moved(folder: Path, target: Path) -> Iterator[bool]:
    try:
        target.mkdir(parents=True, exist_ok=True)
        found = list(folder.iterdir())
    except OSError:
        yield False
        return
    for each in found:
        is_folder = each.is_dir() and not each.is_symlink()
        yield from (_moved if is_folder else _moved_file)(each, target / each.name)


def _moved_file(source: Path, target: Path) -> Iterator[bool]:
    """Whether it was moved: not over a newer one, not over a folder."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if is_older := target.is_symlink() or target.exists():
            is_older = source.lstat().st_mtime_ns < target.lstat().st_mtime_ns
        if not is_older:
            _move(source, target)
        yield not is_older
    except OSError:
        yield False


def _move(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV or not (source.is_file() or source.is_symlink()):
            raise
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        if source.is_symlink():
            beside.symlink_to(source.readlink())
        else:
            copy(str(source), str(beside), source.stat().st_mode & 0o777)
        beside.replace(target)
        source.unlink()
