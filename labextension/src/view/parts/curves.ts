/** Lines made ready to be drawn: where they stand on their axes, with what has no place there set aside. Pure. */
import { across, linear, logarithmic, type Measure, type Range } from './measure';
import { type Kind, smoothed } from './series';

export interface Line {
  readonly label: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Which colour and dashes of the palette, from 0. */
  readonly look: number;
}

export interface Settings {
  readonly kind: Kind;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  /** What the past counts in the average, 0 (none is drawn) to 1. */
  readonly smoothing: number;
  /** The part of x that is shown; null: all. */
  readonly window: Range | null;
}

/** A line in drawn units. What has no place is NaN: a gap. */
export interface Track {
  readonly line: Line;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  readonly averages: Float64Array | null;
}

export interface Curves {
  readonly tracks: readonly Track[];
  readonly x: Measure;
  readonly y: Measure;
  /** How many finite values a logarithmic axis has no place for. */
  readonly left: number;
}

/** The lines on their axes. An axis is logarithmic only where something is above zero. */
export function curves(lines: readonly Line[], settings: Settings): Curves {
  const x = across(...xRange(lines, settings));
  const [range, isLogY] = yRange(lines, settings);
  const y = isLogY ? logarithmic(range, 0.05) : linear(range, 0.06);
  const put = (values: Float64Array): Float64Array => values.map(one => (Number.isFinite(one) ? y.to(one) : NaN));
  const tracks = lines.map(line => ({
    line,
    xs: line.x.map(one => x.to(one)),
    ys: put(line.y),
    averages: settings.smoothing > 0 ? put(smoothed(line.y, settings.smoothing)) : null
  }));
  return { tracks, x, y, left: tracks.reduce((sum, track) => sum + lost(track), 0) };
}

function lost({ line, ys }: Track): number {
  return ys.reduce((sum, one, n) => sum + Number(Number.isNaN(one) && Number.isFinite(line.y[n])), 0);
}

function xRange(lines: readonly Line[], { kind, isLogX, window }: Settings): [Range, Kind, boolean] {
  const all = lines.map(line => line.x);
  const above = isLogX && kind !== 'time' ? spread(all, 0) : null;
  const range = above ?? spread(all, -Infinity) ?? [0, 1];
  const low = window && above ? Math.max(window[0], above[0]) : window?.[0];
  return [window && low !== undefined ? [low, Math.max(low, window[1])] : range, kind, above !== null];
}

/** Of the finite values in the window; of all of them where none is. */
function yRange(lines: readonly Line[], { isLogY, window }: Settings): [Range, boolean] {
  const all = lines.map(line => line.y);
  const seen = window ? lines.map(({ x, y }) => y.filter((_, n) => isWithin(x[n] ?? NaN, window))) : all;
  const above = isLogY ? (spread(seen, 0) ?? spread(all, 0)) : null;
  return above ? [above, true] : [spread(seen, -Infinity) ?? spread(all, -Infinity) ?? [0, 1], false];
}

function isWithin(x: number, [low, high]: Range): boolean {
  return x >= low && x <= high;
}

/** The lowest and highest finite value above `floor`; null: there is none. */
function spread(all: readonly Float64Array[], floor: number): Range | null {
  let low = Infinity;
  let high = -Infinity;
  for (const values of all) {
    for (const value of values) {
      if (value > floor && value < Infinity) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  return low <= high ? [low, high] : null;
}

/** The point nearest to a place on x; -1: there is none. */
export function nearest(xs: Float64Array, x: number): number {
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    // what stands below a logarithmic axis is NaN, and comes before all that has a place
    if ((xs[middle] ?? NaN) >= x) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  const before = xs[low - 1] ?? NaN;
  return x - before < (xs[low] ?? NaN) - x ? low - 1 : low < xs.length ? low : -1;
}
