"""`%aml_submit_notebook`: the notebook that the line stands in, as a job. Parses, submits, shows."""

import os
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from IPython.core.magic import Magics, line_magic, magics_class

from jupyter_aml.exceptions import UserErrorException
from jupyter_aml.magics import options
from jupyter_aml.magics.job import LAST, follow, refuse_both, submitted
from jupyter_aml.magics.live_cells import RUN, live, unsaved
from jupyter_aml.magics.outcry import plain
from jupyter_aml.magics.parser import Line, parse, usage
from jupyter_aml.magics.whereabouts import notebook_path
from jupyter_aml.verbs.option import read

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_aml.client.notebooks import RunAs, Settings
    from jupyter_aml.entities.job import Command

_WAY: Final = next(option for option in options.SUBMIT_NOTEBOOK if option.name == "--as")
_MOST_NAMED: Final = 3


@magics_class
class NotebookMagics(Magics):
    """The magic about whole notebooks."""

    @line_magic
    @plain
    def aml_submit_notebook(self, line: str) -> None:
        """Submit the notebook that this line stands in as a job, as it is saved.

        %aml_submit_notebook [--param k=v …] [options]   A script is made of it; what only shows something is left out.
        %aml_submit_notebook --as notebook …             It is executed; the executed notebook is an output.
        %aml_submit_notebook --live …                    The cells as they last ran here, saved or not.

        Parameters are those of the cell tagged `parameters`, or that begins with `# parameters`. In a job this line
        does nothing. The submitted job is in the variable `_aml_job`. Options:
        {options}

        Examples
        --------
        %aml_submit_notebook --param rate=0.1 rounds=20
        %aml_submit_notebook --as notebook --compute cpu-cluster --experiment nightly
        """
        from jupyter_aml.notebook.kernel import EXECUTED, left_out

        if EXECUTED in os.environ:
            sys.stdout.write(left_out("%aml_submit_notebook") + "\n")
            return
        asked = parse(line, options.SUBMIT_NOTEBOOK)
        refuse_both(asked, "--wait", "--no-wait")
        job = submitted(self._draft(asked))
        self._shell.user_ns[LAST] = job
        follow(asked, job)

    @property
    def _shell(self) -> "InteractiveShell":
        if self.shell is None:
            message = "The magics need IPython."
            raise UserErrorException(message, resolution="In Python: jupyter_aml.notebook_job('train.ipynb')")
        return self.shell

    def _draft(self, line: Line) -> "Command":
        """The job, and a word about what it will not do as the notebook here does."""
        from jupyter_aml.client.notebooks import drafted
        from jupyter_aml.magics.drafts import settings

        path = notebook_path(self._shell, line.one("--path"))
        content = _live(path) if "--live" in line.flags else None
        if content is None and not line.one("--path"):
            _say_what_is_unsaved(path)
        draft, remarks = drafted(
            path,
            inputs=line.pairs("--param"),
            run_as=cast("RunAs", read(_WAY, line.one("--as") or "script")),
            keep=line.values.get("--keep", ()),
            content=content,
            **cast("Settings", settings(line)),
        )
        for remark in remarks:
            _say(remark)
        return draft


NotebookMagics.aml_submit_notebook.__doc__ = (NotebookMagics.aml_submit_notebook.__doc__ or "").replace(
    "{options}",
    usage(options.SUBMIT_NOTEBOOK).replace("\n", "\n        "),
)


def parameters(shell: "InteractiveShell") -> list[str]:
    """`name=` of each parameter of the saved notebook: what Tab offers."""
    path = notebook_path(shell)
    return [f"{name}=" for name in _names(path, path.stat().st_mtime_ns)]


def rules() -> list[str]:
    """What may be kept."""
    from jupyter_aml.notebook.script.script import DROPS

    return ["all", *DROPS]


@lru_cache(maxsize=8)
def _names(path: Path, changed: int) -> tuple[str, ...]:
    from jupyter_aml.notebook.interface import interface

    del changed  # another state of the file is another answer
    return tuple(parameter.name for parameter in interface(path).parameters)


def _live(path: Path) -> Mapping[str, Any]:
    from jupyter_aml.notebook.script.cells import load

    return live(load(path), RUN.cells())


def _say_what_is_unsaved(path: Path) -> None:
    """Who forgot to save would wonder about the job."""
    from jupyter_aml.notebook.script.cells import read as read_cells

    saved = [cell.source for cell in read_cells(path, path.name).cells]
    missing = unsaved(saved, path.stat().st_mtime, RUN.cells())
    if missing:
        named = ", ".join(f"'{first}'" for first in missing[:_MOST_NAMED])
        more = f" and {len(missing) - _MOST_NAMED} more" if len(missing) > _MOST_NAMED else ""
        _say(f"{path.name} is submitted as it was saved, without what ran here since: {named}{more}.")
        _say("Save it and submit again, or add --live: the cells as they ran.")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
