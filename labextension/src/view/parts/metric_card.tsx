/** One metric of a run that may go on: its curve as it grows. */
import { useMemo } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { SeriesSummary } from '../../protocol';
import { count as counting, figure } from '../figures';
import { CurveCard, type Drawing, type Shown, useCard } from './curve_card';
import { useSeries } from './use_series';

interface Props {
  source: Source;
  run: string;
  summary: SeriesSummary;
  drawing: Drawing;
}

/** Painted again only when the metric or the way of drawing changed, not with every change of the run. */
export function MetricCard({ source, run, summary, drawing }: Props) {
  return useMemo(() => <Card source={source} run={run} summary={summary} drawing={drawing} />, [source, run, summary, drawing]);
}

function Card({ source, run, summary, drawing }: Props) {
  const { key, count, last } = summary;
  // all at one step: only time tells them apart
  const axis = drawing.axis === 'step' && summary.first_step === summary.last_step ? 'relative' : drawing.axis;
  const view = useCard(axis);
  const { points, problem } = useSeries({ ...view, source, run, name: key, axis, count });
  const shown = useMemo<Shown | null>(
    () => points && { lines: [{ label: key, ...points, look: 0 }], kind: points.isByOrder ? 'order' : axis, ends: points.ends },
    [points, key, axis]
  );
  return (
    <CurveCard
      {...{ view, source, drawing, shown, problem }}
      name={key}
      label={described(summary)}
      last={Number(last)}
      runs={[{ run, label: run, total: count }]}
    >
      <Extremes summary={summary} />
    </CurveCard>
  );
}

function described({ key, count, last, least, most }: SeriesSummary): string {
  const between = least === null || most === null ? 'no finite value' : `from ${figure(least)} to ${figure(most)}`;
  return `${key.slice(0, 200)}: ${counting(count)} points, ${between}, last ${figure(last as number)}`;
}

function Extremes({ summary: { least, most, count } }: { summary: SeriesSummary }) {
  return (
    <>
      {least === null ? (
        <span>no finite value</span>
      ) : (
        <>
          <span>
            min <b>{figure(least)}</b>
          </span>
          <span>
            max <b>{figure(most)}</b>
          </span>
        </>
      )}
      <span>{counting(count)} points</span>
    </>
  );
}
