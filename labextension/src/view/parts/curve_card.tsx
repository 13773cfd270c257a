/** A chart in its card: its name, its points as tables, its files. Whose lines it shows, others say. */
import type { ComponentChildren, ComponentProps } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { figure } from '../figures';
import { said } from '../follow';
import { Chart } from './chart';
import type { Line, Settings } from './curves';
import { saveCsv, saveSvg } from './export';
import { Button, Told, Unseen } from './fields';
import { inks } from './inks';
import type { Range } from './measure';
import { PointsTable } from './points_table';
import type { Axis, Kind } from './series';
import { useSeen } from './use_seen';
import { useWidth } from './width';

/** How all charts of a run are drawn. */
export interface Drawing {
  readonly axis: Axis;
  readonly smoothing: number;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
}

/** Lines as they were answered. */
export interface Shown {
  readonly lines: readonly Line[];
  readonly kind: Kind;
  /** Where x begins and ends, whatever part of it is here. */
  readonly ends: Range;
}

const HEIGHT = 190;
const WIDE = 320;

/** What decides which points a card asks for. */
export function useCard(axis: Axis) {
  const card = useRef<HTMLElement>(null);
  const [part, setPart] = useState<{ axis: Axis; window: Range | null }>({ axis, window: null });
  const window = part.axis === axis ? part.window : null; // of one axis: along another it is another part, or none
  const setWindow = (window: Range | null): void => setPart({ axis, window });
  const [isTable, setTable] = useState(false);
  const isSeen = useSeen(card) && !isTable;
  const width = useWidth(card, 0);
  const pixels = Math.ceil(width / 100) * 100;
  return { card, window, setWindow, isTable, setTable, isSeen, width, pixels };
}

interface Props {
  view: ReturnType<typeof useCard>;
  source: Source;
  name: string;
  /** What the chart shows, in words. */
  label: string;
  last?: number;
  /** Whose points they are, and how many each has. */
  runs: readonly { readonly run: string; readonly label: string; readonly total: number }[];
  drawing: Drawing;
  shown: Shown | null;
  problem: string;
  /** What stands below while no point is pointed at. */
  children?: ComponentChildren;
}

export function CurveCard({ view, source, name, label, last, runs, drawing, shown, problem, children }: Props) {
  const { card, window, setWindow, isTable, setTable, width } = view;
  const [isWide, setWide] = useState(false);
  const [told, setTold] = useState('');
  const kind = shown?.kind ?? drawing.axis;
  const lines = shown?.lines ?? NONE;
  const settings = useMemo<Settings>(() => ({ ...drawing, window, kind }), [drawing, window, kind]);
  const zoom = (low: number, high: number): void => {
    const [first, end] = shown?.ends ?? [0, 0];
    if (shown?.kind !== 'order' && high > low) {
      setWindow(low <= first && high >= end ? null : [Math.max(low, first), Math.min(high, end)]);
    }
  };
  const reset = (): void => setWindow(null);
  const height = isWide ? WIDE : HEIGHT;
  const exportCsv = async (): Promise<void> => {
    try {
      for (const one of runs) {
        await saveCsv(source, one.run, name, runs.length > 1 ? `${one.label} ${name}` : name, setTold);
      }
    } catch (error) {
      setTold(said(error));
    }
  };
  const exportSvg = (): void => {
    const colours = inks(card.current);
    if (colours && card.current) {
      saveSvg(name, lines, settings, colours, getComputedStyle(card.current).backgroundColor);
    }
  };
  const short = name.slice(0, 200);
  return (
    <figure class={isWide ? 'card wide' : 'card'} ref={card} aria-label={short}>
      <figcaption>
        <bdi title={name.slice(0, 2000)}>{short}</bdi>
        <b>{figure(last)}</b>
      </figcaption>
      <div class="tools">
        <Tool name={short} aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Table
        </Tool>
        <Tool name={short} aria-pressed={isWide} onClick={() => setWide(!isWide)}>
          Large
        </Tool>
        <Tool name={short} onClick={() => void exportCsv()}>
          CSV
        </Tool>
        <Tool name={short} onClick={exportSvg} disabled={isTable || !shown}>
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
        runs.map(one => (
          <div key={one.run}>
            {runs.length > 1 && <h5>{one.label}</h5>}
            <PointsTable source={source} run={one.run} name={name} total={one.total} height={height + 24} />
          </div>
        ))
      ) : shown ? (
        <Chart label={label} lines={lines} settings={settings} width={width} height={height} zoom={zoom} reset={reset}>
          {children}
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

const NONE: readonly Line[] = [];

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
