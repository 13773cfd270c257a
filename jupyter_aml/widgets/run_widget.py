"""The view as a widget, for front ends that have no extension of ours: VS Code, Colab, a plain JupyterLab.

A kernel that runs a cell hears nothing, but can speak: what is new is pushed by the views' thread, unasked. What is
said before a front end has its view is lost, and nobody can tell: until one was heard all is told again, less and less
often. Loaded only when a widget is offered: it brings anywidget.
"""

import threading
import time
from collections.abc import Callable
from typing import Any, Final, cast

import anywidget
import traitlets

from jupyter_aml.client.run_views import RunViewOperations
from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_changes import Cursor
from jupyter_aml.exceptions import MlException, ResourceNotFoundError
from jupyter_aml.widgets.carriers import MODULE
from jupyter_aml.widgets.protocol import answer, read, told

AGAIN: Final = 1.0
"""Seconds after which all is told again to those who were not heard; then twice as many, and so on."""


class RunWidget(anywidget.AnyWidget):
    """One run. `heard`: a front end has asked something."""

    _esm = MODULE
    run = traitlets.Unicode().tag(sync=True)

    def __init__(self, views: RunViewOperations, run: JobName, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(run=run)
        self.heard = False
        self._clock = clock
        self._pause = AGAIN
        self._again = clock() + AGAIN
        self._views = views
        self._lock = threading.Lock()
        self._cursor = Cursor()
        self.on_msg(self._hear)

    def push(self) -> None:
        """Tell what is new since the front end's cursor; nothing, when nothing is. Called by the views' thread."""
        with self._lock:
            if not self.heard and self._clock() >= self._again:
                self._cursor, self._pause = Cursor(), 2 * self._pause
                self._again = self._clock() + self._pause
            since, buffers = self._cursor, list[bytes]()
            try:
                changes = self._views.changes(self.run, since)
            except MlException as error:
                self.send({"since": told(since, buffers), **_refusal(error)})
                return
            if not changes.is_empty or changes.is_final:
                self._cursor = changes.cursor
                self.send({"since": told(since, buffers), "header": told(changes, buffers)}, buffers)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        self.heard = True
        asked, question, args = content["id"], str(content["question"]), dict(content["args"])
        if question == "changes":  # is pushed; a cursor that is not ours is that of a front end that has just come
            with self._lock:
                self._cursor = cast("Cursor", read(Cursor, args.get("cursor"), "cursor"))
            return
        try:
            said = answer(self._views, question, args)
        except MlException as error:
            self.send({"id": asked, **_refusal(error)})
        else:
            self.send({"id": asked, "header": said.header}, list(said.buffers))


def _refusal(error: MlException) -> dict[str, str | bool]:
    return {"refusal": str(error), "is_gone": isinstance(error, ResourceNotFoundError)}
