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
    const seen = new ResizeObserver(entries => {
      const width = entries[0]?.contentRect.width ?? 0;
      if (width > 0) {
        setWide(Math.round(width));
      }
    });
    seen.observe(element);
    return () => seen.disconnect();
  }, [ref]);
  return wide;
}
