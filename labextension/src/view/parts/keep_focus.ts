/** Where the focus goes when what had it is gone: to what it stood in, so that Tab goes on from there. */

/** Watch what is in `place`; returns what ends it. */
export function keepFocus(root: ShadowRoot, place: HTMLElement): () => void {
  let path: HTMLElement[] = [];
  const focused = (event: Event): void => {
    path = event.composedPath().filter((one): one is HTMLElement => one instanceof HTMLElement && place.contains(one));
  };
  // who left it for nothing in particular has not lost it; the microtask: a browser may tell so of one that is removed
  const left = (): void =>
    queueMicrotask(() => {
      if (path[0]?.isConnected && root.activeElement !== path[0]) {
        path = [];
      }
    });
  const watch = new MutationObserver(() => {
    const isElsewhere = root.activeElement ?? (document.activeElement !== document.body && document.activeElement);
    if (!path.length || path[0]?.isConnected || isElsewhere) {
      return;
    }
    const there = path.filter(one => one.isConnected);
    const next = there.find(one => one.tabIndex >= 0) ?? there[0];
    if (next && next.tabIndex < 0) {
      next.tabIndex = -1;
      next.addEventListener('blur', () => next.removeAttribute('tabindex'), { once: true });
    }
    next?.focus({ preventScroll: true });
  });
  place.addEventListener('focusin', focused);
  place.addEventListener('focusout', left);
  watch.observe(place, { childList: true, subtree: true });
  return () => watch.disconnect();
}
