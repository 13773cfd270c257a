/** The steps of a pipeline: how far it is, its graph, the same as a table, the pipelines within it, its settings. */
import { useMemo, useState } from 'preact/hooks';
import type { PipelineDetails, Step } from '../../protocol';
import { count, span } from '../figures';
import type { PanelProps } from '../tabs';
import { Sign } from './badge';
import { Block, Pairs, Progress } from './block';
import { clean } from './clean';
import { Graph } from './graph';
import { ran, useNow } from './now';
import { RunLink } from './run_link';
import { Comparable, marked, type Selection, useSelection } from './selection';
import { inside, kindOf, lasted, progress, reads, SIGNS, statesOf, totalOf } from './step_words';
import { type Column, VirtualTable } from './virtual_table';

const MOST_BOXES = 400;

type Shown = Pick<PanelProps, 'source' | 'open'> & { pipeline: PipelineDetails; now: number };

export function Steps({ pipeline, details, state, source, open }: PanelProps & { pipeline: PipelineDetails }) {
  const now = useNow(state.isFinal);
  const settings = Object.entries(pipeline.settings).map(([key, value]) => [said(key), clean(value)] as const);
  if (!pipeline.steps.length) {
    return <p class="none">This pipeline has no steps.</p>;
  }
  return (
    <>
      <p class="far">{progress(pipeline, ran(details.times, now))}</p>
      <Progress
        parts={statesOf(pipeline)
          .filter(([one]) => !['waiting', 'not started', 'skipped'].includes(one))
          .map(([one, count]) => [SIGNS[one][0], count] as const)}
        most={totalOf(pipeline)}
      />
      <Parts pipeline={pipeline} now={now} source={source} open={open} title="" />
      {settings.length > 0 && (
        <Block title="Settings">
          <Pairs rows={settings} />
        </Block>
      )}
    </>
  );
}

function said(key: string): string {
  return clean(key.charAt(0).toUpperCase() + key.slice(1), 80);
}

/** Graph and table, and those of the pipelines within. */
function Parts({ pipeline, now, source, open, title }: Shown & { title: string }) {
  const selection = useSelection();
  const within = title ? ` within ${title}` : '';
  return (
    <>
      {pipeline.steps.length <= MOST_BOXES ? (
        <Graph pipeline={pipeline} label={clean(`Graph${within}`)} now={now} open={open} />
      ) : (
        <p class="none">The graph of {count(pipeline.steps.length)} steps is not drawn; the table lists them.</p>
      )}
      <Block title={clean(`Steps${within}`)}>
        <Comparable source={source} selection={selection}>
          <StepsTable pipeline={pipeline} now={now} open={open} selection={selection} label={clean(`Steps${within}`)} />
        </Comparable>
      </Block>
      {pipeline.steps.map(
        step => step.inner && <Within key={step.name} step={step} inner={step.inner} now={now} source={source} open={open} />
      )}
    </>
  );
}

function Within({ step, inner, ...shown }: Omit<Shown, 'pipeline'> & { step: Step; inner: PipelineDetails }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="more within" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        Within {clean(step.name, 80)} <small>{progress(inner, lasted(step, shown.now))}</small>
      </summary>
      {isOpen && <Parts {...shown} pipeline={inner} title={step.name} />}
    </details>
  );
}

interface TableProps extends Omit<Shown, 'source'> {
  selection: Selection;
  label: string;
}

function StepsTable({ pipeline, now, open, selection, label }: TableProps) {
  const columns = useMemo(() => columnsOf(pipeline, now, open, selection), [pipeline, now, open, selection]);
  return <VirtualTable label={label} rows={pipeline.steps} columns={columns} keyOf={step => step.name} />;
}

function columnsOf(pipeline: PipelineDetails, now: number, open: Shown['open'], selection: Selection): Column<Step>[] {
  const isReused = pipeline.steps.some(step => step.reused);
  const reused: Column<Step> = {
    key: 'reused',
    title: 'Reused from',
    sortBy: step => step.reused || null,
    text: step => clean(step.reused),
    cell: (step, tab) => step.reused && <RunLink name={step.reused} tab={tab} open={open} />
  };
  return [
    {
      key: 'step',
      title: 'Step',
      sortBy: step => step.name,
      text: step => clean(`${step.name} ${about(step)}`),
      cell: step => (
        <>
          {clean(step.name, 80)} <small>{clean(about(step), 80)}</small>
        </>
      )
    },
    marked(selection, step => step.job),
    {
      key: 'status',
      title: 'Status',
      sortBy: step => step.state,
      text: step => `● ${step.state}`,
      cell: step => <Sign sign={SIGNS[step.state]} word={step.state} />
    },
    {
      key: 'ran',
      title: 'Duration',
      isNumeric: true,
      sortBy: step => lasted(step, now),
      text: step => span(lasted(step, now))
    },
    {
      key: 'job',
      title: 'Job',
      sortBy: step => step.job || null,
      text: step => clean(step.job),
      cell: (step, tab) => step.job && <RunLink name={step.job} tab={tab} open={open} />
    },
    ...(isReused ? [reused] : []),
    { key: 'reads', title: 'Reads', sortBy: step => reads(pipeline, step).length, text: step => clean(reads(pipeline, step).join('; ')) }
  ];
}

function about(step: Step): string {
  const rounds = step.rounds > 1 ? `${step.rounds} rounds` : '';
  const within = step.inner ? `${inside(step.inner)} steps` : '';
  return [kindOf(step), step.component, rounds, within].filter(Boolean).join(' · ');
}
