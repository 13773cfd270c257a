"""A notebook as the code of a job: the files that its folder needs, and the command that runs them. Nothing is run."""

import hashlib
import os
import shlex
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from jupyter_aml.entities.cell_lines import CellLines
from jupyter_aml.notebook.arguments import parameters_file, to_json
from jupyter_aml.notebook.script.script import Parameter, Script


def as_script(script: Script) -> dict[str, bytes]:
    """The files of a job that runs the script: itself, its line map, its requirements, modules beside the notebook."""
    lines = CellLines.of(script.notebook, script.name, script.lines, script.sources, script.main)
    return {
        **_modules(script),
        script.name: script.text.encode(),
        lines.file: lines.to_json().encode(),
        "requirements.txt": "".join(f"{line}\n" for line in script.requirements).encode(),
    }


def as_notebook(script: Script, notebook: bytes) -> dict[str, bytes]:
    """The files of a job that executes the notebook."""
    return {
        **_modules(script),
        script.notebook: notebook,
        parameters_file(script.notebook): to_json(script.parameters).encode(),
    }


def _modules(script: Script) -> dict[str, bytes]:
    return {file.path: file.found.read_bytes() for file in script.files}


def arguments(parameters: Iterable[Parameter]) -> str:
    """`--rate=${{inputs.rate}} …`: with `=`, for values that begin with a dash; in brackets what may be left out."""
    return "".join(f" {_argument(one)}" for one in parameters)


def _argument(parameter: Parameter) -> str:
    reference = f"${{{{inputs.{parameter.name}}}}}"
    quote = "'" if parameter.kind in {"string", "json"} else ""
    said = f"--{parameter.name}={quote}{reference}{quote}"
    return f"$[[{said}]]" if parameter.is_optional else said


def quoted(name: str) -> str:
    """A file's name for the shell."""
    return shlex.quote(name)


def keep(files: Mapping[str, bytes], below: Path) -> Path:
    """The folder with these files, named by their content: equal notebooks are the same code. It appears whole."""
    mark = hashlib.sha256()
    for path, content in sorted(files.items()):
        mark.update(f"{path}\0{len(content)}\0".encode() + content)
    folder = below / mark.hexdigest()[:20]
    if not folder.is_dir():
        aside = below / f".{folder.name}.{os.getpid()}"
        for path, content in files.items():
            (aside / path).parent.mkdir(parents=True, exist_ok=True)
            (aside / path).write_bytes(content)
        try:
            aside.rename(folder)
        except OSError:  # another process was first with the same one
            shutil.rmtree(aside, ignore_errors=True)
            if not folder.is_dir():
                raise
    return folder
