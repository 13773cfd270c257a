/** The children of a run: a sweep's trials, a pipeline's graph, or a plain table. */
import { useMemo } from 'preact/hooks';
import type { TabEntry, PanelProps } from '.';
import type { ChildRun } from '../../protocol';
import { figure, number } from '../figures';
import { Badge } from '../parts/badge';
import { clean } from '../parts/clean';
import { RunLink } from '../parts/run_link';
import { Comparable, marked, type Selection, useSelection } from '../parts/selection';
import { totalOf } from '../parts/step_words';
import { Steps } from '../parts/steps';
import { Trials } from '../parts/trials';
import { type Column, VirtualTable } from '../parts/virtual_table';
import type { RunState } from '../follow';

const MOST_METRICS = 20;

export const CHILDREN: TabEntry = {
  name: 'children',
  caption: ({ details }) => (details?.sweep ? 'Trials' : details?.pipeline ? 'Graph' : 'Child runs'),
  count,
  Panel
};

function count({ details }: RunState): number {
  if (details?.pipeline) {
    return totalOf(details.pipeline);
  }
  return details?.sweep ? details.sweep.trials.length : (details?.children.length ?? 0);
}

function Panel(props: PanelProps) {
  const { sweep, pipeline, children } = props.details;
  if (sweep) {
    return <Trials {...props} sweep={sweep} />;
  }
  if (pipeline) {
    return <Steps {...props} pipeline={pipeline} />;
  }
  return children.length ? (
    <Children {...props} />
  ) : (
    <p class="none">No child runs. Sweeps, pipelines and nested mlflow runs have them.</p>
  );
}

function Children({ details, source, open }: PanelProps) {
  const selection = useSelection();
  const { children } = details;
  const columns = useMemo(() => columnsOf(children, open, selection), [children, open, selection]);
  return (
    <Comparable source={source} selection={selection}>
      <VirtualTable label="Child runs" rows={children} columns={columns} keyOf={child => child.name} tall={16} />
    </Comparable>
  );
}

function columnsOf(children: readonly ChildRun[], open: PanelProps['open'], selection: Selection): Column<ChildRun>[] {
  const keys = [...new Set(children.flatMap(child => Object.keys(child.metrics)))].slice(0, MOST_METRICS);
  return [
    {
      key: 'run',
      title: 'Run',
      sortBy: child => child.display_name || child.name,
      text: child => clean(child.display_name || child.name),
      cell: (child, tab) => <RunLink name={child.name} said={child.display_name || child.name} tab={tab} open={open} />
    },
    marked(selection, child => child.name),
    {
      key: 'status',
      title: 'Status',
      sortBy: child => child.status,
      text: child => `●● ${child.status} `,
      cell: child => <Badge status={child.status} />
    },
    ...keys.map(key => metric(key))
  ];
}

function metric(key: string): Column<ChildRun> {
  return {
    key: `m:${key}`,
    title: clean(key, 60),
    isNumeric: true,
    sortBy: child => number(child.metrics[key]),
    text: child => figure(child.metrics[key])
  };
}
