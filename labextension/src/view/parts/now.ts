/** This moment, in seconds since the epoch, again and again while something goes on. */
import { useEffect, useState } from 'preact/hooks';

export function useNow(isFinal: boolean, every = 1000): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = isFinal ? undefined : setInterval(() => setNow(Date.now() / 1000), every);
    return () => clearInterval(timer);
  }, [isFinal, every]);
  return now;
}
