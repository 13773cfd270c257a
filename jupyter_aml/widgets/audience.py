"""Who else shows a run that is followed here: a front end of its own, or a widget. Nothing is painted here.

A JupyterLab with our extension shows the run by itself and leaves a mark while it does. Where nobody has left one after
two seconds a widget is offered; where nobody answers that either, the static view is repainted as before.
"""

import time
from collections.abc import Callable
from typing import Final, Protocol, runtime_checkable

OFFERED_AFTER: Final = 2.0  # seconds in which a front end of its own is waited for
UNHEARD: Final = 30.0  # seconds after which a widget that never asked is given up for now
FRESH: Final = 5.0  # seconds for which a mark says that somebody looks
LOOK_EVERY: Final = 0.5
TRIES: Final = 5
"""Offers that may fail; between them lie 1, 2, 4 and 8 seconds."""


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
    """Those who show one view. `offer` displays a widget, or returns None where it would be of no use.

    An offer that failed is made again, for imports and stores have bad moments. A widget that nobody asked in time is
    given up, for some front ends have none; a kernel that ran a cell all the while hears its question late, and then
    the widget is offered anew.
    """

    def __init__(
        self,
        source: object,
        view: str,
        offer: Callable[[], Widget | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source if isinstance(source, MarkedSource) else None
        self._view = view
        self._offer = offer
        self._clock = clock
        self._widget: Widget | None = None
        self._is_given_up = False
        self._is_known = False
        self._tries = 0
        self._next_offer = clock() + OFFERED_AFTER
        self._unheard_at = self._next_offer + UNHEARD
        self._next_look = 0.0
        self._is_served = False

    @property
    def has_widget(self) -> bool:
        """Whether a widget is to be told what is new."""
        return self._widget is not None and not self._is_given_up

    def shows_it(self) -> bool:
        """Whether somebody else shows the run now; a widget is told what is new by the way.

        Raises what `offer` raises, and whatever the store does; nobody is gone by that.
        """
        if self._looks():
            return True
        if self._is_given_up and self._widget is not None and self._widget.heard:
            self._widget.close()
            self._widget, self._is_given_up, self._is_known, self._tries = None, False, True, 0
        if self._widget is None:
            self._offer_it()
        if self._widget is None or self._is_given_up:
            return False
        self._widget.push()
        self._is_given_up = not (self._is_known or self._widget.heard) and self._clock() >= self._unheard_at
        return not self._is_given_up

    def leave(self) -> None:
        """Nobody is told anything any more."""
        if self._widget is not None:
            widget, self._widget = self._widget, None
            try:
                widget.push()
            finally:
                widget.close()

    def _offer_it(self) -> None:
        """Offer a widget, when it is time; after a failure once more, later and later."""
        if self._tries >= TRIES or self._clock() < self._next_offer:
            return
        self._tries += 1
        self._next_offer = self._clock() + 2.0 ** (self._tries - 1)
        self._widget = self._offer()
        self._tries = TRIES

    def _looks(self) -> bool:
        if self._source is not None and self._clock() >= self._next_look:
            self._next_look = self._clock() + LOOK_EVERY
            seen = self._source.last_look(self._view)
            self._is_served = seen is not None and time.time() - seen < FRESH
        return self._is_served
