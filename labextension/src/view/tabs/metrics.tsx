/** The Metrics tab: curves as charts, single values as bars, and all of it as a table. */
import { useMemo, useState } from 'preact/hooks';
import type { PanelProps, TabEntry } from '.';
import type { Source } from '../../carriers/source';
import type { SeriesSummary } from '../../protocol';
import { figure, number } from '../figures';
import { Button, useMore } from '../parts/fields';
import type { Drawing } from '../parts/curve_card';
import { MetricCard } from '../parts/metric_card';
import { type Column, VirtualTable } from '../parts/virtual_table';
import { PointsTable } from '../parts/points_table';
import { ValueBars } from '../parts/value_bars';
import { DRAWING, MetricBar } from '../parts/metric_bar';

/** Cards shown before more are asked for. */
const PAGE = 60;

const COLUMNS: readonly Column<SeriesSummary>[] = [
  { key: 'key', title: 'Metric', sortBy: one => one.key, text: one => one.key },
  counted('last', 'Last', one => one.last as number),
  counted('least', 'Lowest', one => one.least),
  counted('most', 'Highest', one => one.most),
  counted('count', 'Points', one => one.count),
  counted('step', 'Last step', one => one.last_step)
];

function counted(key: string, title: string, value: (one: SeriesSummary) => Parameters<typeof figure>[0]): Column<SeriesSummary> {
  return { key, title, sortBy: one => number(value(one)), text: one => figure(value(one)) || '—', isNumeric: true, isDown: true };
}

/** How charts are drawn: kept with the view's source, for tabs come and go. */
const KEPT = new WeakMap<Source, { drawing: Drawing; isTable: boolean }>();

function MetricsPanel({ run, state, source }: PanelProps) {
  const [drawing, setDrawing] = useState(KEPT.get(source)?.drawing ?? DRAWING);
  const [isTable, setTable] = useState(KEPT.get(source)?.isTable ?? false);
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState('');
  KEPT.set(source, { drawing, isTable });
  const found = useMemo(() => matching([...state.series.values()], filter), [state.series, filter]);
  const curves = found.filter(one => one.count > 1);
  const [page, more] = useMore(curves.length, PAGE, false);
  const columns = useMemo(() => COLUMNS.map(one => (one.key === 'key' ? { ...one, cell: opener(open, setOpen) } : one)), [open]);
  if (!state.series.size) {
    return <p class="none">No metrics. Log one with mlflow.log_metric or run.log.</p>;
  }
  const opened = found.find(one => one.key === open);
  const bar = { drawing, setDrawing, isTable, setTable, filter, setFilter, found: found.length, total: state.series.size };
  return (
    <>
      <MetricBar {...bar} />
      {isTable ? (
        <>
          <VirtualTable label="Metrics" rows={found} columns={columns} keyOf={one => one.key} />
          {opened && (
            <section class="opened">
              <h5>
                <bdi>{open.slice(0, 200)}</bdi>
              </h5>
              <PointsTable key={open} source={source} run={run} name={open} total={opened.count} height={264} />
            </section>
          )}
        </>
      ) : (
        <>
          <ValueBars values={found.filter(one => one.count === 1)} />
          <div class="grid">
            {curves.slice(0, page).map(one => (
              <MetricCard key={one.key} source={source} run={run} summary={one} drawing={drawing} />
            ))}
          </div>
          {more}
        </>
      )}
    </>
  );
}

function opener(open: string, setOpen: (key: string) => void): (one: SeriesSummary, tab: number) => preact.JSX.Element {
  return ({ key }, tab) => (
    <Button class="link" tabIndex={tab} aria-expanded={key === open} onClick={() => setOpen(key === open ? '' : key)}>
      <bdi>{key.slice(0, 200)}</bdi>
    </Button>
  );
}

/** Those whose name has every word. */
function matching(all: readonly SeriesSummary[], filter: string): readonly SeriesSummary[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(one => words.every(word => one.key.toLowerCase().includes(word)));
}

export const METRICS: TabEntry = {
  name: 'metrics',
  caption: () => 'Metrics',
  count: state => state.series.size,
  Panel: MetricsPanel
};
