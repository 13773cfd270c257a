"""A captured cell as a folder of code that runs with `python run_cell.py`. Equal cells give equal bytes."""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from jupyter_aml.notebook.modules import CELL_FILE, ENTRY_FILE, VALUES_FILE
from jupyter_aml.notebook.origin import CapturedCell

COMMAND: Final = f"python {ENTRY_FILE}"
LABEL: Final = "JUPYTER_AML_CELL"

_ENTRY: Final = '''\
"""Runs {cell} with the variables that the notebook had."""

from jupyter_aml.runner import cell


def imports() -> dict[str, object]:
    """The modules that the notebook had imported and the cell uses."""
{imports}
    return locals()


def preload() -> None:
    """What the notebook's values are made with."""
{preloads}

cell.run(
    imports,
    preload,
    name=__name__,
    notebook={notebook},
    first_line={first_line},
    inputs={inputs},
    outputs={outputs},
)
'''


def write(
    cell: CapturedCell,
    folder: Path,
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
) -> str:
    """Write the cell's files into `folder` and return the command that runs them.

    `inputs` and `outputs` map each name to its Azure ML type (`number`, `uri_folder` …); the cell finds
    their values as variables of those names. Which cell of the notebook it was is not written, so that the same
    cell run again is the same code: the job is told by its environment (`environment(cell)`).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in cell.files:
        (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.found, folder / file.path)
    (folder / CELL_FILE).write_text(cell.source, encoding="utf-8", newline="\n")
    (folder / VALUES_FILE).write_bytes(cell.values)
    (folder / ENTRY_FILE).write_text(_entry(cell, inputs or {}, outputs or {}), encoding="utf-8", newline="\n")
    return COMMAND


def environment(cell: CapturedCell) -> dict[str, str]:
    """The environment variables with which the job's tracebacks name the cell."""
    return {LABEL: cell.origin.label}


def _entry(cell: CapturedCell, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> str:
    return _ENTRY.format(
        cell=CELL_FILE,
        imports=_indented(cell.imports),
        preloads=_indented(cell.preloads),
        notebook=json.dumps(cell.origin.notebook),
        first_line=cell.origin.first_line,
        inputs=json.dumps(dict(inputs)),
        outputs=json.dumps(dict(outputs)),
    )


def _indented(statements: Iterable[str]) -> str:
    return "".join(f"    {statement}\n" for statement in statements)
