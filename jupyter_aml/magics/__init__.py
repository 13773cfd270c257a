"""What is typed: the magics. Each parses its line, makes one call and shows the value; nothing is decided here."""

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.lib.pretty import RepresentationPrinter

_PLAIN: Final = (("role", "Role"), ("role", "Assignment"), ("role", "Who"), ("compute", "AmlComputeNodeInfo"))
"""Values without a face of their own."""
_JOBS: Final = (("job", "Job"), ("sweep", "Sweep"))
"""Values that open their run view."""


def load_ipython_extension(ip: "InteractiveShell") -> None:
    """Register the magics, their completion, the run view of jobs, and where plain `mlflow` logs."""
    from jupyter_aml.magics import completion, session
    from jupyter_aml.magics.job import JobMagics
    from jupyter_aml.magics.nouns import register
    from jupyter_aml.magics.pipeline import PipelineMagics
    from jupyter_aml.magics.sweep import SweepMagics
    from jupyter_aml.magics.workspace import WorkspaceMagics

    session.SESSION.follow_mlflow(os.environ)
    ip.register_magics(JobMagics)
    ip.register_magics(SweepMagics)
    ip.register_magics(WorkspaceMagics)
    register(ip)
    ip.register_magics(PipelineMagics)  # its %%aml_component is more than the noun's
    completion.register(ip)
    _show_values(ip)


def unload_ipython_extension(ip: "InteractiveShell") -> None:
    """Take the completion away again; magics stay registered until the kernel ends, as in IPython itself."""
    from jupyter_aml.magics import completion

    completion.unregister(ip)


def _show_values(ip: "InteractiveShell") -> None:
    """A job as a cell's last value opens its run view; any other draft is a table of its fields."""
    from IPython.core.formatters import DisplayFormatter

    formatter = ip.display_formatter
    if isinstance(formatter, DisplayFormatter):
        for room, kind in _JOBS:
            formatter.ipython_display_formatter.for_type_by_name(f"jupyter_aml.entities.{room}", kind, _show)
        html, text = formatter.formatters["text/html"], formatter.formatters["text/plain"]
        html.for_type_by_name("jupyter_aml.entities.draft", "Draft", _fields)
        for room, kind in _PLAIN:
            html.for_type_by_name(f"jupyter_aml.entities.{room}", kind, _fields)
            text.for_type_by_name(f"jupyter_aml.entities.{room}", kind, _lines)


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
    from jupyter_aml.magics.session import SESSION
    from jupyter_aml.widgets.run_details import NamedJob, show_job

    if isinstance(job, NamedJob):
        show_job(job, SESSION.client)
