/** How wide an element is, as it changes. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Pixels across; `first` until it is known. */
export function useWidth(ref: RefObject<Element>, first: number): number {
  const [wide, setWide] = useState(first);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return undefined;
    }
    const look = (width: number): void => {
      if (width > 0) {
        setWide(Math.round(width));
      }
    };
    const { paddingLeft, paddingRight } = getComputedStyle(element);
    look(element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)); // at once, to be drawn but once
    const seen = new ResizeObserver(entries => look(entries[0]?.contentRect.width ?? 0));
    seen.observe(element);
    return () => seen.disconnect();
  }, [ref]);
  return wide;
}
