"""A person with a keyboard and no mouse: where the focus is, whether it is seen, what the keys do. No claims here."""

from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

_FOCUS: Final = """() => {
  // what has the focus within the view; its name as it is read out; whether an eye finds it
  const root = document.getElementById('place').shadowRoot, at = root.activeElement;
  if (!at) return null;
  const label = at.labels?.[0]?.cloneNode(true);
  label?.querySelectorAll('select, output').forEach(one => one.remove());
  const name = at.ariaLabel || label?.textContent || at.textContent || at.title;
  const {outlineStyle, outlineWidth} = getComputedStyle(at), box = at.getBoundingClientRect();
  const hits = [.05, .5, .95].map(part => root.elementFromPoint(box.left + box.width * part, box.top + box.height / 2));
  window.stops ??= new Map();
  if (!window.stops.has(at)) window.stops.set(at, window.stops.size);
  return {
    name: name.trim().replace(/\\s+/g, ' '), number: window.stops.get(at),
    is_ringed: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
    is_in_sight: hits.some(hit => hit && at.contains(hit)),
  };
}"""
_BEGIN: Final = """() => {
  // one link before the view and one behind it: the view is left towards something
  window.stops = new Map();
  const place = document.getElementById('place');
  document.querySelectorAll('.beside').forEach(one => one.remove());
  for (const where of ['beforebegin', 'afterend']) {
    place.insertAdjacentHTML(where, `<a class=beside href=#>${where}</a>`);
  }
  document.querySelector('.beside').focus();
}"""
_REACHABLE: Final = """() => {
  // what can be used and was no stop: neither it, nor one of those among which arrows move
  const root = document.getElementById('place').shadowRoot;
  const composites = '[role=tablist], [role=tree], tr[data-row], .sheet';
  return [...root.querySelectorAll('button, a[href], input, select, textarea, summary')]
    .filter(one => one.checkVisibility() && !one.disabled && !window.stops.has(one) && !one.closest(composites))
    .map(one => one.outerHTML.slice(0, 120));
}"""
MOST: Final = 400  # stops: no view has as many


@dataclass(frozen=True)
class Stop:
    """A place at which Tab stopped: `number` tells it from all others."""

    name: str
    number: int
    is_ringed: bool
    is_in_sight: bool


@dataclass(frozen=True)
class Keys:
    """The keyboard before a view."""

    page: Page

    def begin(self) -> None:
        """Put the focus right before the view."""
        self.page.evaluate(_BEGIN)

    def at(self) -> Stop | None:
        """Where the focus is; None: not in the view."""
        found = self.page.evaluate(_FOCUS)
        return Stop(**found) if found else None

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, name: str, key: str = "Tab") -> Stop:
        """Go on with `key` until that stop, or fail with those that were met; every stop must be seen."""
        met = list[str]()
        while len(met) < MOST:
            self.press(key)
            stop = self.at()
            if stop is None and met:
                break
            if stop is not None:
                assert stop.is_ringed, f"nothing shows that the focus is at {stop.name!r}"
                assert stop.is_in_sight, f"the focus is out of sight at {stop.name!r}"
                if stop.name.startswith(name):
                    return stop
            met.append(stop.name[:60] if stop else "outside")
        message = f"{key} never came to {name!r}, only to {met}"
        raise AssertionError(message)

    def through(self) -> list[Stop]:
        """All stops from before the view to behind it."""
        self.begin()
        stops = list[Stop]()
        self.press("Tab")
        while (stop := self.at()) is not None:
            assert len(stops) < MOST, [one.name[:60] for one in stops[-20:]]
            stops.append(stop)
            self.press("Tab")
        return stops

    def back(self) -> list[Stop]:
        """The same with Shift, from behind the view; the last stop first."""
        stops = list[Stop]()
        self.press("Shift+Tab")
        while (stop := self.at()) is not None:
            assert len(stops) < MOST, [one.name[:60] for one in stops[-20:]]
            stops.append(stop)
            self.press("Shift+Tab")
        return stops

    def missed(self) -> list[str]:
        """What can be used, but was no stop since `begin`."""
        return self.page.evaluate(_REACHABLE)
