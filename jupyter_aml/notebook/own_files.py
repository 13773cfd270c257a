"""A converted notebook as files of yours: script, YAML of a job or a component, conda.yml. Nothing is submitted."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_aml.entities.draft import to_yaml
from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.notebook import job_yaml
from jupyter_aml.notebook.script import Script

CONDA: Final = "conda.yml"
_CODE: Final = "src"
_YAML: Final = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files, and where.

    `script` when not given: beside the notebook under its name; below `src/` there when a YAML is wanted, so that the
    code of its job is not all that lies around. `environment` is one of the workspace's, in place of a conda.yml.
    """

    notebook: Path
    script: Path | None = None
    job: Path | None = None
    component: Path | None = None
    environment: str = ""

    def at(self, script: Script) -> Path:
        """Where the script goes."""
        folder = self.notebook.parent
        return self.script or (folder / _CODE if self.job or self.component else folder) / script.name


def files(script: Script, wanted: Wanted) -> dict[Path, bytes]:
    """The wanted files and their contents. UserErrorException for one whose name says that it is something else."""
    if wanted.script:
        _check("the script", wanted.script, (".py",))
    if wanted.job and wanted.job == wanted.component:
        raise UserErrorException(f"{wanted.job} cannot be both a job and a component.", resolution="Name two files.")
    return dict(_files(script, wanted, wanted.at(script)))


def _files(script: Script, wanted: Wanted, program: Path) -> Iterator[tuple[Path, bytes]]:
    yield program, script.text.encode()
    if program.parent.resolve() != wanted.notebook.parent.resolve():
        yield from ((program.parent / file.path, file.found.read_bytes()) for file in script.files)
    for what, path in (("the job", wanted.job), ("the component", wanted.component)):
        if path:
            _check(what, path, _YAML)
            yield path, to_yaml(_fields(script, wanted, program, path)).encode()
    if not wanted.environment:
        for folder in {path.parent for path in (wanted.job, wanted.component) if path}:
            yield folder / CONDA, to_yaml(job_yaml.conda(script)).encode()


def _check(what: str, path: Path, endings: tuple[str, ...]) -> None:
    if path.suffix not in endings or path.name == CONDA:
        message = f"{path.name} is no name for {what}."
        raise UserErrorException(message, resolution=f"It ends with {' or '.join(endings)}, and is not {CONDA}.")


def _fields(script: Script, wanted: Wanted, program: Path, path: Path) -> job_yaml.Fields:
    code = _seen(program.parent, path.parent)
    environment = wanted.environment or job_yaml.environment(f"./{CONDA}")
    if path == wanted.job:
        data = wanted.notebook.parent
        return job_yaml.job(
            script, code=code, environment=environment, placed=lambda text: _seen(data / text, path.parent)
        )
    return job_yaml.component(script, code=code, environment=environment)


def _seen(path: Path, folder: Path) -> str:
    """The path as a YAML in the folder says it."""
    seen = Path(os.path.relpath(path, folder)).as_posix()
    return seen if seen.startswith(".") else f"./{seen}"


def write(contents: Mapping[Path, bytes], *, force: bool = False) -> None:
    """Write files, each whole; those that say the same already are left alone.

    Raises:
        UserErrorException: one is there and says something else, and `force` is not given. None is written then.
    """
    changed = {path: content for path, content in contents.items() if not _says(path, content)}
    if lost := [str(path) for path in changed if path.exists() and not force]:
        raise UserErrorException(
            f"Nothing was written: {', '.join(lost)} {'is' if len(lost) == 1 else 'are'} there, with other content.",
            resolution="--force writes over it; --outfile FILE writes the script elsewhere.",
        )
    for path, content in changed.items():
        _put(path, content)


def _says(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _put(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise UserErrorException(f"{path} cannot be written: {error.strerror}.") from None
