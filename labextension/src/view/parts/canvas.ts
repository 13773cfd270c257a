/** Curves on a canvas: axes, lines, crosses for what has no place. What is drawn is given; nobody is asked. */
import type { Curves, Track } from './curves';
import { dashes, type Inks } from './inks';
import { share, type Tick } from './measure';

/** The part of the canvas that holds the lines, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const [TOP, RIGHT, FOOT] = [8, 14, 22];
const LETTER = 6.4; // pixels of a digit at 11 px
const SPARSE = 24; // pixels between points that are drawn as points, too
const PIECE = 80; // points of a line that are stroked at once: what a stroke costs grows faster than its length

export function boxOf({ y }: Curves, width: number, height: number): Box {
  const longest = Math.max(3, ...y.ticks(4).map(tick => tick.text.length));
  const left = Math.min(width / 2, 12 + LETTER * longest);
  return { left, top: TOP, width: Math.max(10, width - left - RIGHT), height: height - TOP - FOOT };
}

export function toX({ x }: Curves, box: Box, at: number): number {
  return box.left + share(x, at) * box.width;
}

export function toY({ y }: Curves, box: Box, at: number): number {
  return box.top + box.height - share(y, at) * box.height;
}

/** Draw everything anew. */
export function paint(canvas: HTMLCanvasElement, curves: Curves, width: number, height: number, ink: Inks): void {
  const context = canvas.getContext('2d');
  if (!context) {
    return;
  }
  const ratio = devicePixelRatio;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  const box = boxOf(curves, width, height);
  axes(context, curves, box, ink);
  context.beginPath();
  context.rect(box.left - 3, box.top - 3, box.width + 6, box.height + 6);
  context.clip();
  context.lineJoin = context.lineCap = 'round';
  for (const track of curves.tracks) {
    lines(context, curves, box, track, ink);
    crosses(context, curves, box, track, ink);
  }
}

function axes(context: CanvasRenderingContext2D, curves: Curves, box: Box, ink: Inks): void {
  context.font = ink.font;
  context.fillStyle = ink.text;
  context.strokeStyle = ink.rule;
  context.textAlign = 'right';
  context.beginPath();
  for (const { at, text } of curves.y.ticks(4)) {
    const y = Math.round(toY(curves, box, at)) + 0.5;
    context.moveTo(box.left, y);
    context.lineTo(box.left + box.width, y);
    context.fillText(text, box.left - 6, y + 3.5);
  }
  context.stroke();
  context.textAlign = 'center';
  for (const { at, text } of feet(curves, box)) {
    context.fillText(text, toX(curves, box, at), box.top + box.height + 15);
  }
}

/** As many ticks as have room. */
function feet(curves: Curves, box: Box): readonly Tick[] {
  const ticks = curves.x.ticks(Math.max(3, Math.round(box.width / 75)));
  const longest = Math.max(1, ...ticks.map(tick => tick.text.length)) * LETTER + 8;
  const every = Math.max(1, Math.ceil((longest * ticks.length) / (box.width + longest)));
  return ticks.filter((_, n) => n % every === 0);
}

function lines(context: CanvasRenderingContext2D, curves: Curves, box: Box, track: Track, ink: Inks): void {
  const { look } = track.line;
  context.strokeStyle = context.fillStyle = ink.look(look);
  context.setLineDash(dashes(look));
  const isWhole = dashes(look).length > 0; // dashes would begin anew
  const stroke = (ys: Float64Array, isFaint: boolean): void => {
    for (const one of path(curves, box, track.xs, ys, isWhole || isFaint ? Infinity : PIECE)) {
      context.stroke(one);
    }
  };
  context.globalAlpha = track.averages ? 0.38 : 1;
  context.lineWidth = track.averages ? 1 : 1.6;
  stroke(track.ys, track.averages !== null);
  context.globalAlpha = 1;
  context.lineWidth = 1.8;
  if (track.averages) {
    stroke(track.averages, false);
  }
  context.setLineDash([]);
  context.fill(dots(curves, box, track));
}

/** The line in pieces; of points that share a pixel column the first, lowest, highest and last: no eye sees more. */
function path(curves: Curves, box: Box, xs: Float64Array, ys: Float64Array, most: number): Path2D[] {
  let made = new Path2D();
  let long = 0;
  const pieces = [made];
  const scale = { x: box.width / (curves.x.high - curves.x.low), y: box.height / (curves.y.high - curves.y.low) };
  const foot = box.top + box.height;
  const isDense = xs.length > 4 * box.width;
  let isDown = false;
  let column = NaN;
  let [low, high, last] = [0, 0, 0];
  const lineTo = (x: number, y: number): void => {
    made.lineTo(x, y);
    long += 1;
    if (long % most === 0) {
      made = new Path2D();
      made.moveTo(x, y);
      pieces.push(made);
    }
  };
  const flush = (): void => {
    if (low !== high) {
      lineTo(column, low);
      lineTo(column, high);
      lineTo(column, last);
    }
  };
  for (let n = 0; n < xs.length; n += 1) {
    const x = box.left + ((xs[n] as number) - curves.x.low) * scale.x;
    const y = foot - ((ys[n] as number) - curves.y.low) * scale.y;
    if (Number.isNaN(x + y)) {
      flush();
      isDown = false;
      [column, low, high] = [NaN, 0, 0];
    } else if (isDense && Math.floor(x) === Math.floor(column)) {
      low = Math.min(low, y);
      high = Math.max(high, y);
      last = y;
    } else {
      flush();
      if (isDown) {
        lineTo(x, y);
      } else {
        made.moveTo(x, y);
      }
      isDown = true;
      [column, low, high, last] = [x, y, y, y];
    }
  }
  flush();
  return pieces;
}

/** Points that stand alone; all of them where there are few; the last one always. */
function dots(curves: Curves, box: Box, { xs, ys }: Track): Path2D {
  const made = new Path2D();
  const inside = xs.reduce((sum, x) => sum + Number(x >= curves.x.low && x <= curves.x.high), 0);
  const isSparse = box.width / Math.max(1, inside) > SPARSE;
  const isGap = (n: number): boolean => Number.isNaN(ys[n] ?? NaN);
  for (let n = 0; n < xs.length; n += 1) {
    const isShown = isSparse || n === xs.length - 1 || (isGap(n - 1) && isGap(n + 1));
    if (isShown && !isGap(n) && !Number.isNaN(xs[n])) {
      const [x, y] = [toX(curves, box, xs[n] as number), toY(curves, box, ys[n] as number)];
      made.moveTo(x + 2.4, y);
      made.arc(x, y, 2.4, 0, 2 * Math.PI);
    }
  }
  return made;
}

/** A cross at the foot for what is not a number; an arrowhead at the end towards which infinity lies. */
function crosses(context: CanvasRenderingContext2D, curves: Curves, box: Box, { line, xs }: Track, ink: Inks): void {
  context.strokeStyle = ink.look(1);
  context.lineWidth = 1.4;
  context.beginPath();
  for (let n = 0; n < xs.length; n += 1) {
    const value = line.y[n] as number;
    if (Number.isFinite(value) || Number.isNaN(xs[n])) {
      continue;
    }
    const x = toX(curves, box, xs[n] as number);
    const y = value > 0 ? box.top + 4 : box.top + box.height - 4;
    const tip = Number.isNaN(value) ? 3 : 0;
    const base = value > 0 ? 3 : -3;
    context.moveTo(x - 3, y + base);
    context.lineTo(x + tip, y - base);
    context.moveTo(x + 3, y + base);
    context.lineTo(x - tip, y - base);
  }
  context.stroke();
}
