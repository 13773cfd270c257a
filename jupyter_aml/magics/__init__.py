"""What is typed: the magics. Each parses its line, makes one call and shows the value; nothing is decided here."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(ip: "InteractiveShell") -> None:
    """Register the magics, their completion, the run view of jobs, and where plain `mlflow` logs."""
    from jupyter_aml.magics import completion, session
    from jupyter_aml.magics.job import JobMagics
    from jupyter_aml.magics.workspace import WorkspaceMagics

    session.SESSION.follow_mlflow(os.environ)
    ip.register_magics(JobMagics)
    ip.register_magics(WorkspaceMagics)
    completion.register(ip)
    _show_returned_jobs(ip)


def unload_ipython_extension(ip: "InteractiveShell") -> None:
    """Take the completion away again; magics stay registered until the kernel ends, as in IPython itself."""
    from jupyter_aml.magics import completion

    completion.unregister(ip)


def _show_returned_jobs(ip: "InteractiveShell") -> None:
    """A job as a cell's last value opens its run view."""
    from IPython.core.formatters import DisplayFormatter

    formatter = ip.display_formatter
    if isinstance(formatter, DisplayFormatter):
        formatter.ipython_display_formatter.for_type_by_name("jupyter_aml.entities.job", "Job", _show)


def _show(job: object) -> None:
    from jupyter_aml.magics.session import SESSION
    from jupyter_aml.widgets.run_details import NamedJob, show_job

    if isinstance(job, NamedJob):
        show_job(job, SESSION.client)
