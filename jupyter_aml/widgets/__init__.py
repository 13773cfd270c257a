"""What is seen: a run's tabs and lists of jobs, as static HTML and as text. Nothing is decided or stored here."""

from jupyter_aml.widgets.run_details import RunDetails, show_job

__all__ = ["RunDetails", "show_job"]
