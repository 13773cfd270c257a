"""Views that repaint themselves while their run goes on. One thread for all; it prints and decides nothing.

A view never takes more than a fifth of the interpreter from the cell that runs beside it: the longer a repaint took,
the longer it waits for the next.
"""

import atexit
import contextlib
import os
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from typing import Final, Protocol, TypeAlias, runtime_checkable

from jupyter_aml.entities.names import JobName
from jupyter_aml.entities.run_details import RunTabs
from jupyter_aml.exceptions import ResourceNotFoundError
from jupyter_aml.widgets.audience import Audience
from jupyter_aml.widgets.detail import Look
from jupyter_aml.widgets.figures import clock
from jupyter_aml.widgets.html import body
from jupyter_aml.widgets.parts import none
from jupyter_aml.widgets.text import text

POLL: Final = 0.25  # seconds: data is asked for at most four times a second
READ_AGAIN: Final = 1.0  # … and read at least once a second, whatever the version says
PUSH: Final = 0.05  # … a widget is told what is new as often as this
SHOWN_ELSEWHERE: Final = 2.0  # … and a run that somebody else shows is read this seldom
SHARE: Final = 4  # a pause is at least this many times what the last repaint took
PATIENCE: Final = 5.0  # the longest pause after errors
SETTLING: Final = 10.0  # a cell waits this long for its view's end: a repaint takes far less, but disks may be slow

Bundle: TypeAlias = Mapping[str, str]
Publish: TypeAlias = Callable[[Bundle, str], None]


class RunSource(Protocol):
    """Where runs are read. Called from the views' thread, so it must be safe beside the main one."""

    def details(self, name: JobName, /) -> RunTabs:
        """The run's tabs as they are now. Raises ResourceNotFoundError."""
        ...


@runtime_checkable
class VersionedSource(RunSource, Protocol):
    """A source that can say cheaply whether anything may have changed."""

    def version(self, name: JobName, /) -> Hashable:
        """A value that differs whenever `details` may differ."""
        ...


def bundle(tabs: RunTabs, look: Look) -> Bundle:
    """The body of a view, for every kind of front end."""
    return {"text/html": body(tabs, look), "text/plain": text(tabs, look)}


class View:
    """One display that follows one run. Used by one thread at a time; `tabs` is what was last read."""

    def __init__(
        self, source: RunSource, tabs: RunTabs, view: str, publish: Publish, audience: Audience | None = None
    ) -> None:
        self.source = source
        self.audience = audience or Audience(source, view, lambda: None)
        self.tabs = tabs
        self.view = view
        self.publish = publish
        self.is_over = tabs.is_final
        self.due = time.monotonic() + POLL
        self._shown: Bundle = {}
        self._version: Hashable = None
        self._read_at = time.monotonic()
        self._failures = 0

    def refresh(self) -> None:
        """Read, repaint what changed unless somebody else shows it, and set when to come back."""
        began = time.monotonic()
        is_elsewhere = self._is_elsewhere()
        if is_elsewhere and began - self._read_at < SHOWN_ELSEWHERE:
            self.due = began + (PUSH if self.audience.has_widget else POLL)
            return
        notice = self._read()
        if self.is_over:
            self._dismiss()
        if self.is_over or not is_elsewhere:
            self._show(notice)
        pause = max(POLL, SHARE * (time.monotonic() - began), min(PATIENCE, POLL * 2**self._failures))
        self.due = time.monotonic() + pause

    def _is_elsewhere(self) -> bool:
        try:
            return self.audience.shows_it()
        except Exception:  # noqa: BLE001 - a thread's edge: the static view says what is wrong with the store
            return self.audience.has_widget  # painted over, a widget that lives would be gone for good

    def _dismiss(self) -> None:
        with contextlib.suppress(Exception):  # a thread's edge: what the widget was not told, the static view tells
            self.audience.leave()

    def leave(self) -> None:
        """The last repaint of a view whose kernel ends: what is known, and that the run itself goes on."""
        self._read_at = 0.0
        self._dismiss()
        notice = self._read()
        again = f"RunDetails('{self._name}').show() follows it again."
        gone = f"The kernel ended at {clock(time.time())}; the run did not. {again}"
        self._show(notice or ("" if self.tabs.is_final else gone))
        self.is_over = True

    @property
    def _name(self) -> JobName:
        return self.tabs.identity.name

    def _read(self) -> str:
        """Bring `tabs` up to date; what is to be said when that was not possible."""
        try:
            version = self._current_version()
            if self._is_stale(version):
                self.tabs = self.source.details(self._name)
                self._version, self._read_at = version, time.monotonic()
        except ResourceNotFoundError:
            self.is_over = True
            return "The run was removed from the workspace. This is the last that was seen of it."
        except Exception as error:  # noqa: BLE001 - a thread's edge: whatever the store raises is shown in the view
            self._failures = min(self._failures + 1, 8)
            return f"This is the last known state; the workspace could not be read: {error}"
        self._failures = 0
        self.is_over = self.tabs.is_final
        return ""

    def _current_version(self) -> Hashable:
        return self.source.version(self._name) if isinstance(self.source, VersionedSource) else None

    def _is_stale(self, version: Hashable) -> bool:
        is_due = time.monotonic() - self._read_at >= READ_AGAIN
        return version is None or version != self._version or is_due or self._failures > 0

    def _show(self, notice: str) -> None:
        painted = self._painted(notice)
        if painted["text/html"] == self._shown.get("text/html"):
            return
        self._shown = painted
        try:
            self.publish(painted, self.view)
        except Exception:  # noqa: BLE001 - a thread's edge: a front end that is gone can't be told that it is
            self.is_over = True

    def _painted(self, notice: str) -> Bundle:
        try:
            return bundle(self.tabs, Look(self.view, time.time(), notice=notice))
        except Exception as error:  # noqa: BLE001 - a thread's edge: it is said here, not below somebody's cell
            self.is_over = True
            said = f"The view of {self._name} could not be painted: {error!r}"
            return {"text/html": none(said), "text/plain": said}


class Refresher:
    """The one thread behind all views: it starts with the first and ends after the last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._views = list[View]()
        self._thread: threading.Thread | None = None
        self._home = os.getpid()

    def add(self, view: View) -> None:
        """Follow a view until its run is over."""
        with self._lock:
            self._views.append(view)
            if self._thread is None or not self._thread.is_alive():  # a forked child has no threads
                self._thread = threading.Thread(target=self._run, name="aml-run-views", daemon=True)
                self._thread.start()
        self._wake.set()

    def settle(self, name: str, limit: float = SETTLING) -> None:
        """Return when the views of a finished run show its end, or after `limit` seconds."""
        until = time.monotonic() + limit
        while (views := self._of(name)) and time.monotonic() < until:
            for view in views:
                view.due = 0.0
            self._wake.set()
            time.sleep(POLL / 10)

    def _of(self, name: str) -> list[View]:
        with self._lock:
            return [view for view in self._views if view.tabs.identity.name == name]

    def close(self, limit: float = 2.0) -> None:
        """Stop following; every open view is repainted once more."""
        if os.getpid() != self._home:
            return
        with self._lock:
            left, self._views = self._views, []
            thread = self._thread
        self._wake.set()
        if thread is not None:
            thread.join(limit)
        for view in left:
            if not view.is_over:
                view.leave()

    def _run(self) -> None:
        while views := self._open():
            now = time.monotonic()
            for view in views:
                if view.due <= now:
                    view.refresh()
            pause = min(view.due for view in views) - time.monotonic()
            self._wake.wait(max(0.0, min(pause, POLL)))
            self._wake.clear()

    def _open(self) -> list[View]:
        """The views that go on; none, and the thread forgotten, when there is none left."""
        with self._lock:
            self._views = [view for view in self._views if not view.is_over]
            if not self._views:
                self._thread = None
            return list(self._views)


REFRESHER: Final = Refresher()
atexit.register(REFRESHER.close)
