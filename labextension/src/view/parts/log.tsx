/** A log: its end as it grows, any other part of a million lines, what is found in it. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { bytes, count as counting } from '../figures';
import type { RunState } from '../follow';
import { inked, marked, type Piece, PLAIN } from './ansi';
import { clean } from './clean';
import { Line } from './line';
import { LogBar } from './log_bar';
import { LogPages } from './log_pages';
import { type Level, useSearch } from './log_search';
import { ScrollView } from './scroll_view';

interface Props {
  run: string;
  file: string;
  state: RunState;
  source: Source;
  /** Somebody is at work in it: no other log may take its place. */
  keep(): void;
}

/** Lines before those in sight that are asked for with them, and whose colours go on in them. */
const AROUND = 40;
/** Typed instead of a text: the number of a line to go to. */
const LINE_NUMBER = /^:(\d{1,12})$/;
const BAD = /\b(?:ERROR|CRITICAL|FATAL)\b|^[\w.]*(?:Error|Exception)(?::|\s*$)|^\s*Traceback \(most/;
const WARNS = /\bWARN(?:ING)?\b|\b\w*Warning: /;

export function Log({ run, file, state, source, keep }: Props) {
  const pages = usePages(source, run, file, state);
  const [typed, setTyped] = useState('');
  const [level, setLevel] = useState<Level>('');
  const [isOnly, setOnly] = useState(false);
  const [wraps, setWraps] = useState(false);
  const [follows, setFollows] = useState(!state.isFinal);
  const [at, setAt] = useState(-1);
  const [target, setTarget] = useState<{ readonly index: number } | null>(null);
  const wanted = LINE_NUMBER.exec(typed)?.[1];
  const text = wanted ? '' : typed;
  const found = useSearch(source, run, file, text, level, pages.size);
  const leveled = useSearch(source, run, file, '', text && !isOnly ? level : '', pages.size);
  // what is shown (null: every line), and what next and previous go through
  const shown = level && text && !isOnly ? leveled : level || (text && isOnly) ? found : null;
  const numbers = shown ? shown.lines ?? [] : null;
  const count = numbers ? numbers.length : pages.total;
  const numberOf = (index: number): number => (numbers ? numbers[index] ?? 0 : index);
  const need = useCallback(
    (first: number, last: number) => {
      const from = Math.max(0, first - AROUND);
      const to = Math.min(count, last + AROUND);
      pages.need(Array.from({ length: to - from }, (_, n) => (numbers ? (numbers[from + n] ?? 0) : from + n)));
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once lines have come others may be wanted
    [pages, pages.version, numbers, count]
  );
  const show = (place: number): void => {
    follow(false);
    setTarget({ index: numbers ? Math.max(0, numbers.findIndex(number => number >= place)) : place });
  };
  const follow = (follows: boolean): void => {
    setFollows(follows);
    setAt(one => Math.max(one, 0)); // a search that is answered later takes nobody away,
    if (follows) {
      setTarget(null); // nor does what was found before
    } else {
      keep();
    }
  };
  const go = (step: number): void => {
    const lines = found.lines ?? [];
    const next = (at + step + lines.length) % lines.length;
    const place = lines[next];
    if (wanted) {
      show(Number(wanted) - 1);
    } else if (text && place !== undefined) {
      setAt(next);
      show(place);
    }
  };
  // before the reader can do anything else: what was wanted first takes nobody from what was wanted later
  useLayoutEffect(() => {
    setAt(-1);
    if (text || level) {
      keep();
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what is wanted anew begins anew
  }, [text, level, file]);
  useLayoutEffect(() => {
    if (found.lines?.length && at < 0 && text) {
      go(1);
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only what was found anew is gone to
  }, [found.lines]);
  const current = wanted ? Number(wanted) - 1 : at >= 0 ? found.lines?.[at] : undefined;
  const row = (index: number) => {
    const number = numberOf(index);
    const line = pages.line(number);
    const pieces = line === undefined ? undefined : marked(inked(line, inkBefore(pages, number))[0], text.toLowerCase());
    return <Line key={number} number={number} pieces={pieces} look={lookOf(pieces, number === current)} />;
  };
  return (
    <section class="log" aria-label={`Log ${clean(file)}`}>
      <LogBar
        {...{ text, typed, setTyped, level, setLevel, isOnly, setOnly, wraps, setWraps, follows, found, at, go }}
        isLive={!state.isFinal}
        setFollows={follow}
        copied={() => pages.texts(numbers ?? Array.from({ length: count }, (_, n) => n))}
        count={count}
        url={source.fileUrl(run, 'outputs', file)}
        problem={pages.problem || found.problem || leveled.problem}
      />
      {count > 0 ? (
        <ScrollView
          key={`${file} ${numbers ? 'some' : 'all'}`}
          label={`Lines of ${clean(file)}`}
          {...{ count, wraps, follows, target, need, row }}
          onFollow={follow}
        />
      ) : (
        <p class="none">{numbers ? (shown?.lines ? 'No such lines.' : 'Searching …') : 'Nothing was printed.'}</p>
      )}
      <p class="muted sum">
        {numbers ? `${counting(count)} of ` : ''}
        {`${counting(pages.total)} ${pages.total === 1 ? 'line' : 'lines'} · ${bytes(pages.size)}`}
        {numbers && found.total > count ? ` · ${counting(found.total)} match, the first are shown` : ''}
      </p>
    </section>
  );
}

/** The lines of the log, and a new painting whenever some have come. */
function usePages(source: Source, run: string, file: string, state: RunState): LogPages {
  const [, paint] = useReducer<number, null>(n => n + 1, 0);
  const painter = useRef(paint);
  const pages = useMemo(() => new LogPages(source, run, file, () => painter.current(null)), [source, run, file]);
  pages.take(state.log);
  useEffect(() => {
    if (state.log?.name !== file) {
      pages.measure();
    }
    return () => pages.dispose();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- what is pushed needs no question
  }, [pages]);
  return pages;
}

/** The ink in which a line begins: that of the lines before it, as far as they are here. */
function inkBefore(pages: LogPages, number: number) {
  let ink = PLAIN;
  for (let n = Math.max(0, number - AROUND); n < number; n += 1) {
    const line = pages.line(n);
    ink = line?.includes('\x1b') ? inked(line, ink)[1] : ink;
  }
  return ink;
}

function lookOf(pieces: readonly Piece[] | undefined, isCurrent: boolean): string {
  const text = pieces?.map(([one]) => one).join('') ?? '';
  const level = BAD.test(text) ? 'error' : WARNS.test(text) ? 'warning' : '';
  return isCurrent ? `${level} current` : level;
}
