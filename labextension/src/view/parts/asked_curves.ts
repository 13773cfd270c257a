/** Questions for curves: those of one moment about one run travel as one, for a request costs more than its points. */
import type { Source } from '../../carriers/source';
import type { Curve, SeriesWindow } from '../../protocol';

interface Asked {
  readonly curve: Curve;
  readonly signal: AbortSignal;
  resolve(window: SeriesWindow): void;
  reject(error: unknown): void;
}

const ASKED = new WeakMap<Source, Map<string, Asked[]>>();

/** The curve's points, when those are there that are asked for with it. */
export function askCurve(source: Source, run: string, curve: Curve, signal: AbortSignal): Promise<SeriesWindow> {
  return new Promise((resolve, reject) => {
    const runs = ASKED.get(source) ?? new Map<string, Asked[]>();
    const together = runs.get(run) ?? [];
    if (!together.length) {
      ASKED.set(source, runs.set(run, together));
      queueMicrotask(() => {
        runs.delete(run);
        void ask(source, run, together);
      });
    }
    together.push({ curve, signal, resolve, reject });
  });
}

/** Given up when nobody waits for any of them. */
async function ask(source: Source, run: string, together: readonly Asked[]): Promise<void> {
  const ending = new AbortController();
  for (const { signal } of together) {
    signal.addEventListener('abort', () => together.every(one => one.signal.aborted) && ending.abort());
  }
  try {
    const windows = await source.ask('series', { run, curves: together.map(one => one.curve) }, ending.signal);
    together.forEach((one, n) => one.resolve(windows[n] as SeriesWindow));
  } catch (error) {
    together.forEach(one => one.reject(error));
  }
}
