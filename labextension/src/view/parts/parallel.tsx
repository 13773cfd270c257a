/** Parameters and metric as parallel axes, a line for each trial; a stretch of an axis is chosen by dragging along it. */
import { useMemo, useRef } from 'preact/hooks';
import { within } from '../figures';
import type { Board, Row } from './board';
import { clean, cut } from './clean';
import type { Brush, Brushes, Rail } from './rails';
import { useWidth } from './width';

interface Props {
  board: Board;
  rails: readonly Rail[];
  brushes: Brushes;
  kept: readonly Row[];
  brush(rail: Rail, brush: Brush | null): void;
}

const HEIGHT = 250;
const TOP = 34;
const PLOT = HEIGHT - TOP - 12;
const LEFT = 66;
const RIGHT = 72;
const LEAST = 84;
const SHADES = 6;

export function Parallel({ board, rails, brushes, kept, brush }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box, 760);
  const wide = Math.max(room, LEFT + RIGHT + LEAST * (rails.length - 1));
  const gap = (wide - LEFT - RIGHT) / Math.max(1, rails.length - 1);
  const places = useMemo(() => new Map(board.scored.map(row => [row, rails.map(rail => rail.place(row))])), [board, rails]);
  const lines = useMemo(() => new Map([...places].map(([row, at]) => [row, line(at, gap)])), [places, gap]);
  const chosen = useMemo(() => new Set(kept), [kept]);
  const drawn = useMemo(() => {
    const others = board.scored.filter(row => !chosen.has(row)).map(row => lines.get(row));
    const paths = shades(board.scored.filter(row => chosen.has(row)), board.scored.length, lines);
    return { others: others.join(''), paths };
  }, [board, chosen, lines]);
  const best = board.best && chosen.has(board.best) ? places.get(board.best) : undefined;
  const opacity = within(0.25, 12 / Math.sqrt(chosen.size + 1), 0.8);
  const names = rails.map(rail => rail.name).join(', ');
  return (
    <div class="box" ref={box} tabIndex={0} role="group" aria-label="Parallel coordinates">
      <svg
        class="svg"
        width={wide}
        height={HEIGHT}
        role="img"
        aria-label={clean(`${kept.length} of ${board.rows.length} trials by ${names}; the same is in the table below`)}
      >
        <path class="other" d={drawn.others} />
        {drawn.paths.map((path, shade) => (
          <path key={shade} class="q" d={path} style={{ '--o': opacity, '--n': shade }} />
        )).reverse()}
        {best && <Best places={best} gap={gap} />}
        {rails.map((rail, n) => (
          <Drawn key={rail.key} rail={rail} x={Math.round(LEFT + n * gap)} isLast={n === rails.length - 1} brush={brush} chosen={brushes.get(rail.key)} />
        ))}
      </svg>
    </div>
  );
}

/** Where a trial lacks a parameter its line has a gap. */
function line(places: readonly (number | null)[], gap: number): string {
  let text = '';
  let isOn = false;
  places.forEach((place, n) => {
    if (place !== null) {
      text += `${isOn ? 'L' : 'M'}${Math.round(LEFT + n * gap)} ${height(place)}`;
    }
    isOn = place !== null;
  });
  return text;
}

function height(place: number): number {
  return Math.round(TOP + PLOT * (1 - place));
}

/** The lines by the rank of their trials, all of one shade as one path; the best is shade 0. */
function shades(rows: readonly Row[], count: number, lines: ReadonlyMap<Row, string>): string[] {
  const size = Math.ceil(count / SHADES) || 1;
  const paths = Array.from({ length: SHADES }, () => '');
  rows.forEach((row, rank) => {
    const shade = Math.min(SHADES - 1, Math.floor((rows.length === count ? rank : (rank * count) / rows.length) / size));
    paths[shade] = `${paths[shade] ?? ''}${lines.get(row) ?? ''}`;
  });
  return paths;
}

function Best({ places, gap }: { places: readonly (number | null)[]; gap: number }) {
  const knots = places.flatMap((place, n) => (place === null ? [] : [[LEFT + n * gap, height(place)] as const]));
  return (
    <g class="qb">
      <polyline points={knots.map(at => at.join()).join(' ')} />
      {knots.map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r={3.5} />
      ))}
    </g>
  );
}

interface DrawnProps {
  rail: Rail;
  x: number;
  isLast: boolean;
  chosen: Brush | undefined;
  brush(rail: Rail, brush: Brush | null): void;
}

function Drawn({ rail, x, isLast, chosen, brush }: DrawnProps) {
  const name = clean(rail.name);
  const side = isLast ? 6 : -6;
  return (
    <g class="rail">
      <path d={`M${x} ${TOP}v${PLOT}`} />
      <text x={x} y={TOP - 13} class="name">
        {cut(name, 14)}
        <title>{name}</title>
      </text>
      {rail.labels.map(([place, said]) => (
        <text key={said} x={x + side} y={height(place) + 4} class={isLast ? '' : 'left'}>
          {cut(clean(said), 10)}
        </text>
      ))}
      {chosen && <Chosen rail={rail} x={x} brush={chosen} />}
      <rect class="grip" x={x - 11} y={TOP - 4} width={22} height={PLOT + 8} onPointerDown={event => drag(event, rail, brush)} />
    </g>
  );
}

function Chosen({ rail, x, brush }: { rail: Rail; x: number; brush: Brush }) {
  if ('words' in brush) {
    const size = PLOT / Math.max(1, rail.words.length);
    const among = rail.words.map((said, n) => ({ said, n })).filter(one => brush.words.has(one.said));
    return (
      <g class="kept-part">
        {among.map(({ said, n }) => (
          <rect key={said} x={x - 5} y={TOP + n * size} width={10} height={size} />
        ))}
      </g>
    );
  }
  const [low, high] = [rail.placeOf(brush.low), rail.placeOf(brush.high)];
  return (
    <g class="kept-part">
      <rect x={x - 5} y={height(high)} width={10} height={Math.max(2, height(low) - height(high))} />
    </g>
  );
}

/** Follows the pointer from where it went down; a mere click frees the axis. */
function drag(event: PointerEvent, rail: Rail, brush: Props['brush']): void {
  const grip = event.currentTarget as SVGRectElement;
  const frame = grip.getBoundingClientRect();
  const place = (at: PointerEvent): number => 1 - within(0, (at.clientY - frame.top - 4) / PLOT, 1);
  const from = place(event);
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  const move = (at: PointerEvent): void => {
    const [low, high] = [Math.min(from, place(at)), Math.max(from, place(at))];
    brush(rail, (high - low) * PLOT < 3 ? null : stretch(rail, low, high));
  };
  const end = (): void => grip.removeEventListener('pointermove', move);
  grip.addEventListener('pointermove', move);
  grip.addEventListener('pointerup', end, { once: true });
  grip.addEventListener('pointercancel', end, { once: true });
  brush(rail, null);
}

/** A stretch of an axis as its brush; of choices those whose places lie within it. */
export function stretch(rail: Rail, low: number, high: number): Brush {
  if (!rail.words.length) {
    return { low: low <= 0 ? -Infinity : rail.at(low), high: high >= 1 ? Infinity : rail.at(high) };
  }
  const count = rail.words.length;
  return { words: new Set(rail.words.filter((_, n) => 1 - n / count >= low && 1 - (n + 1) / count <= high)) };
}
