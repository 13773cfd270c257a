/** One metric: its chart or its points, its last value, and its files. */
import type { ComponentProps } from 'preact';
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { SeriesSummary } from '../../protocol';
import { count as counting, figure } from '../figures';
import { said } from '../follow';
import { Chart } from './chart';
import type { Line, Settings } from './curves';
import { Button, Told, Unseen } from './fields';
import { saveCsv, saveSvg } from './export';
import { inks } from './inks';
import type { Range } from './measure';
import { PointsTable } from './points_table';
import type { Axis } from './series';
import { useSeen } from './use_seen';
import { useSeries } from './use_series';
import { useWidth } from './width';

/** How all charts of a run are drawn. */
export interface Drawing {
  readonly axis: Axis;
  readonly smoothing: number;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
}

interface Props {
  source: Source;
  run: string;
  summary: SeriesSummary;
  drawing: Drawing;
}

const HEIGHT = 190;
const WIDE = 320;

/** Painted again only when the metric or the way of drawing changed, not with every change of the run. */
export function MetricCard({ source, run, summary, drawing }: Props) {
  return useMemo(() => <Card source={source} run={run} summary={summary} drawing={drawing} />, [source, run, summary, drawing]);
}

function Card({ source, run, summary, drawing }: Props) {
  const { key, count } = summary;
  const card = useRef<HTMLElement>(null);
  const [window, setWindow] = useState<Range | null>(null);
  const [isTable, setTable] = useState(false);
  const [isWide, setWide] = useState(false);
  const [told, setTold] = useState('');
  const isSeen = useSeen(card);
  const pixels = Math.ceil(useWidth(card, 0) / 100) * 100;
  // all at one step: only time tells them apart
  const axis = drawing.axis === 'step' && summary.first_step === summary.last_step ? 'relative' : drawing.axis;
  const { points, problem } = useSeries({ source, run, name: key, axis, window, pixels, count, isSeen: isSeen && !isTable });
  const lines = useMemo<readonly Line[]>(() => (points ? [{ label: key, x: points.x, y: points.y, look: 0 }] : []), [points, key]);
  const settings = useMemo<Settings>(
    () => ({ ...drawing, window, kind: points?.isByOrder ? 'order' : axis }),
    [drawing, window, axis, points?.isByOrder]
  );
  const zoom = useCallback(
    (low: number, high: number) => {
      const [first, last] = points?.ends ?? [0, 0];
      if (!points?.isByOrder && high > low) {
        setWindow(low <= first && high >= last ? null : [Math.max(low, first), Math.min(high, last)]);
      }
    },
    [points]
  );
  const reset = useCallback(() => setWindow(null), []);
  const height = isWide ? WIDE : HEIGHT;
  const exportCsv = (): void => void saveCsv(source, run, key, setTold).catch((error: unknown) => setTold(said(error)));
  const exportSvg = (): void => {
    const probe = card.current?.querySelector<HTMLElement>('.inks');
    if (probe && card.current) {
      saveSvg(key, lines, settings, inks(probe), getComputedStyle(card.current).backgroundColor);
    }
  };
  const short = key.slice(0, 200);
  return (
    <figure class={isWide ? 'card wide' : 'card'} ref={card} aria-label={short}>
      <figcaption>
        <bdi title={key.slice(0, 2000)}>{short}</bdi>
        <b>{figure(summary.last as number)}</b>
      </figcaption>
      <div class="tools">
        <Tool name={short} aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Table
        </Tool>
        <Tool name={short} aria-pressed={isWide} onClick={() => setWide(!isWide)}>
          Large
        </Tool>
        <Tool name={short} onClick={exportCsv}>
          CSV
        </Tool>
        <Tool name={short} onClick={exportSvg} disabled={isTable || !points}>
          SVG
        </Tool>
        {window && !isTable && (
          <Tool name={short} class="tool reset" onClick={reset}>
            Show all
          </Tool>
        )}
        <Told>{told}</Told>
      </div>
      {isTable ? (
        <PointsTable source={source} run={run} name={key} total={count} height={height + 24} />
      ) : points ? (
        <Chart label={described(summary)} lines={lines} settings={settings} height={height} zoom={zoom} reset={reset}>
          <Extremes summary={summary} />
          {problem && <span class="lost">{problem}</span>}
        </Chart>
      ) : (
        <p class="none" style={{ height: `${height + 24}px` }}>
          {problem || '…'}
        </p>
      )}
    </figure>
  );
}

interface ToolProps extends ComponentProps<'button'> {
  name: string;
}

/** A small button; whose it is, is said to those who only hear of it. */
function Tool({ name, children, ...more }: ToolProps) {
  return (
    <Button class="tool" {...more}>
      {children}
      <Unseen> {name}</Unseen>
    </Button>
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
