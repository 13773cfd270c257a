"""A notebook as the code of a job: the files that its folder needs, and the command that runs them. Nothing is run."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from jupyter_aml.entities.cell_lines import CellLines
from jupyter_aml.notebook.arguments import parameters_file, to_json
from jupyter_aml.notebook.script.script import Parameter, Script

QUOTE: Final = "'"
"""What text stands in on the command line; a value with one in it would end there."""


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
    said = (
        f"--{parameter.name}={QUOTE}{reference}{QUOTE}" if is_quoted(parameter) else f"--{parameter.name}={reference}"
    )
    return f"$[[{said}]]" if may_be_left_out(parameter) else said


def is_quoted(parameter: Parameter) -> bool:
    """Its value is any text: Azure ML puts it into the command as it is, and so it stands in quotes there."""
    return parameter.kind in {"string", "json"}


def text_of(value: object) -> str:
    """A value as the command line says it."""
    return value if isinstance(value, str) else json.dumps(value)


def may_be_left_out(parameter: Parameter) -> bool:
    """The script has a default of its own that the command line need not or cannot say."""
    return parameter.is_optional or (is_quoted(parameter) and QUOTE in text_of(parameter.default))


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
