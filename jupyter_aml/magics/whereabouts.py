"""Which file the running notebook is: VS Code says it, Jupyter's server, the kernel's environment. Reads only."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from jupyter_aml.exceptions import UserErrorException

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

PATIENCE: Final = 1.0
"""Seconds for Jupyter's server to answer; without an answer the kernel's environment tells."""
SESSION: Final = "JPY_SESSION_NAME"
_SUFFIX: Final = ".ipynb"
_NAME_IT: Final = "%aml_submit_notebook --path train.ipynb"


def notebook_path(shell: "InteractiveShell", said: str | None = None) -> Path:
    """The notebook's file: the one that is `said`, else the one that this kernel runs.

    UserErrorException when nobody knows it, or it is not there.
    """
    found = Path(said).expanduser() if said else next(_known(shell), None)
    if found is None:
        message = "Which notebook this is cannot be found: nobody told this kernel."
        raise UserErrorException(message, resolution=f"Name its file: {_NAME_IT}")
    if not found.is_file():
        advice = "Is the path right, from here?" if said else f"Save it, or name its file: {_NAME_IT}"
        raise UserErrorException(f"There is no notebook {found}.", resolution=advice)
    return found.absolute()


def _known(shell: "InteractiveShell") -> Iterator[Path]:
    """Whoever knows it, the surest first: the environment keeps the name that a notebook had when its kernel began."""
    names = shell.user_ns
    if path := _notebook(names.get("__vsc_ipynb_file__")):
        yield path
    if path := _of_server():
        yield path
    for name in (names.get("__session__"), os.environ.get(SESSION)):
        if path := _notebook(name):
            yield path


def _notebook(name: object) -> Path | None:
    return Path(name) if isinstance(name, str) and name.endswith(_SUFFIX) else None


def _of_server() -> Path | None:
    """The notebook of this kernel's session, as its server has it now; None when there is no such server."""
    connection = _connection_file()
    if connection is None:
        return None
    kernel = connection.stem.removeprefix("kernel-")
    try:
        server = json.loads((connection.parent / f"jpserver-{os.getppid()}.json").read_text(encoding="utf-8"))
        sessions = _sessions(server)
    except (OSError, ValueError, KeyError, HTTPException):
        return None
    for session in sessions:
        if session.get("kernel", {}).get("id") == kernel:
            return _notebook(os.path.join(server["root_dir"], session.get("path", "")))  # noqa: PTH118 - a URL's path
    return None


def _connection_file() -> Path | None:
    """The file by which front ends find this kernel; its server's own lies beside it."""
    if "ipykernel" not in sys.modules:
        return None
    from ipykernel.connect import get_connection_file

    try:
        return Path(get_connection_file())
    except RuntimeError:
        return None


def _sessions(server: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a server of this machine has open. Only the one that started this kernel is asked."""
    if server["secure"] or server.get("sock"):
        return []
    asked = HTTPConnection(server["hostname"], int(server["port"]), timeout=PATIENCE)
    try:
        asked.request("GET", f"{server['base_url']}api/sessions", headers={"Authorization": f"token {server['token']}"})
        answer = asked.getresponse()
        told: object = json.loads(answer.read()) if answer.status == 200 else []  # noqa: PLR2004 - HTTP's OK
    finally:
        asked.close()
    return cast("list[dict[str, Any]]", told) if isinstance(told, list) else []
