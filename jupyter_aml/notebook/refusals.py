"""Why a cell cannot become a job, said with its cell, line and a way out. Nothing is pickled or run here."""

import ast
import difflib
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_aml.exceptions import CaptureError
from jupyter_aml.notebook.flow import Use
from jupyter_aml.notebook.origin import CellOrigin

NOTEBOOK_ONLY: Final = {
    "get_ipython": "There is no IPython shell in a job; do this in a cell of its own, before the job.",
    "In": "The notebook's history stays in the notebook; use the code itself.",
    "Out": "The notebook's history stays in the notebook; put the value into a variable and use that.",
}
NOTEBOOK_ONLY_BUILTINS: Final = {"input": "A job has no keyboard; pass the value with --input name=value."}

_MAGIC: Final = re.compile(r"^\s*(?:[\w.,\s\[\]'\"]+=\s*)?(?P<mark>%%?|!!?)(?P<word>[\w./-]*)")
_HELP: Final = re.compile(r"^\s*\?{1,2}\w|[\w.]\?{1,2}\s*$")
_INSTEAD_OF_SHELL: Final = "Use subprocess.run([...], check=True), or %%aml_job --code FOLDER with a shell command."
_ELSEWHERE: Final = "Run the cell that defines it, define it here, or pass it with --input."
_WAYS_OUT: Final = {
    "pip": "Install it in the job's environment: see --environment.",
    "conda": "Install it in the job's environment: see --environment.",
    "uv": "Install it in the job's environment: see --environment.",
    "time": "Remove it: a job records how long it ran.",
    "timeit": "Call timeit.timeit(...) in the cell.",
    "matplotlib": "Remove it: a job keeps figures with mlflow.log_figure(...) or savefig under ./outputs.",
    "env": "Give the job the variable with --env NAME=VALUE.",
    "set_env": "Give the job the variable with --env NAME=VALUE.",
    "cd": "Use os.chdir(...), or --code FOLDER to run a command in a folder.",
    "run": "Import the script, or run it with %%aml_job --code FOLDER.",
    "load_ext": "Load extensions in a cell of their own; a job has no magics.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A cell and the lines of it, for messages that point into them."""

    origin: CellOrigin
    lines: Sequence[str]

    def refuse(self, line: int, column: int, width: int, what: str, way_out: str) -> CaptureError:
        """The error that names cell and line and shows the line with a caret; `column` counts from 0."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        indent = len(text) - len(text.lstrip())
        caret = " " * max(column - indent, 0) + "^" * max(width, 1)
        shown = f"\n    {text.strip()}\n    {caret}" if text.strip() else ""
        return CaptureError(f"{self.origin.label}, line {line}: {what}{shown}", resolution=way_out)


def parsed(source: str, origin: CellOrigin) -> tuple[ast.Module, Place]:
    """The cell's syntax tree, its lines numbered as in the notebook.

    Raises:
        CaptureError: not Python: a magic, a shell command, or a syntax error.
    """
    padded = "\n" * (origin.first_line - 1) + source
    place = Place(origin, padded.splitlines())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            warnings.simplefilter("ignore", DeprecationWarning)
            tree = ast.parse(padded, origin.label)
            compile(tree, origin.label, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except SyntaxError as error:
        raise _syntax_refusal(error, place) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise place.refuse(origin.first_line, 0, 1, f"this is not Python: {error}", "") from None
    if not tree.body:
        way_out = "Write the job's Python below the magic line."
        raise place.refuse(origin.first_line, 0, 1, "the cell holds nothing to run.", way_out)
    return tree, place


def _syntax_refusal(error: SyntaxError, place: Place) -> CaptureError:
    line = error.lineno or place.origin.first_line
    text = place.lines[line - 1] if line <= len(place.lines) else ""
    if found := _MAGIC.match(text):
        return _magic_refusal(place, line, found)
    if _HELP.search(text):
        return place.refuse(line, 0, len(text.strip()), "help (?) works in the notebook only.", "Remove it.")
    column = max((error.offset or 1) - 1, 0)
    end = error.end_offset if error.end_lineno == error.lineno else None
    width = max((end or 0) - 1 - column, 1)
    return place.refuse(line, column, width, f"SyntaxError: {error.msg}", "")


def _magic_refusal(place: Place, line: int, found: re.Match[str]) -> CaptureError:
    mark, word = found["mark"], found["word"]
    width = found.end() - found.start("mark")
    if mark.startswith("!"):
        what = "a shell command (!) works in the notebook only."
        way_out = _WAYS_OUT.get(word, _INSTEAD_OF_SHELL)
    else:
        what = f"the magic {mark}{word} works in the notebook only."
        way_out = _WAYS_OUT.get(word, "Run it in a cell of its own, before the job.")
    return place.refuse(line, found.start("mark"), width, what, way_out)


def refuse_undefined(uses: Sequence[Use], known: Iterable[str], place: Place) -> CaptureError:
    """The error for names that nothing defines: the first with its line, the others by name."""
    first = uses[0]
    others = "".join(f"\n{place.origin.label}, line {u.line}: name '{u.name}' is not defined." for u in uses[1:])
    near = difflib.get_close_matches(first.name, list(known), n=1, cutoff=0.6)
    way_out = f"Did you mean '{near[0]}'?" if near else _ELSEWHERE
    what = f"NameError: name '{first.name}' is not defined."
    error = place.refuse(first.line, first.column, len(first.name), what, way_out)
    return CaptureError(error.message + others, resolution=error.resolution)


def refuse_notebook_only(use: Use, place: Place) -> CaptureError:
    """The error for a name that means something in a notebook only."""
    way_out = (NOTEBOOK_ONLY | NOTEBOOK_ONLY_BUILTINS)[use.name]
    return place.refuse(use.line, use.column, len(use.name), f"'{use.name}' works in the notebook only.", way_out)
