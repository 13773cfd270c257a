/** Metrics of one value each, as bars: those between 0 and 1 beside each other, the others beside each other. */
import type { SeriesSummary } from '../../protocol';
import { figure, number } from '../figures';

export function ValueBars({ values }: { values: readonly SeriesSummary[] }) {
  const shares = values.filter(isShare);
  const others = values.filter(one => !isShare(one));
  const most = others.reduce((top, one) => Math.max(top, size(one)), 0);
  return (
    <>
      <Bars label="Single values from 0 to 1" values={shares} most={1} />
      <Bars label="Single values" values={others} most={most} />
    </>
  );
}

function isShare(one: SeriesSummary): boolean {
  const value = number(one.last as number);
  return value >= 0 && value <= 1;
}

function size(one: SeriesSummary): number {
  const value = Math.abs(number(one.last as number));
  return Number.isFinite(value) ? value : 0;
}

function Bars({ label, values, most }: { label: string; values: readonly SeriesSummary[]; most: number }) {
  if (!values.length) {
    return null;
  }
  return (
    <ul class="aml-values" aria-label={label}>
      {values.map(one => (
        <li key={one.key}>
          <bdi title={one.key.slice(0, 2000)}>{one.key.slice(0, 200)}</bdi>
          <i class={number(one.last as number) < 0 ? 'aml-below' : ''} aria-hidden="true">
            <i style={{ width: `${most > 0 ? 100 * (size(one) / most) : 0}%` }} />
          </i>
          <b>{figure(one.last as number)}</b>
        </li>
      ))}
    </ul>
  );
}
