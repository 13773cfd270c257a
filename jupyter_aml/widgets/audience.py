"""Who else shows a run that is followed here: a front end of its own, or a widget. Nothing is painted here.

A JupyterLab with our extension shows the run by itself and leaves a mark while it does. Where nobody has left one after
two seconds a widget is offered; where nobody answers that either, the static view is repainted as before.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol, runtime_checkable

OFFERED_AFTER: Final = 2.0  # seconds in which a front end of its own is waited for
UNHEARD: Final = 30.0  # seconds after which a widget that never asked is given up
FRESH: Final = 5.0  # seconds for which a mark says that somebody looks
LOOK_EVERY: Final = 0.5


@runtime_checkable
class MarkedSource(Protocol):
    """A source of runs that knows who looks at them."""

    def last_look(self, view: str, /) -> float | None:
        """When a front end last showed this view, in seconds since the epoch."""
        ...


class Widget(Protocol):
    """What a widget is here: it is told what is new, and has been heard of or not."""

    heard: bool

    def push(self) -> None: ...

    def close(self) -> None: ...


class Audience:
    """Those who show one view. `offer` displays a widget, or returns None where it would be of no use."""

    def __init__(self, source: object, view: str, offer: Callable[[], Widget | None]) -> None:
        self._source = source if isinstance(source, MarkedSource) else None
        self._view = view
        self._offer = offer
        self._began = time.monotonic()
        self._widget: Widget | None = None
        self._is_offered = False
        self._next_look = 0.0
        self._is_served = False

    @property
    def has_widget(self) -> bool:
        """Whether a widget is to be told what is new."""
        return self._widget is not None

    def shows_it(self) -> bool:
        """Whether somebody else shows the run now; a widget is told what is new by the way."""
        if self._looks():
            return True
        age = time.monotonic() - self._began
        if not self._is_offered and age >= OFFERED_AFTER:
            self._is_offered = True
            self._widget = self._offer()
        if self._widget is None:
            return False
        self._widget.push()
        if not self._widget.heard and age >= OFFERED_AFTER + UNHEARD:
            self.leave()
        return self._widget is not None

    def leave(self) -> None:
        """Nobody is told anything any more."""
        if self._widget is not None:
            self._widget.push()
            self._widget.close()
            self._widget = None

    def _looks(self) -> bool:
        if self._source is not None and time.monotonic() >= self._next_look:
            self._next_look = time.monotonic() + LOOK_EVERY
            seen = self._source.last_look(self._view)
            self._is_served = seen is not None and time.time() - seen < FRESH
        return self._is_served
