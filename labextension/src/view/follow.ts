/** A run's state as its view knows it: one loop asks what changed, and adds it. Nothing is painted here. */
import { Refusal, type Source } from '../carriers/source';
import type { Changes, Cursor, LogPiece, LogProgress, RunTabs, SeriesSummary } from '../protocol';
import { count } from './figures';

/** The end of a log as it was pushed; older lines are asked for when somebody scrolls to them. */
export interface LogEnd {
  readonly name: string;
  readonly size: number;
  /** Number of the first of these lines, from 0. */
  readonly first: number;
  readonly lines: readonly string[];
  /** Bytes of the last line that are left out: it is too long. */
  readonly over: number;
  /** How often the file was truncated or replaced while it was looked at. */
  readonly age: number;
}

export interface RunState {
  readonly details: RunTabs | null;
  readonly series: ReadonlyMap<string, SeriesSummary>;
  readonly log: LogEnd | null;
  /** How far the log says that the run is. */
  readonly progress: LogProgress | null;
  readonly isFinal: boolean;
  /** Why nothing new is known, in words; '' while all is well. */
  readonly problem: string;
  readonly isGone: boolean;
  /** Follow another log than the one that is chosen for the reader. */
  readonly readLog: (name: string) => void;
}

export const NOTHING: RunState = {
  details: null,
  series: new Map(),
  log: null,
  progress: null,
  isFinal: false,
  problem: '',
  isGone: false,
  readLog: () => undefined
};

/** Lines of a log's end that are kept at hand. */
const MOST_LINES = 5_000;
/** Characters of a line that are kept, as in `lines`. */
const LONGEST_LINE = 4_000;
/** Seconds an answer may wait for something new. */
const PATIENCE = 20;
const LONGEST_PAUSE_MS = 5_000;
const START: Cursor = { details: '', log: '', log_at: 0, metrics: 0, follow: '' };

/** The state with what changed added to it. */
export function added(state: RunState, changes: Changes): RunState {
  const series = changes.series.length ? new Map(state.series) : state.series;
  for (const one of changes.series) {
    (series as Map<string, SeriesSummary>).set(one.key, one);
  }
  return {
    ...state,
    details: changes.details ?? state.details,
    series,
    log: changes.log ? grown(state.log, changes.log) : state.log,
    progress: changes.progress,
    isFinal: changes.is_final,
    problem: '',
    isGone: false
  };
}

function grown(log: LogEnd | null, piece: LogPiece): LogEnd {
  const goesOn = log !== null && !piece.is_new && piece.first_line === log.first + log.lines.length - 1;
  const age = log?.name === piece.name ? log.age + Number(piece.is_new) : 0;
  const begun = { name: piece.name, first: piece.first_line, lines: [''], over: 0, age };
  const { lines, over, ...rest } = goesOn ? log : begun;
  const fresh = piece.text.split('\n');
  const first = continued(lines[lines.length - 1] ?? '', fresh[0] ?? '', goesOn ? over : 0);
  const more = fresh.slice(1).map(line => continued('', line, 0));
  const last = more[more.length - 1] ?? first;
  const texts = [first, ...more].map((one, n) => (n < more.length ? ended(one) : one.text));
  return cut({ ...rest, size: piece.size, lines: [...lines.slice(0, -1), ...texts], over: last.over });
}

interface Line {
  readonly text: string;
  readonly over: number;
}

/** A line to which something was written: after a carriage return what was written last, and no more than is shown. */
function continued(text: string, more: string, over: number): Line {
  const whole = over ? text : text + more;
  const returned = (over ? more : whole).replace(/\r+$/, '').lastIndexOf('\r') + 1;
  if (returned > 0) {
    return continued('', (over ? more : whole).slice(returned), 0);
  }
  const kept = whole.slice(0, LONGEST_LINE);
  const rest = over ? more : whole.slice(LONGEST_LINE);
  return { text: kept, over: over + (rest ? new TextEncoder().encode(rest).length : 0) };
}

/** A line as it is shown if no more is written to it. */
export function ended({ text, over }: Line): string {
  return over ? `${text} … ${count(over)} bytes more` : text.replace(/\r+$/, '');
}

function cut(log: LogEnd): LogEnd {
  const over = log.lines.length - MOST_LINES;
  return over > 0 ? { ...log, first: log.first + over, lines: log.lines.slice(over) } : log;
}

/** Follow a run until it is over, or nobody looks any more; `show` is called with every new state. */
export async function follow(
  source: Source,
  run: string,
  show: (state: RunState) => void,
  signal: AbortSignal
): Promise<void> {
  let cursor = START;
  let failures = 0;
  let asking = new AbortController();
  const readLog = (name: string): void => {
    cursor = { ...cursor, follow: name };
    asking.abort();
  };
  let state: RunState = { ...NOTHING, readLog };
  signal.addEventListener('abort', () => asking.abort());
  while (!signal.aborted && !state.isFinal) {
    asking = new AbortController();
    const { follow } = cursor;
    try {
      const patience = state.details ? PATIENCE : 0;
      const changes = await source.ask('changes', { run, cursor, patience }, asking.signal);
      if (cursor.follow !== follow) {
        continue; // another log was chosen meanwhile: ask for that one from where we were
      }
      cursor = changes.cursor;
      failures = 0;
      state = added(state, changes);
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have been aborted meanwhile
      if (signal.aborted) {
        return;
      }
      if (asking.signal.aborted) {
        continue;
      }
      const isGone = error instanceof Refusal && error.isGone;
      state = { ...state, problem: said(error), isGone: isGone && !cursor.follow };
      cursor = { ...cursor, follow: isGone ? '' : cursor.follow }; // it may be no more than the log that is gone
      if (state.isGone) {
        show(state);
        return;
      }
      failures += 1;
      show(state);
      await pause(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures), signal);
      continue;
    }
    show(state);
  }
}

/** What an error says to a person. */
export function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
