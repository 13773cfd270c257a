"""Questions of views, answered: `POST jupyter-aml/ask/<question>`. A question that waits holds no thread."""

import asyncio
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast

from jupyter_server.base.handlers import APIHandler
from tornado.web import authenticated

from jupyter_aml.exceptions import AuthorizationError, MlException, ResourceNotFoundError, ValidationException
from jupyter_aml.server.clients import Clients

if TYPE_CHECKING:  # a server that nobody asks loads nothing of this
    from jupyter_aml.client import MLClient
    from jupyter_aml.entities.sweep_details import JsonValue
    from jupyter_aml.widgets.protocol import Answer

CHANGES: Final = "changes"
PAUSE: Final = 0.04  # seconds between two looks at whether anything is new
MARK_EVERY: Final = 1.0  # seconds: how often a kernel is told that somebody looks
MOST_PATIENCE: Final = 30.0
_STATUS: Final = ((ResourceNotFoundError, 404), (AuthorizationError, 403), (MlException, 400))


class AskHandler(APIHandler):
    """One question a request; JSON, or JSON and bytes in one piece."""

    def initialize(self, clients: Clients) -> None:
        """Tornado's way to hand over what a handler needs."""
        self._clients = clients
        self._is_gone = False

    def on_connection_close(self) -> None:
        """Nobody waits for the answer any more."""
        self._is_gone = True

    @authenticated
    async def post(self, question: str) -> None:
        """Answer, or say why not in `message`."""
        try:
            told = await self._answered(question)
        except MlException as error:
            self.set_status(next(status for kind, status in _STATUS if isinstance(error, kind)))
            self.finish(json.dumps({"message": str(error)}))
            return
        if told.buffers:
            self.finish(told.packed(), set_content_type="application/octet-stream")
        else:
            self.finish(json.dumps(told.header, allow_nan=False))

    async def _answered(self, question: str) -> "Answer":
        body = self.get_json_body() or {}
        args = body.get("args")
        if not isinstance(args, Mapping):
            raise ValidationException("args: a mapping is wanted.")
        given = cast("dict[str, JsonValue]", dict(args))
        client = await asyncio.to_thread(self._clients.of, body.get("workspace"))
        if question != CHANGES:
            return await asyncio.to_thread(answer_of, client, question, given)
        return await self._changes(client, given, str(body.get("view") or ""))

    async def _changes(self, client: "MLClient", args: "dict[str, JsonValue]", view: str) -> "Answer":
        """What is new; when nothing is, wait for it as long as the question has patience."""
        patience = args.pop("patience", 0)
        until = time.monotonic() + min(MOST_PATIENCE, float(patience) if isinstance(patience, int | float) else 0.0)
        run, marked = str(args.get("run")), 0.0
        while True:
            seen = await asyncio.to_thread(client.jobs.version, run)
            told = await asyncio.to_thread(answer_of, client, CHANGES, args)
            if _says_something(told) or time.monotonic() >= until or self._is_gone:
                return told
            while not self._is_gone and time.monotonic() < until:
                if view and time.monotonic() - marked >= MARK_EVERY:
                    marked = time.monotonic()
                    await asyncio.to_thread(client.jobs.looked_at, view)
                await asyncio.sleep(PAUSE)
                if await asyncio.to_thread(client.jobs.version, run) != seen:
                    break


def answer_of(client: "MLClient", question: str, args: "dict[str, JsonValue]") -> "Answer":
    """The answer, at once. MlException where there is none."""
    from jupyter_aml.widgets.protocol import answer

    return answer(client.run_views, question, args)


def _says_something(told: "Answer") -> bool:
    header = cast("Mapping[str, JsonValue]", told.header)
    return bool(header["details"] or header["series"] or header["log"] or header["is_final"])
