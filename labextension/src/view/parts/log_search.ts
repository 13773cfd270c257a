/** Which lines of a log are wanted: asked once the reader has stopped typing, and now and then while the log grows. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Arguments } from '../../protocol';
import { said } from '../follow';

export type Level = NonNullable<Arguments['search']['level']>;

export interface Found {
  /** The numbers of the first lines that match; null: nothing is searched, or the answer is not here yet. */
  readonly lines: readonly number[] | null;
  readonly total: number;
  readonly problem: string;
}

const NOTHING: Found = { lines: null, total: 0, problem: '' };
const LIMIT = 20_000;
const TYPING_MS = 150;
const GROWING_MS = 2_000;

/** The lines that hold `text` and are as bad as `level`. `size`: of the log, so far. */
export function useSearch(source: Source, run: string, file: string, text: string, level: Level, size: number): Found {
  const [found, setFound] = useState<readonly [key: string, Found]>(['', NOTHING]);
  const isWanted = file !== '' && (text !== '' || level !== '');
  const key = isWanted ? JSON.stringify([run, file, text, level]) : '';
  const searched = useRef({ key: '', size: 0 });
  const next = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(size);
  latest.current = size;
  const ask = useRef<(pause: number) => void>(() => undefined);
  useEffect(() => {
    const ending = new AbortController();
    const answered = (one: Found): void => {
      if (!ending.signal.aborted) {
        setFound([key, one]);
      }
    };
    ask.current = pause => {
      next.current ??= setTimeout(() => {
        next.current = undefined;
        searched.current = { key, size: latest.current };
        source.ask('search', { run, file, text, level, limit: LIMIT }, ending.signal).then(
          ({ lines, total }) => answered({ lines, total, problem: '' }),
          (error: unknown) => answered({ lines: [], total: 0, problem: said(error) })
        );
      }, pause);
    };
    if (isWanted) {
      ask.current(TYPING_MS);
    }
    return () => {
      clearTimeout(next.current);
      next.current = undefined;
      ending.abort();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key holds them all
  }, [source, key]);
  useEffect(() => {
    if (isWanted && searched.current.key === key && searched.current.size !== size) {
      ask.current(GROWING_MS);
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the key says so
  }, [key, size]);
  return isWanted && found[0] === key ? found[1] : NOTHING;
}
