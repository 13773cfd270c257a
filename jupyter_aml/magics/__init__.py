"""What is typed: the magics. Each parses its line, makes one call and shows the value; nothing is decided here."""

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from IPython.core.formatters import DisplayFormatter
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.lib.pretty import RepresentationPrinter

_PLAIN: Final = (("role", "Role"), ("role", "Assignment"), ("role", "Who"), ("compute", "AmlComputeNodeInfo"))
"""Values without a face of their own."""


def load_ipython_extension(ip: "InteractiveShell") -> None:
    """Register the magics, their completion, the run view of jobs, and where plain `mlflow` logs."""
    from jupyter_aml.magics import completion, session
    from jupyter_aml.magics.job import JobMagics
    from jupyter_aml.magics.live_cells import RUN
    from jupyter_aml.magics.notebook import NotebookMagics
    from jupyter_aml.magics.nouns import register
    from jupyter_aml.magics.pipeline import PipelineMagics
    from jupyter_aml.magics.run import RunMagics
    from jupyter_aml.magics.sweep import SweepMagics
    from jupyter_aml.magics.wait import WaitMagics
    from jupyter_aml.magics.workspace import WorkspaceMagics

    session.SESSION.follow_mlflow(os.environ)
    ip.register_magics(JobMagics)
    ip.register_magics(SweepMagics)
    ip.register_magics(WorkspaceMagics)
    ip.register_magics(RunMagics)
    ip.register_magics(WaitMagics)
    ip.register_magics(NotebookMagics)
    RUN.begin(ip)
    register(ip)
    ip.register_magics(PipelineMagics)  # its %%aml_component is more than the noun's
    completion.register(ip)
    _show_values(ip)


def open_jobs() -> None:
    """A job as a cell's last value opens its run view, for whoever uses Python and no magic. Not in a terminal."""
    from IPython import get_ipython
    from IPython.core.formatters import DisplayFormatter

    shell = get_ipython()
    formatter = shell.display_formatter if shell and type(shell).__name__ != "TerminalInteractiveShell" else None
    if isinstance(formatter, DisplayFormatter):
        _open_jobs(formatter)


def unload_ipython_extension(ip: "InteractiveShell") -> None:
    """Take the completion away again; magics stay registered until the kernel ends, as in IPython itself."""
    from jupyter_aml.magics import completion
    from jupyter_aml.magics.live_cells import RUN

    completion.unregister(ip)
    RUN.end(ip)


def _show_values(ip: "InteractiveShell") -> None:
    """A job as a cell's last value opens its run view; a draft is a table of its fields."""
    from IPython.core.formatters import DisplayFormatter

    formatter = ip.display_formatter
    if isinstance(formatter, DisplayFormatter):
        _open_jobs(formatter)
        html, text = formatter.formatters["text/html"], formatter.formatters["text/plain"]
        html.for_type_by_name("jupyter_aml.entities.draft", "Draft", _fields)
        for room, kind in _PLAIN:
            html.for_type_by_name(f"jupyter_aml.entities.{room}", kind, _fields)
            text.for_type_by_name(f"jupyter_aml.entities.{room}", kind, _lines)


def _open_jobs(formatter: "DisplayFormatter") -> None:
    formatter.ipython_display_formatter.for_type_by_name("jupyter_aml.entities.job", "Job", _show)


def _fields(thing: object) -> str:
    from jupyter_aml.verbs.value import plain_one
    from jupyter_aml.widgets.fields import fields_html

    return fields_html(type(thing).__name__, plain_one(thing))


def _lines(thing: object, printer: "RepresentationPrinter", cycle: bool) -> None:  # noqa: FBT001 - IPython's own signature
    from jupyter_aml.verbs.value import plain_one
    from jupyter_aml.widgets.fields import fields_text

    del cycle
    printer.text(fields_text(plain_one(thing)))


def _show(job: object) -> None:
    """Its run view; one that is not there (any more) has its own small table, as every front end shows it."""
    from jupyter_aml.exceptions import MlException
    from jupyter_aml.widgets.run_details import NamedJob, show_job

    try:
        if isinstance(job, NamedJob):
            show_job(job)
    except MlException:
        raise NotImplementedError from None  # IPython's word for: show it as you would without me
