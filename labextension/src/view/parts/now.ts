/** What goes on: this moment, again and again, and how long something has lasted by then. */
import { useEffect, useState } from 'preact/hooks';
import type { Num } from '../../protocol';
import { number } from '../figures';

/** Seconds since the epoch. */
export function useNow(isFinal: boolean, every = 1000): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = isFinal ? undefined : setInterval(() => setNow(Date.now() / 1000), every);
    return () => clearInterval(timer);
  }, [isFinal, every]);
  return now;
}

/** Seconds that something ran, until now if it still does; NaN before it started. */
export function ran(times: { started: Num | null; ended: Num | null }, now: number): number {
  const end = times.ended === null ? now : number(times.ended);
  return times.started === null ? NaN : Math.max(0, end - number(times.started));
}
