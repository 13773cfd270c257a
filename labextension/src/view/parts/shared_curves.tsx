/** What several runs logged under one name, drawn over each other; each run has its colour in all charts. */
import { useEffect, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { said } from '../follow';
import { askCurve } from './asked_curves';
import { Block } from './block';
import { Key } from './chart';
import { clean } from './clean';
import { CurveCard, type Drawing, type Shown, useCard } from './curve_card';
import { useMore } from './fields';
import { DRAWING, Ways } from './metric_bar';
import { type Axis, joined, type Points } from './series';

type Found = Answers['compare'];

interface Run {
  readonly run: string;
  readonly label: string;
}

const MOST = 12;

export function SharedCurves({ found, source }: { found: Found; source: Source }) {
  const [drawing, setDrawing] = useState(DRAWING);
  const metrics = sharedBy(found);
  const [shown, more] = useMore(metrics.length, MOST, false);
  const runs = found.runs.map(head => ({ run: head.name, label: clean(head.display_name || head.name, 80) }));
  return metrics.length ? (
    <Block title="Curves">
      <div class="bar">
        <Ways drawing={drawing} setDrawing={setDrawing} />
      </div>
      <p class="legend">
        {runs.map((one, n) => (
          <span key={one.run}>
            <Key look={n} label={one.label} />
          </span>
        ))}
      </p>
      <div class="grid">
        {metrics.slice(0, shown).map(name => (
          <SharedCard key={name} source={source} runs={runs} name={name} drawing={drawing} />
        ))}
      </div>
      {more}
    </Block>
  ) : null;
}

/** The metrics that two runs or more have, and that changed in one of them. */
function sharedBy({ metrics }: Found): readonly string[] {
  const keys = new Set(metrics.map(row => row.key));
  return metrics
    .filter(({ key, values }) => values.filter(Boolean).length > 1 && (keys.has(`${key} (least)`) || keys.has(`${key} (most)`)))
    .map(row => row.key);
}

interface Known {
  readonly shown: Shown | null;
  /** How many points each run has; 0 for one without such a metric. */
  readonly totals: readonly number[];
  readonly problem: string;
}

function SharedCard({ source, runs, name, drawing }: { source: Source; runs: readonly Run[]; name: string; drawing: Drawing }) {
  const view = useCard(drawing.axis);
  const { window, pixels, isSeen } = view;
  const [{ totals, ...known }, know] = useState<Known>({ shown: null, totals: [], problem: '' });
  const wanted = JSON.stringify([runs, name, drawing.axis, window, pixels]);
  useEffect(() => {
    const ending = new AbortController();
    const [among, key, x, part, width] = JSON.parse(wanted) as [Run[], string, Axis, [number, number] | null, number];
    const [low, high] = part ?? [null, null];
    let problem = '';
    const ask = ({ run }: Run): Promise<Points | null> =>
      askCurve(source, run, { key, x, low, high, pixels: width, after: 0 }, ending.signal).then(
        sent => joined(null, sent),
        (error: unknown) => {
          problem = said(error);
          return null;
        }
      );
    if (isSeen && width) {
      void Promise.all(among.map(ask)).then(answers => {
        if (!ending.signal.aborted) {
          const shown = drawn(among, answers, x);
          know({ shown, totals: answers.map(points => points?.count ?? 0), problem: shown ? '' : problem });
        }
      });
    }
    return () => ending.abort();
  }, [source, wanted, isSeen]);
  const there = runs.map((one, n) => ({ ...one, total: totals[n] ?? 0 })).filter(one => one.total > 0);
  const label = `${name.slice(0, 200)} of ${there.map(one => one.label).join(', ')}`;
  return <CurveCard {...known} {...{ view, source, name, drawing, label, runs: there }} />;
}

/** A run that has no such metric, or cannot be asked, has no line. */
function drawn(runs: readonly Run[], answers: readonly (Points | null)[], axis: Axis): Shown | null {
  const there = answers.filter(points => points !== null);
  const lines = answers.flatMap((points, look) => (points ? [{ label: runs[look]?.label ?? '', x: points.x, y: points.y, look }] : []));
  const ends = [Math.min(...there.map(one => one.ends[0])), Math.max(...there.map(one => one.ends[1]))] as const;
  return there.length ? { lines, kind: there.every(one => one.isByOrder) ? 'order' : axis, ends } : null;
}
