"""A run in a page of its own: `GET jupyter-aml/run?run=…`. The page asks as any other view does."""

import asyncio
import json
from html import escape
from typing import Final

from jupyter_server.base.handlers import JupyterHandler
from tornado.web import HTTPError, authenticated

from jupyter_aml.exceptions import MlException
from jupyter_aml.server.clients import identity, named, prepare

_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><meta name="viewport" content="width=device-width">
<style>
  :root {{ color-scheme: light dark; }}
  body {{ margin: 8px; background: light-dark(#fff, #14171c); }}
</style></head>
<body><main id="run"></main>
<script type="application/json" id="asked">{asked}</script>
<script type="module">
  import {{ open }} from {module};
  open(document.getElementById('run'), JSON.parse(document.getElementById('asked').textContent));
</script></body></html>
"""


class RunPage(JupyterHandler):
    """The page of one run, or of several side by side (`run` given more than once)."""

    @authenticated
    def get(self) -> None:
        """The page; what it shows is asked for by itself."""
        runs = self.get_query_arguments("run")
        workspace = named(self)
        try:
            identity(workspace)
        except MlException as error:
            raise HTTPError(400, str(error)) from None
        if not runs:
            raise HTTPError(400, "run: which one is to be shown?")
        asyncio.get_running_loop().run_in_executor(None, prepare)
        _ = self.xsrf_token  # its cookie lets the page ask
        asked = {"base": self.base_url, "runs": runs, "workspace": workspace}
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(
            _PAGE.format(
                title=escape(", ".join(runs)),
                asked=_inert(asked),
                module=_inert(f"{self.base_url}jupyter-aml/static/run.js"),
            )
        )


def _inert(value: object) -> str:
    """JSON that cannot end the element that it stands in."""
    return json.dumps(value).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
