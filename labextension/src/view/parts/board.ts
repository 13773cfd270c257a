/** A sweep looked at once: its trials from the best to the worst, what each tried, what became of it. Pure. */
import type { Json, SweepDetails, Trial } from '../../protocol';
import { number } from '../figures';
import { ran } from './now';

export type Fate = 'completed' | 'stopped early' | 'failed' | 'canceled' | 'running' | 'waiting';
export const FATES: readonly Fate[] = ['completed', 'stopped early', 'failed', 'canceled', 'running', 'waiting'];

/** Of each fate the style sheet's word and the mark: colour never says it alone. */
export const FATE_SIGNS: Readonly<Record<Fate, readonly [string, string]>> = {
  completed: ['ok', '●'],
  'stopped early': ['stopped', '✕'],
  failed: ['bad', '▲'],
  canceled: ['stopped', '■'],
  running: ['live', '○'],
  waiting: ['wait', '◌']
};

export type Params = ReadonlyMap<string, Json>;

/** A trial with what is read off it again and again. `value`: the best that it logged, or NaN. */
export interface Row {
  readonly trial: Trial;
  readonly fate: Fate;
  readonly value: number;
  readonly params: Params;
  readonly isBest: boolean;
}

export interface Board {
  readonly sweep: SweepDetails;
  readonly isHighest: boolean;
  /** The best first; those without a value last. */
  readonly rows: readonly Row[];
  /** Those whose value can be drawn, the best first. */
  readonly scored: readonly Row[];
  readonly best: Row | null;
}

const ENOUGH = 10;
const WILD = 3;

export function board(sweep: SweepDetails): Board {
  const isHighest = sweep.goal === 'maximize';
  const rows = sweep.trials.map(trial => rowOf(trial, sweep.best)).sort((a, b) => better(a, b, isHighest));
  const scored = rows.filter(row => Number.isFinite(row.value));
  return { sweep, isHighest, rows, scored, best: rows.find(row => row.isBest) ?? null };
}

function rowOf(trial: Trial, best: string): Row {
  const params = new Map(leaves(trial.params, ''));
  return { trial, fate: fateOf(trial), value: number(trial.value), params, isBest: trial.name === best };
}

function better(a: Row, b: Row, isHighest: boolean): number {
  const [x, y] = [Number.isNaN(a.value), Number.isNaN(b.value)];
  if (x || y) {
    return Number(x) - Number(y) || a.trial.number - b.trial.number;
  }
  if (a.value === b.value) {
    return a.trial.number - b.trial.number;
  }
  return a.value > b.value === isHighest ? -1 : 1;
}

function fateOf({ status, stopped }: Trial): Fate {
  switch (status) {
    case 'Completed':
      return 'completed';
    case 'Failed':
      return 'failed';
    case 'Canceled':
      return stopped ? 'stopped early' : 'canceled';
    case 'NotStarted':
    case 'Queued':
      return 'waiting';
    default:
      return 'running';
  }
}

/** What was chosen inside a choice has both names: `model.depth`. */
function* leaves(params: Record<string, Json>, above: string): Generator<[string, Json]> {
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      yield* leaves(value, `${above}${name}.`);
    } else {
      yield [above + name, value];
    }
  }
}

/** A value as text, as a search space writes its choices. */
export function word(value: Json | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Low and high of an axis for values of a metric, the best first: a few wild ones must not flatten it. */
export function bounds(values: readonly number[], isHighest: boolean): readonly [number, number] {
  const [best, worst] = [values[0] ?? 0, values[values.length - 1] ?? 0];
  const usual = values[Math.floor((values.length * 9) / 10)] ?? worst;
  const edge = best + (usual - best) * 1.5;
  const reach = Math.abs(usual / 2 - best / 2);
  const isWild = values.length >= ENOUGH && reach > 0 && Math.abs(worst / 2 - best / 2) > WILD * reach;
  const last = isWild && Number.isFinite(edge) ? edge : worst;
  return isHighest ? [last, best] : [best, last];
}

export function counted(rows: readonly Row[]): ReadonlyMap<Fate, number> {
  const counts = new Map<Fate, number>();
  for (const fate of FATES) {
    const count = rows.filter(row => row.fate === fate).length;
    if (count) {
      counts.set(fate, count);
    }
  }
  return counts;
}

/** Seconds until the last trial ends, if the others are like those that did; NaN before one has ended. */
export function left({ sweep, rows }: Board, now: number): number {
  const isOver = (row: Row): boolean => row.fate !== 'running' && row.fate !== 'waiting';
  const sum = (some: readonly Row[]): number => some.reduce((total, row) => total + (ran(row.trial, now) || 0), 0);
  const begun = rows.filter(row => row.trial.started !== null);
  const over = begun.filter(isOver);
  const running = begun.filter(row => row.fate === 'running');
  if (!over.length) {
    return NaN;
  }
  const usual = sum(over) / over.length;
  const begins = Math.min(...begun.map(row => number(row.trial.started)));
  const toCome = Math.max(0, sweep.max_total_trials - rows.filter(isOver).length - running.length);
  const rest = running.reduce((total, row) => total + Math.max(0, usual - (ran(row.trial, now) || 0)), 0);
  return (usual * toCome + rest) / ((sum(over) + sum(running)) / Math.max(now - begins, 1e-9));
}
