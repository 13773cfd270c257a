/** Points of a metric as they came: unpacked, added to, smoothed. Pure. */
import type { SeriesWindow } from '../../protocol';

export type Axis = 'step' | 'time' | 'relative';
/** What x is in a chart; in the order of logging where nothing else tells points apart. */
export type Kind = Axis | 'order';

/** Points in the order of x; a value may be NaN or infinite. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** How many the metric has in all. */
  readonly count: number;
  /** Where its x begins and ends, whatever part of it is here. */
  readonly ends: readonly [low: number, high: number];
  readonly isThinned: boolean;
  /** All have the same x: what stands there is their place in order. */
  readonly isByOrder?: boolean;
}

/** What was held with what was sent added to it; null when they do not meet, and all is to be asked again. */
export function joined(held: Points | null, sent: SeriesWindow): Points | null {
  const x = new Float64Array(sent.x);
  const y = new Float64Array(sent.y);
  for (const [at, word] of sent.marks) {
    y[at] = Number(word);
  }
  const { count } = sent;
  const ends = [Number(sent.x_low), Number(sent.x_high)] as const;
  const isThinned = sent.is_thinned;
  if (isThinned || sent.first === 0) {
    return inOrder({ x, y, count, ends, isThinned });
  }
  if (!held || held.isThinned || held.x.length < sent.first) {
    return null;
  }
  const [xs, ys] = [appended(held.x, sent.first, x), appended(held.y, sent.first, y)];
  return inOrder({ x: xs, y: ys, count, ends, isThinned });
}

function appended(held: Float64Array, first: number, more: Float64Array): Float64Array {
  const all = new Float64Array(first + more.length);
  all.set(held.subarray(0, first));
  all.set(more, first);
  return all;
}

/** By x, as a chart needs them: clocks may have been set back. Where all have one x, their order tells them apart. */
function inOrder(points: Points): Points {
  const { x, y } = points;
  if (x.length > 1 && x[0] === x[x.length - 1]) {
    return { ...points, x: x.map((_, n) => n), isByOrder: true };
  }
  if (x.every((one, n) => n === 0 || one >= (x[n - 1] ?? one))) {
    return points;
  }
  const order = Array.from(x.keys()).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0));
  return { ...points, x: Float64Array.from(order, n => x[n] ?? 0), y: Float64Array.from(order, n => y[n] ?? NaN) };
}

/**
 * The exponential moving average, without its bias towards the first value; `weight` is what the past counts, 0 to 1.
 * What is not finite is left as it is and adds nothing. Of a thinned curve it averages the points that are there.
 */
export function smoothed(y: Float64Array, weight: number): Float64Array {
  let mean = 0;
  let left = 1;
  return y.map(value => {
    if (!Number.isFinite(value)) {
      return value;
    }
    mean = mean * weight + value * (1 - weight);
    left *= weight;
    return mean / (1 - left);
  });
}

/** As a line of a CSV file: quoted where that is needed. */
export function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map(cell => (/[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}

/** A name that any file may have. */
export function fileName(key: string, ending: string): string {
  const plain = key.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^[._]+|[._]+$/g, '');
  return `${plain.slice(0, 80) || 'metric'}.${ending}`;
}
