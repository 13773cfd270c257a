/** Whether an element is in sight: in or near the window's, on a page that somebody looks at. */
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function useSeen(ref: RefObject<Element>): boolean {
  const [isNear, setNear] = useState(false);
  const [isHidden, setHidden] = useState(document.hidden);
  useEffect(() => {
    const element = ref.current;
    if (!element) {
      return undefined;
    }
    const turn = (): void => setHidden(document.hidden);
    const watch = new IntersectionObserver(entries => setNear(entries.some(one => one.isIntersecting)), { rootMargin: '150px' });
    watch.observe(element);
    document.addEventListener('visibilitychange', turn);
    return () => {
      watch.disconnect();
      document.removeEventListener('visibilitychange', turn);
    };
  }, [ref]);
  return isNear && !isHidden;
}
