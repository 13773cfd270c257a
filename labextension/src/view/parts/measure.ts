/** Where values stand on an axis, and what is written beside it. Drawn units are small numbers whatever the values. */
import { figure, grouped, span, within } from '../figures';
import type { Kind } from './series';
import { axis } from './scale';

export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** An axis: from values to drawn units and back. A value that has no place on it is NaN. */
export interface Measure {
  readonly low: number;
  readonly high: number;
  to(value: number): number;
  from(drawn: number): number;
  ticks(wanted: number): readonly Tick[];
}

export type Range = readonly [low: number, high: number];

/** Where a place in drawn units is between the low end (0) and the high end (1). */
export function share({ low, high }: Measure, drawn: number): number {
  return (drawn - low) / (high - low);
}

const DAY = 86_400;
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, DAY];

/** Equal steps; powers of two keep values of any size exact and within what can be drawn. */
export function linear([low, high]: Range, margin: number, onlyWhole = false): Measure {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const by = size > 1e9 || (size < 1e-6 && size > 0) ? 2 ** -within(-1000, Math.round(Math.log2(size)), 1000) : 1;
  const drawn = axis([low * by, high * by], margin);
  const ticks = (wanted: number): readonly number[] => {
    const all = drawn.ticks(wanted).filter((one, n, more) => one >= drawn.low && one <= drawn.high && one !== more[n - 1]);
    const round = all.filter(one => !onlyWhole || Number.isInteger(one / by));
    return round.length || onlyWhole ? round : [low * by, high * by]; // no round number is between two that are so near
  };
  return {
    low: drawn.low,
    high: drawn.high,
    to: value => value * by,
    from: one => one / by,
    ticks: wanted => {
      const at = ticks(wanted);
      const said = texts(at.map(one => one / by));
      return at.map((one, n) => ({ at: one, text: said[n] ?? '' }));
    }
  };
}

/** Round numbers, written alike, with as many digits as tell them apart. */
function texts(values: readonly number[]): readonly string[] {
  const top = Math.max(...values.map(Math.abs));
  const step = values.length > 1 ? Math.abs((values[1] ?? 0) - (values[0] ?? 0)) : top;
  const unit = step > 0 && Number.isFinite(step) ? Math.floor(Math.log10(step)) : 0;
  const isQuarter = Math.abs(step / 10 ** unit - 2.5) < 0.01;
  const places = within(0, Number(isQuarter) - unit, 20);
  if (top && (top >= 1e6 || top < 1e-3)) {
    const digits = within(0, Math.floor(Math.log10(top)) - unit + Number(isQuarter), 17);
    return values.map(one => (one ? one.toExponential(digits).replace('e+', 'e') : '0'));
  }
  return values.map(one => (one ? grouped(one.toFixed(places)) : '0'));
}

/** Powers of ten at equal distances: for values above zero. */
export function logarithmic([low, high]: Range, margin: number): Measure {
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const room = to > from ? (to - from) * margin : 0.3;
  const ends: Range = [from - room, to + room];
  return {
    low: ends[0],
    high: ends[1],
    to: value => (value > 0 ? Math.log10(value) : NaN),
    from: one => 10 ** one,
    ticks: wanted => powers(ends, wanted)
  };
}

function powers([low, high]: Range, wanted: number): readonly Tick[] {
  const first = Math.ceil(low);
  const decades = Math.floor(high) - first + 1;
  if (decades < 3) {
    const fine = [first - 1, first, first + 1, first + 2].flatMap(power => [1, 2, 5].map(n => n * 10 ** power));
    const seen = fine.filter(one => Math.log10(one) >= low && Math.log10(one) <= high);
    const even = linear([10 ** low, 10 ** high], 0).ticks(wanted);
    return seen.length > 2
      ? seen.map(one => ({ at: Math.log10(one), text: figure(one) }))
      : even.map(({ at, text }) => ({ at: Math.log10(at), text })).filter(({ at }) => Number.isFinite(at));
  }
  const step = Math.ceil(decades / (wanted + 1));
  return Array.from({ length: Math.ceil(decades / step) }, (_, n) => first + n * step).map(at => ({
    at,
    text: at > -4 && at < 6 ? figure(10 ** at) : `1e${at}`
  }));
}

/** Seconds since 1970 as a clock on the wall tells them; drawn from the low end, so that no digit is lost. */
export function clock([low, high]: Range): Measure {
  const room = high > low ? 0 : 0.5;
  const ends: Range = [-room, high - low + room];
  return { low: ends[0], high: ends[1], to: value => value - low, from: one => one + low, ticks: wanted => hours(low, ends, wanted) };
}

function hours(start: number, [from, to]: Range, wanted: number): readonly Tick[] {
  const fair = (to - from) / wanted;
  const step = fair < 0.8 ? 0 : (CLOCK.find(one => one >= fair) ?? Math.ceil(fair / DAY) * DAY);
  if (!step) {
    return axis([from, to]).ticks(wanted).map(at => ({ at, text: `+${Number(at.toPrecision(3))} s` }));
  }
  const shift = new Date(start * 1000).getTimezoneOffset() * 60 - start;
  const first = Math.ceil((from - shift) / step) * step + shift;
  const many = Math.min(4 * wanted, Math.floor((to - first) / step) + 1);
  return Array.from({ length: Math.max(0, many) }, (_, n) => first + n * step).map(at => ({ at, text: oclock(start + at, step) }));
}

function oclock(seconds: number, step: number): string {
  const date = new Date(seconds * 1000);
  if (step >= DAY) {
    return date.toLocaleDateString('en', { month: 'short', day: 'numeric' });
  }
  const form: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  return date.toLocaleTimeString('en', step < 60 ? { ...form, second: '2-digit' } : form);
}

/** Seconds since the start, in the unit that suits how long it took. */
export function elapsed([low, high]: Range): Measure {
  const took = high - low;
  const [unit, name] = took >= 3 * 3600 ? [3600, 'h'] : took >= 180 ? [60, 'min'] : [1, 's'];
  const inner = linear([low / unit, high / unit], 0);
  return {
    ...inner,
    to: value => inner.to(value / unit),
    from: one => inner.from(one) * unit,
    ticks: wanted => inner.ticks(wanted).map(({ at, text }) => ({ at, text: `${text} ${name}` }))
  };
}

/** The measure of an x axis. */
export function across(range: Range, kind: Kind, isLog: boolean): Measure {
  if (isLog && kind !== 'time') {
    return logarithmic(range, 0);
  }
  return kind === 'time' ? clock(range) : kind === 'relative' ? elapsed(range) : linear(range, 0, true);
}

/** A place on an x axis in words. */
export function placed(x: number, kind: Kind): string {
  switch (kind) {
    case 'time':
      return new Date(x * 1000).toLocaleString();
    case 'relative':
      return `after ${span(x)}`;
    case 'order':
      return `point ${figure(x + 1)}`;
    default:
      return `step ${figure(x)}`;
  }
}
