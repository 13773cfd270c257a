/** Rows of a metric's table, page by page, as they come into sight. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { PointRows } from '../../protocol';
import { said } from '../follow';

export interface Row {
  readonly step: number;
  readonly timestamp_ms: number;
  readonly value: PointRows['values'][number];
}

const ROWS = 200;
const MOST_PAGES = 40;

export async function pointRows(source: Source, run: string, key: string, first: number, count: number, signal?: AbortSignal): Promise<PointRows> {
  return source.ask('points', { run, key, first, count }, signal);
}

interface Pages {
  row(n: number): Row | undefined;
  readonly problem: string;
}

/** The rows from `from` to `to` and those around them; a page's end is asked again when rows were added to it. */
export function usePages(source: Source, run: string, key: string, total: number, from: number, to: number): Pages {
  const pages = useRef(new Map<number, PointRows>());
  const asking = useRef(new Set<number>());
  const [, shown] = useState(0);
  const [problem, setProblem] = useState('');
  useEffect(() => () => pages.current.clear(), [source, run, key]);
  useEffect(() => {
    for (let at = Math.floor(from / ROWS); at * ROWS < Math.min(to, total); at += 1) {
      const wanted = Math.min(ROWS, total - at * ROWS);
      if ((pages.current.get(at)?.steps.length ?? 0) >= wanted || asking.current.has(at)) {
        continue;
      }
      asking.current.add(at);
      pointRows(source, run, key, at * ROWS, ROWS)
        .then(page => {
          pages.current.delete(at);
          pages.current.set(at, page);
          const oldest = pages.current.keys().next().value;
          if (pages.current.size > MOST_PAGES && oldest !== undefined) {
            pages.current.delete(oldest);
          }
          setProblem('');
        })
        .catch((error: unknown) => setProblem(said(error)))
        .finally(() => {
          asking.current.delete(at);
          shown(n => n + 1);
        });
    }
  }, [source, run, key, total, from, to]);
  const row = (n: number): Row | undefined => {
    const page = pages.current.get(Math.floor(n / ROWS));
    const at = n % ROWS;
    const [step, timestamp_ms, value] = [page?.steps[at], page?.timestamps_ms[at], page?.values[at]];
    return step === undefined || timestamp_ms === undefined || value === undefined ? undefined : { step, timestamp_ms, value };
  };
  return { row, problem };
}
