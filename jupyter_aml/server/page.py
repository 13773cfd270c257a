"""A run in a page of its own: `GET jupyter-aml/run?run=…`. The page asks as any other view does.

Its head is sent at once, so that the view loads while its first question is answered; that answer comes with the page.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, authenticated

from jupyter_aml.exceptions import MlException
from jupyter_aml.server.ask import CHANGES, answer_of
from jupyter_aml.server.clients import Clients, identity, named
from jupyter_aml.widgets.carriers import MODULE

if TYPE_CHECKING:
    from jupyter_aml.entities.sweep_details import JsonValue

COMPARE: Final = "compare"
_HEAD: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><meta name="viewport" content="width=device-width">
<link rel="modulepreload" href="{module}">
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Cpath \
fill='none' stroke='%230072b2' stroke-width='1.4' d='M1 1v6h6M2 5l2-2 1 1 2-3'/%3E%3C/svg%3E">
<style>
  :root {{ color-scheme: light dark; }}
  body {{ margin: 8px; background: light-dark(#fff, #14171c); color: light-dark(#1b1f24, #e8eaed);
    font: 13px system-ui, sans-serif; }}
</style></head>
<body><main id="run">Looking for <b>{title}</b> …</main>
"""
_BODY: Final = """<script type="application/json" id="asked">{asked}</script>
<script type="module">
  import {{ open }} from {module};
  open(document.getElementById('run'), JSON.parse(document.getElementById('asked').textContent));
</script></body></html>
"""


class RunPage(JupyterHandler):
    """The page of one run, or of several side by side (`run` given more than once)."""

    def initialize(self, clients: Clients) -> None:
        """Tornado's way to hand over what a handler needs."""
        self._clients = clients

    @authenticated
    async def get(self) -> None:
        """The page. 400 without a run or a workspace; one that is not there is the view's to say."""
        runs = self.get_query_arguments("run")
        workspace = named(self)
        try:
            identity(workspace)
        except MlException as error:
            raise HTTPError(400, str(error)) from None
        if not runs:
            raise HTTPError(400, "run: which one is to be shown?")
        _ = self.xsrf_token  # its cookie lets the page ask
        module = f"{self.base_url}jupyter-aml/static/run.js{_version(MODULE)}"
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.set_header("Cache-Control", "no-store")
        self.write(_HEAD.format(title=escape(", ".join(runs)), module=escape(module)))
        await self.flush()
        first: dict[str, JsonValue] = {}
        try:
            first = await asyncio.to_thread(self._first, workspace, runs)
        finally:  # a mistake is logged, and the page is whole: its view asks
            asked = {"base": self.base_url, "runs": runs, "workspace": workspace, "first": first}
            self.finish(_BODY.format(asked=_inert(asked), module=_inert(module)))

    def _first(self, workspace: Mapping[str, str], runs: Sequence[str]) -> "dict[str, JsonValue]":
        """The view's first question and its answer. Empty where there is none: the view asks, and says why."""
        try:
            client = self._clients.of(workspace)
            if len(runs) > 1:
                return {COMPARE: answer_of(client, COMPARE, {"runs": list(runs)}).header}
            return {CHANGES: answer_of(client, CHANGES, {"run": runs[0], "cursor": {}}).header}
        except MlException:
            return {}


def _version(module: Path) -> str:
    """What makes an address that of this very module: a browser may keep it, and what it compiled of it."""
    try:
        return f"?v={module.stat().st_mtime_ns:x}"
    except FileNotFoundError:  # installed without its front end
        return ""


def _inert(value: object) -> str:
    """JSON that cannot end the element that it stands in."""
    text = json.dumps(value, allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
