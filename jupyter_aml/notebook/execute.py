"""`python -m jupyter_aml.notebook.execute NB.ipynb [--name VALUE …]`: a job that is an executed notebook.

It leaves `outputs/NB.ipynb`, written after every cell, and `outputs/NB.html`. Its log is what the cells say, with a
line of progress a cell; after an exception the traceback, and `NB.ipynb, cell 5, line 3: ValueError: …` as last line.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

from jupyter_aml.exceptions import MlException

_NEEDED: Final = ("nbclient", "ipykernel", "nbformat")
_REFUSED: Final = 2
_OUTPUTS: Final = "outputs"
_NO_SCRIPT: Final = '<script src=""></script>'


def main(words: list[str]) -> int:
    """Execute the notebook that is the first word; the exit code of the job."""
    from importlib.util import find_spec

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(
            f"The job's environment has no {' and no '.join(missing)}: a notebook is executed with it. "
            f"Add {', '.join(missing)} to the environment's dependencies.\n"
        )
        return _REFUSED
    try:
        return _execute(Path(words[0]), words[1:])
    except MlException as error:
        sys.stderr.write(f"{error}\n")
        for note in getattr(error, "__notes__", ()):
            sys.stderr.write(f"{note}\n")
        return _REFUSED


def _execute(path: Path, said: list[str]) -> int:
    import nbformat

    from jupyter_aml.notebook.arguments import parameters_of, read_arguments
    from jupyter_aml.notebook.prepared import prepare

    parameters = parameters_of(path, said)
    values = read_arguments(parameters, said)
    content = json.loads(json.dumps(nbformat.read(path, as_version=4)))  # pyright: ignore - nbformat has no types
    prepared = prepare(content, parameters, values, path.absolute().parent)
    # Only now: nbclient and the kernel's client take half a second.
    from jupyter_aml.notebook.execution import Execution

    outputs = Path(_OUTPUTS)
    outputs.mkdir(exist_ok=True)
    execution = Execution(prepared, path.name, outputs / path.name)
    code = execution.run()
    _write_page(execution.nb, outputs / f"{path.stem}.html")
    return code


def _write_page(notebook: object, place: Path) -> None:
    """The executed notebook as a page that asks no other machine for anything."""
    try:
        from nbconvert.exporters.html import HTMLExporter
    except ImportError:
        sys.stderr.write(f"{place}: not written, the job's environment has no nbconvert.\n")
        return
    exporter: Any = HTMLExporter(
        template_name="lab", embed_images=True, require_js_url="", jquery_url="", mathjax_url="", mermaid_js_url="",
        mermaid_layout_elk_js_url="", jupyter_widgets_base_url="", widget_renderer_url="",
    )  # fmt: skip
    text = str(exporter.from_notebook_node(notebook)[0]).replace(_NO_SCRIPT, "")
    beside = place.with_name(f".{place.name}")
    beside.write_text(text, encoding="utf-8")
    beside.rename(place)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
