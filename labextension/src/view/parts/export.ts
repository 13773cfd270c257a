/** A metric as files: all of its points as CSV, its drawing as SVG. */
import type { Source } from '../../carriers/source';
import { type Box, toX, toY } from './canvas';
import { curves, type Line, type Settings } from './curves';
import { save } from './download';
import { dashes, type Inks } from './inks';
import { csvLine, fileName } from './series';
import { pointRows } from './point_pages';

const [WIDTH, HEIGHT] = [640, 320];
const BOX: Box = { left: 64, top: 34, width: 560, height: 258 };
const SVG = 'http://www.w3.org/2000/svg';

/** Every point, as it was logged, in a file called `name`; `told` hears how far it is. */
export async function saveCsv(source: Source, run: string, key: string, name: string, told: (said: string) => void): Promise<void> {
  const parts = [csvLine(['step', 'timestamp_ms', 'value'])];
  for (let first = 0, total = 1; first < total; ) {
    const page = await pointRows(source, run, key, first, 10_000);
    parts.push(page.steps.map((step, n) => csvLine([step, page.timestamps_ms[n] ?? '', page.values[n] ?? ''])).join(''));
    total = page.steps.length ? page.total : 0; // it may have become shorter meanwhile
    first += page.steps.length;
    told(first < total ? `${Math.floor((100 * first) / total)} %` : '');
  }
  save(fileName(name, 'csv'), parts, 'text/csv');
}

/** The chart as it is drawn now. */
export function saveSvg(title: string, lines: readonly Line[], settings: Settings, inks: Inks, ground: string): void {
  const text = new XMLSerializer().serializeToString(svg(title, lines, settings, inks, ground));
  save(fileName(title, 'svg'), [text], 'image/svg+xml');
}

type Attributes = Readonly<Record<string, string | number>>;

function node(name: string, attributes: Attributes, inner: readonly (Element | string)[] = []): Element {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, String(value)));
  made.append(...inner);
  return made;
}

function svg(title: string, lines: readonly Line[], settings: Settings, inks: Inks, ground: string): Element {
  const drawn = curves(lines, settings);
  const { left, top, width, height } = BOX;
  const across = (at: number): number => round(toX(drawn, BOX, at));
  const up = (at: number): number => round(toY(drawn, BOX, at));
  const small = { fill: inks.text, 'font-size': 11 };
  const rules = drawn.y.ticks(5).flatMap(({ at, text }) => [
    node('path', { d: `M${left} ${up(at)}h${width}`, stroke: inks.rule }),
    node('text', { x: left - 6, y: up(at) + 4, 'text-anchor': 'end', ...small }, [text])
  ]);
  const feet = drawn.x.ticks(6).map(({ at, text }) => node('text', { x: across(at), y: HEIGHT - 8, 'text-anchor': 'middle', ...small }, [text]));
  const strokes = drawn.tracks.flatMap(({ line, xs, ys, averages }) => {
    const stroke = (column: Float64Array, isFaint: boolean): Element =>
      node('path', {
        d: path(xs, column, across, up),
        fill: 'none',
        stroke: inks.look(line.look),
        'stroke-width': isFaint ? 1 : 1.6,
        'stroke-opacity': isFaint ? 0.38 : 1,
        'stroke-dasharray': dashes(line.look).join(' ') || 'none',
        'stroke-linecap': 'round',
        'clip-path': 'url(#plot)'
      });
    return averages ? [stroke(ys, true), stroke(averages, false)] : [stroke(ys, false)];
  });
  const names = lines.length > 1 ? lines : [];
  const keys = names.map(({ label, look }, n) =>
    node('text', { x: WIDTH - 16, y: top + 12 + 14 * n, 'text-anchor': 'end', 'font-size': 11, fill: inks.look(look) }, [label])
  );
  const clip = node('clipPath', { id: 'plot' }, [node('rect', { x: left, y: top, width, height })]);
  const heading = node('text', { x: left, y: 20, fill: inks.text, 'font-size': 13 }, [title]);
  const size = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: WIDTH, height: HEIGHT, 'font-family': 'sans-serif' };
  const back = node('rect', { width: WIDTH, height: HEIGHT, fill: ground });
  return node('svg', size, [node('title', {}, [title]), back, clip, heading, ...rules, ...feet, ...strokes, ...keys]);
}

/** Lines between points that stand; a lone one is a stroke of no length, which round ends make a dot. */
function path(xs: Float64Array, ys: Float64Array, across: (at: number) => number, up: (at: number) => number): string {
  let text = '';
  let isDown = false;
  xs.forEach((x, n) => {
    const y = ys[n] ?? NaN;
    const isGap = Number.isNaN(x + y);
    text += isGap ? '' : isDown ? `L${across(x)} ${up(y)}` : `M${across(x)} ${up(y)}h0`;
    isDown = !isGap;
  });
  return text;
}

function round(place: number): number {
  return Math.round(place * 10) / 10;
}
