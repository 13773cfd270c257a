/** Metrics of one value each, as bars: those between 0 and 1 beside each other, the others beside each other. */
import type { SeriesSummary } from '../../protocol';
import { figure, number } from '../figures';
import { type Bar, Bars } from './bars';

export function ValueBars({ values }: { values: readonly SeriesSummary[] }) {
  const bars = values.map(({ key, last }) => ({ name: key, value: number(last as number), said: figure(last as number) }));
  const others = bars.filter(one => !isShare(one));
  const most = others.reduce((top, { value }) => (Number.isFinite(value) ? Math.max(top, Math.abs(value)) : top), 0);
  return (
    <>
      <Bars label="Single values from 0 to 1" bars={bars.filter(isShare)} most={1} />
      <Bars label="Single values" bars={others} most={most} />
    </>
  );
}

function isShare({ value }: Bar): boolean {
  return value >= 0 && value <= 1;
}
