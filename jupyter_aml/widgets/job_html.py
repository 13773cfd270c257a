"""A returned job as Azure ML itself shows one: a table of five cells. Markup only."""

from jupyter_aml.widgets.markup import Markup, esc
from jupyter_aml.widgets.parts import code


def job_html(*, experiment: str, name: str, type: str, status: str, details: str = "") -> Markup:
    """Experiment, name, type, status and where its details are: an address becomes a link."""
    heads = "".join(f"<th>{head}</th>" for head in ("Experiment", "Name", "Type", "Status", "Details Page"))
    cells = (esc(experiment, 300), esc(name, 300), esc(type, 100), esc(status, 100), _place(details))
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return Markup(f"<table style='width:100%'><tr>{heads}</tr><tr>{row}</tr></table>")


def _place(details: str) -> Markup:
    if details.startswith(("https://", "http://")):
        return Markup(f"<a href='{esc(details)}' target='_blank' rel='noopener'>Link to the run's details</a>")
    return code(details)
