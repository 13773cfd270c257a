/** From where to where an axis goes, and round numbers to write beside it. Pure. */

/** A linear axis over finite numbers. */
export interface Axis {
  readonly low: number;
  readonly high: number;
  /** About so many round numbers within it. */
  ticks(wanted: number): number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The axis that holds the values, with a share of free room at both ends; a lone value stands in the middle. */
export function axis(values: readonly number[], margin = 0): Axis {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  let room = (high - low) * margin;
  if (!Number.isFinite(room) || low - room >= high + room) {
    room = low === high ? Math.max(Math.abs(low), Math.abs(high), 1) * 0.05 : 0;
  }
  return over(Math.max(low - room, -1.7e308), Math.min(high + room, 1.7e308));
}

/** Halved before it is taken away, so that no two finite numbers overflow. */
function over(low: number, high: number): Axis {
  const half = high / 2 - low / 2;
  return { low, high, ticks: wanted => rounded(low, high, roundStep((half / wanted) * 2), wanted) };
}

function rounded(low: number, high: number, step: number, wanted: number): number[] {
  if (!step) {
    return [];
  }
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.min(Math.floor(high / step + 1e-9), first + 3 * wanted);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => Number(((first + n) * step).toPrecision(12)));
}

function roundStep(step: number): number {
  if (!Number.isFinite(step) || step <= 0) {
    return 0;
  }
  const power = 10 ** Math.floor(Math.log10(step));
  return (STEPS.find(n => n * power >= step * 0.999) ?? 10) * power;
}
