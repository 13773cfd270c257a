/** Whether an element is in sight: in or near the window's, on a page that somebody looks at. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Pixels around the window that count as near. */
const AROUND = 150;

export function useSeen(ref: RefObject<Element>): boolean {
  const [isNear, setNear] = useState(false);
  const [isHidden, setHidden] = useState(document.hidden);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) {
      return undefined;
    }
    const turn = (): void => setHidden(document.hidden);
    const watch = new IntersectionObserver(entries => setNear(entries.some(one => one.isIntersecting)), { rootMargin: `${AROUND}px` });
    const { top, bottom } = element.getBoundingClientRect(); // at once; what else hides it, the watch will tell
    setNear(bottom > top && bottom > -AROUND && top < innerHeight + AROUND);
    watch.observe(element);
    document.addEventListener('visibilitychange', turn);
    return () => {
      watch.disconnect();
      document.removeEventListener('visibilitychange', turn);
    };
  }, [ref]);
  return isNear && !isHidden;
}
