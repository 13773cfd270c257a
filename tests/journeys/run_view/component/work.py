"""How much a page's own thread works, however slow or busy the machine is. It makes no claim.

Seconds of the processor differ from machine to machine; so limits are multiples of a piece of work that is always the
same, and is done by the same page a moment before.
"""

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page

_PIECE: Final = """() => {
  // four thousand lines are made, laid out and taken away
  const sheet = Object.assign(document.createElement('div'), {style: 'position: absolute'});
  for (let n = 0; n < 4_000; n += 1) {
    sheet.append(Object.assign(document.createElement('p'), {textContent: `line ${n}`}));
  }
  document.body.append(sheet);
  const height = sheet.offsetHeight;
  sheet.remove();
  return height;
}"""
_PAINTED: Final = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"


def processor_time(page: Page) -> Callable[[], float]:
    """Tells the seconds of the processor that the page's own thread has used since."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        told = session.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in told if one["name"] == "TaskDuration")

    begun = worked()
    return lambda: worked() - begun


def work(page: Page) -> Callable[[], float]:
    """Tells how many pieces of work the page's own thread has done since it was last asked."""
    spent = processor_time(page)
    page.evaluate(_PIECE)
    piece = seen = spent()

    def done() -> float:
        nonlocal seen
        page.evaluate(_PAINTED)
        before, seen = seen, spent()
        return (seen - before) / piece

    return done
