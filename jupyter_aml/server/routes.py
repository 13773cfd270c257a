"""Which address leads to which handler. Nothing is answered here."""

from jupyter_server.base.handlers import AuthenticatedFileHandler
from jupyter_server.utils import url_path_join

from jupyter_aml.server.ask import AskHandler
from jupyter_aml.server.clients import Clients
from jupyter_aml.server.files import FileHandler
from jupyter_aml.server.notebooks import NotebookHandler
from jupyter_aml.server.page import RunPage
from jupyter_aml.widgets.carriers import MODULE


def handlers(base_url: str) -> list[tuple[str, type, dict[str, object]]]:
    """Everything below `<base>jupyter-aml/`."""
    clients = Clients()
    known = {"clients": clients}
    return [
        (url_path_join(base_url, "jupyter-aml", "ask", r"([a-z_]{1,40})"), AskHandler, dict(known)),
        (url_path_join(base_url, "jupyter-aml", "notebook", "(interface|submit)"), NotebookHandler, dict(known)),
        (url_path_join(base_url, "jupyter-aml", "file"), FileHandler, dict(known)),
        (url_path_join(base_url, "jupyter-aml", "run"), RunPage, dict(known)),
        (
            url_path_join(base_url, "jupyter-aml", "static", "(.*)"),
            AuthenticatedFileHandler,
            {"path": str(MODULE.parent)},
        ),
    ]
