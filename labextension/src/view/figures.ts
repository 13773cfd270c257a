/** Numbers, times and sizes as people read them. */
import type { Num } from '../protocol';

/** A number that may have come as text. */
export function number(value: Num | null | undefined): number {
  return value === null || value === undefined ? NaN : Number(value);
}

/** A number that is no less and no more than these. */
export function within(low: number, n: number, high: number): number {
  return Math.max(low, Math.min(high, n));
}

/** Digits before a point in threes: 12,345.6789. A browser's own formatter takes 30 ms to load, and no view needs more. */
export function grouped(digits: string): string {
  return digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
}

/** How many: 12,345. */
export function count(many: number): string {
  return grouped(String(many));
}

/** Four significant digits, never more than it needs: 0.9123, 1.2e-7, 12,345. */
export function figure(value: Num | null | undefined): string {
  const n = number(value);
  if (Number.isNaN(n)) {
    return value === 'NaN' ? 'NaN' : '';
  }
  if (!Number.isFinite(n)) {
    return n > 0 ? '∞' : '−∞';
  }
  const size = Math.abs(n);
  if (n !== 0 && (size >= 1e9 || size < 1e-4)) {
    return n.toExponential(3).replace(/\.?0+e/, 'e');
  }
  return Number.isInteger(n) ? count(n) : String(Number(n.toPrecision(4)));
}

/** Seconds: 0.4 s, 12 s, 3 min 05 s, 2 h 04 min, 3 d 02 h; NaN: nothing. */
export function span(seconds: number): string {
  if (Number.isNaN(seconds)) {
    return '';
  }
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3600)];
  const two = (n: number): string => String(n).padStart(2, '0');
  if (whole < 60) {
    return `${whole} s`;
  }
  if (minutes < 60) {
    return `${minutes} min ${two(whole % 60)} s`;
  }
  return hours < 24 ? `${hours} h ${two(minutes % 60)} min` : `${Math.floor(hours / 24)} d ${two(hours % 24)} h`;
}

/** Bytes: 512 B, 1.4 kB, 20 MB. */
export function bytes(size: number): string {
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (size < 1000) {
      return unit === 'B' || size >= 100 ? `${Math.round(size)} ${unit}` : `${Number(size.toPrecision(2))} ${unit}`;
    }
    size /= 1000;
  }
  return `${size.toPrecision(3)} TB`;
}

/** A moment (seconds since the epoch) as this person's clock says it. */
export function moment(seconds: Num | null | undefined): string {
  const n = number(seconds);
  return Number.isNaN(n) ? '' : new Date(n * 1000).toLocaleString();
}
