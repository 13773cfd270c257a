/** Trials in their order, each a mark by its fate, and the best so far as a line of steps. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { figure, within } from '../figures';
import { type Board, bounds, FATE_SIGNS, type Row } from './board';
import { clean } from './clean';
import { linear, type Measure, share } from './measure';
import { useWidth } from './width';

const HEIGHT = 190;
const LEFT = 52;
const RIGHT = 12;
const TOP = 10;
const FOOT = 34;
const NEAR = 14;

interface Placed {
  row: Row;
  x: number;
  y: number;
}

interface Props {
  board: Board;
  open(run: string): void;
}

export function Stair({ board, open }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const wide = useWidth(box, 420);
  const [near, setNear] = useState<Placed | null>(null);
  const drawn = useMemo(() => placed(board, wide), [board, wide]);
  const last = drawn.steps[drawn.steps.length - 1];
  const find = (event: PointerEvent | MouseEvent): Placed | null => {
    const frame = (event.currentTarget as Element).getBoundingClientRect();
    return nearest(drawn.marks, event.clientX - frame.left, event.clientY - frame.top);
  };
  const { metric } = board.sweep;
  return (
    <div ref={box} class="stair">
      <svg
        class="svg"
        width={wide}
        height={HEIGHT}
        role="img"
        aria-label={clean(`${metric} of ${drawn.marks.length} trials in their order${last ? `; the best, ${figure(last.row.value)}, is trial ${last.row.trial.number}` : ''}`)}
        onPointerMove={event => setNear(find(event))}
        onPointerLeave={() => setNear(null)}
        onClick={event => {
          const hit = find(event);
          if (hit) {
            open(hit.row.trial.name);
          }
        }}
        style={{ cursor: near ? 'pointer' : 'default' }}
      >
        <Rules up={drawn.up} across={drawn.across} wide={wide} />
        {[...drawn.paths].map(([look, path]) => (
          <path key={look} class={`dot ${look}`} d={path} />
        ))}
        <path class="best" d={stairs(drawn.steps, wide - RIGHT)} />
        {last && <circle class="near" cx={last.x} cy={last.y} r={6} />}
        {near && <circle class="near" cx={near.x} cy={near.y} r={6} />}
      </svg>
      <p class="legend">
        {near ? (
          <b>{`trial ${near.row.trial.number}: ${figure(near.row.value)}, ${near.row.fate}`}</b>
        ) : (
          <Legend board={board} beyond={drawn.beyond} />
        )}
      </p>
    </div>
  );
}

function Legend({ board, beyond }: { board: Board; beyond: number }) {
  const fates = [...new Set(board.scored.map(row => row.fate))];
  return (
    <>
      {fates.map(fate => (
        <span key={fate}>
          <i class={FATE_SIGNS[fate][0]}>{FATE_SIGNS[fate][1]}</i> {fate}
        </span>
      ))}
      <span>
        <i class="best">━</i> best so far
      </span>
      {beyond > 0 && <span>{beyond} beyond the edge</span>}
    </>
  );
}

function placed(board: Board, wide: number) {
  const { scored, isHighest, rows } = board;
  const values = scored.map(row => row.value);
  const [low, high] = bounds(values, isHighest);
  const up = linear(values.length ? [low, high] : [0, 1], 0.05);
  const across = linear([0, Math.max(1, ...rows.map(row => row.trial.number))], 0.01, true);
  const marks = [...scored]
    .sort((a, b) => a.trial.number - b.trial.number)
    .map(row => ({ row, x: xOf(across, across.to(row.trial.number), wide), y: yOf(up, up.to(row.value)) }));
  const paths = new Map<string, string>();
  for (const { row, x, y } of marks) {
    const look = FATE_SIGNS[row.fate][0];
    paths.set(look, (paths.get(look) ?? '') + markOf(row, x, y));
  }
  const steps = marks.filter(isStep(isHighest));
  const beyond = values.filter(value => (isHighest ? value < low : value > high)).length;
  return { up, across, marks, paths, steps, beyond };
}

/** Whether a mark is better than all before it. */
function isStep(isHighest: boolean): (one: Placed) => boolean {
  let best = isHighest ? -Infinity : Infinity;
  return ({ row }) => {
    const isBetter = isHighest ? row.value > best : row.value < best;
    best = isBetter ? row.value : best;
    return isBetter;
  };
}

function markOf({ fate }: Row, x: number, y: number): string {
  switch (fate) {
    case 'completed':
      return `M${x - 2.5} ${y}a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0`;
    case 'stopped early':
    case 'canceled':
      return `M${x - 2.5} ${y - 2.5}l5 5m0-5l-5 5`;
    case 'failed':
      return `M${x} ${y - 3}l-3 5.5h6z`;
    default:
      return `M${x - 3} ${y}a3 3 0 1 0 6 0a3 3 0 1 0-6 0`;
  }
}

function stairs(steps: readonly Placed[], right: number): string {
  const [first, ...later] = steps;
  return first ? `M${first.x} ${first.y}${later.map(({ x, y }) => `H${x}V${y}`).join('')}H${right}` : '';
}

function nearest(marks: readonly Placed[], x: number, y: number): Placed | null {
  let found: Placed | null = null;
  let least = NEAR * NEAR;
  for (const one of marks) {
    const far = (one.x - x) ** 2 + (one.y - y) ** 2;
    if (far < least) {
      [found, least] = [one, far];
    }
  }
  return found;
}

function xOf(across: Measure, drawn: number, wide: number): number {
  return Number((LEFT + share(across, drawn) * (wide - LEFT - RIGHT)).toFixed(1));
}

function yOf(up: Measure, drawn: number): number {
  return Number((TOP + (1 - within(0, share(up, drawn), 1)) * (HEIGHT - TOP - FOOT)).toFixed(1));
}

function Rules({ up, across, wide }: { up: Measure; across: Measure; wide: number }) {
  const ticks = up.ticks(4);
  return (
    <g class="rules" aria-hidden="true">
      <path d={ticks.map(({ at }) => `M${LEFT} ${yOf(up, at)}H${wide - RIGHT}`).join('')} />
      {ticks.map(({ at, text }) => (
        <text key={at} x={LEFT - 6} y={yOf(up, at) + 4} class="left">
          {text}
        </text>
      ))}
      {across.ticks(5).map(({ at, text }) => (
        <text key={at} x={xOf(across, at, wide)} y={HEIGHT - 19} class="name">
          {text}
        </text>
      ))}
      <text x={(LEFT + wide - RIGHT) / 2} y={HEIGHT - 4} class="name">
        trial
      </text>
    </g>
  );
}
