"""JupyterLab's server extension: questions of views by REST, files, a page for a run. Surfaces decide nothing.

It needs no kernel: a view goes on while kernels come and go, and its buttons work while a cell keeps one busy.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "jupyter_aml.server"}]


def _load_jupyter_server_extension(server_app: "ServerApp") -> None:
    from jupyter_aml.server.routes import handlers

    server_app.web_app.add_handlers(".*$", handlers(server_app.web_app.settings["base_url"]))
