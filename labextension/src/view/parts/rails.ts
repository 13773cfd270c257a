/** The axes of parallel coordinates: where a trial stands on each, and which stretch of it is chosen. Pure. */
import type { Json, Parameter } from '../../protocol';
import { figure, number, within } from '../figures';
import { type Board, bounds, type Row, word } from './board';
import { linear, logarithmic, type Measure, share } from './measure';

/** One axis. Places are from 0 (the low end) to 1. */
export interface Rail {
  readonly key: string;
  readonly name: string;
  /** All that can be chosen, from the top; none where numbers are drawn. */
  readonly words: readonly string[];
  readonly labels: readonly (readonly [number, string])[];
  /** Where a row stands; null: nowhere. */
  place(row: Row): number | null;
  /** The value at a place, in words. */
  said(place: number): string;
  /** What a row is held against a brush by. */
  measure(row: Row): number | string | null;
  /** A place as such a measure. */
  at(place: number): number;
  placeOf(measure: number): number;
}

/** What is kept of an axis: a stretch in its own numbers (so it stays true while the axis grows), or some words. */
export type Brush = { readonly low: number; readonly high: number } | { readonly words: ReadonlySet<string> };
export type Brushes = ReadonlyMap<string, Brush>;

const MOST_RAILS = 8;
const LABELS = 9;

/** The parameters that matter most where there are too many, in the order of the search space; then the metric. */
export function railsOf(board: Board): readonly Rail[] {
  const { parameters, importance } = board.sweep;
  const weight = (one: Parameter): number => number(importance[one.name]) || 0;
  const kept = new Set([...parameters].sort((a, b) => weight(b) - weight(a)).slice(0, MOST_RAILS));
  const rails = parameters.filter(one => kept.has(one)).map(one => railOf(one, board.rows));
  return [...rails, metricRail(board)];
}

/** The rows that every brush keeps. */
export function kept(rows: readonly Row[], rails: readonly Rail[], brushes: Brushes): readonly Row[] {
  const active = rails.flatMap(rail => {
    const brush = brushes.get(rail.key);
    return brush ? [{ rail, brush }] : [];
  });
  return active.length ? rows.filter(row => active.every(one => holds(one.brush, one.rail.measure(row)))) : rows;
}

function holds(brush: Brush, measure: number | string | null): boolean {
  if ('words' in brush) {
    return typeof measure === 'string' && brush.words.has(measure);
  }
  return typeof measure === 'number' && measure >= brush.low && measure <= brush.high;
}

function railOf(parameter: Parameter, rows: readonly Row[]): Rail {
  const { name, scale } = parameter;
  const values = rows.map(row => row.params.get(name)).filter(value => value !== undefined && value !== null);
  const numbers = values.map(numeric);
  const finite = numbers.filter(Number.isFinite);
  if (scale === 'choice' || numbers.some(Number.isNaN) || !finite.length) {
    return choices(parameter, values);
  }
  const range = [Math.min(...finite), Math.max(...finite)] as const;
  const isLog = scale === 'log' && range[0] > 0;
  return rail(`p:${name}`, name, isLog ? logarithmic(range, 0) : linear(range, 0), row => numeric(row.params.get(name)));
}

function numeric(value: Json | undefined): number {
  return typeof value === 'number' || value === 'Infinity' || value === '-Infinity' ? Number(value) : NaN;
}

function rail(key: string, name: string, measure: Measure, value: (row: Row) => number): Rail {
  const at = (place: number): number => measure.from(measure.low + (measure.high - measure.low) * place);
  const placeOf = (one: number): number => within(0, share(measure, measure.to(one)), 1) || 0;
  const known = (row: Row): number | null => (Number.isFinite(value(row)) ? value(row) : null);
  return {
    key,
    name,
    words: [],
    labels: measure.ticks(5).map(tick => [share(measure, tick.at), tick.text]),
    place: row => {
      const found = known(row);
      return found === null ? null : placeOf(found);
    },
    said: place => figure(at(place)),
    measure: known,
    at,
    placeOf
  };
}

/** Every choice at a place of its own, the first at the top. */
function choices({ name, choices: known }: Parameter, values: readonly Json[]): Rail {
  const more = [...new Set(values.map(word))].filter(one => !known.includes(one)).sort();
  const words = [...known, ...more];
  const places = new Map(words.map((said, n) => [said, 1 - (n + 0.5) / words.length]));
  const every = Math.ceil(words.length / LABELS);
  const measure = (row: Row): string | null => {
    const value = row.params.get(name);
    return value === undefined || value === null ? null : word(value);
  };
  return {
    key: `p:${name}`,
    name,
    words,
    labels: words.filter((_, n) => n % every === 0).map(said => [places.get(said) ?? 0, said]),
    place: row => places.get(measure(row) ?? '') ?? null,
    said: () => '',
    measure,
    at: place => place,
    placeOf: place => place
  };
}

function metricRail({ scored, isHighest, sweep }: Board): Rail {
  const values = scored.map(row => row.value);
  return rail(`m:${sweep.metric}`, sweep.metric, linear(bounds(values, isHighest), 0), row => row.value);
}
