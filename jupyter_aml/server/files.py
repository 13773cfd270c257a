"""Files of runs to look at or keep: `GET jupyter-aml/file`. A browser is never given a page to run from here."""

import asyncio
import mimetypes
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, authenticated

from jupyter_aml.exceptions import MlException
from jupyter_aml.server.clients import Clients, named

if TYPE_CHECKING:
    from jupyter_aml.entities.run_files import Area

PIECE: Final = 1 << 20
SHOWN: Final = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show in place; anything else is a download."""


class FileHandler(JupyterHandler):
    """One file of a run's outputs or of its snapshot, piece by piece."""

    def initialize(self, clients: Clients) -> None:
        """Tornado's way to hand over what a handler needs."""
        self._clients = clients

    @authenticated
    async def get(self) -> None:
        """The file, or 404."""
        asked = {name: self.get_query_argument(name, "") for name in ("run", "area", "file")}
        workspace = named(self)
        try:
            path = await asyncio.to_thread(self._path, workspace, asked)
        except MlException as error:
            raise HTTPError(404, str(error)) from None
        media = mimetypes.guess_type(asked["file"])[0] or ""
        is_shown = media in SHOWN
        self.set_header("Content-Type", media if is_shown else "application/octet-stream")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "sandbox; default-src 'none'")
        if not is_shown:
            name = quote(asked["file"].rpartition("/")[2])
            self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
        await self._send(path)

    def _path(self, workspace: Mapping[str, str], asked: Mapping[str, str]) -> Path:
        area = cast("Area", asked["area"])  # another word is refused by the operation
        return self._clients.of(workspace).jobs.file(asked["run"], area, asked["file"])

    async def _send(self, path: Path) -> None:
        with path.open("rb") as file:
            self.set_header("Content-Length", str(os.fstat(file.fileno()).st_size))
            while piece := await asyncio.to_thread(file.read, PIECE):
                self.write(piece)
                await self.flush()
