/** A chart of one metric, or of one metric of several runs: hovered, zoomed and read by mouse and keyboard. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { count, figure, within } from '../figures';
import { type Box, boxOf, paint, toX, toY } from './canvas';
import { type Curves, curves, type Line, nearest, type Settings } from './curves';
import { ink, inks, useThemes } from './inks';
import { placed } from './measure';
import type { Kind } from './series';

interface Props {
  /** What it shows, in words. */
  label: string;
  lines: readonly Line[];
  settings: Settings;
  width: number;
  height: number;
  zoom(low: number, high: number): void;
  reset(): void;
  /** What stands below while no point is pointed at. */
  children?: ComponentChildren;
}

/** Pixels that a mouse moves before it chooses a part. */
const LEAST = 4;

export function Chart({ label, lines, settings, width, height, zoom, reset, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useMemo(() => curves(lines, settings), [lines, settings]);
  const box = useMemo(() => boxOf(drawn, width, height), [drawn, width, height]);
  const [hovered, hover] = useState<Hovered | null>(null);
  // a cursor stays at its value while the part that is shown changes, and leaves with the kind of axis
  const at = hovered && hovered.kind === settings.kind && isWithin(drawn, drawn.x.to(hovered.x)) ? drawn.x.to(hovered.x) : null;
  const point = (to: number | null | undefined): void =>
    hover(to === null || to === undefined ? null : { x: drawn.x.from(to), kind: settings.kind });
  const [chosen, choose] = useState<readonly [number, number] | null>(null); // pixels
  const themes = useThemes(place);
  useLayoutEffect(() => {
    const colours = inks(canvas.current);
    if (canvas.current && colours && width > 0) {
      paint(canvas.current, drawn, width, height, colours);
    }
  }, [drawn, width, height, themes]);

  const unit = (pixel: number): number => drawn.x.low + ((pixel - box.left) / box.width) * (drawn.x.high - drawn.x.low);
  const pixel = (event: PointerEvent): number => {
    const x = event.clientX - (place.current?.getBoundingClientRect().left ?? 0);
    return within(box.left, x, box.left + box.width);
  };
  const down = (event: PointerEvent): void => {
    if (event.button === 0) {
      choose([pixel(event), pixel(event)]);
      place.current?.setPointerCapture(event.pointerId);
    }
  };
  const move = (event: PointerEvent): void => {
    point(snapped(drawn, unit(pixel(event))));
    choose(one => one && [one[0], pixel(event)]);
  };
  const up = (): void => {
    choose(null);
    const [low, high] = chosen ? [Math.min(...chosen), Math.max(...chosen)] : [0, 0];
    if (high - low >= LEAST) {
      zoom(drawn.x.from(unit(low)), drawn.x.from(unit(high)));
    }
  };
  const press = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const to = stepped(event, drawn, at);
    const part = zoomed(event.key, drawn, at);
    if (to !== undefined) {
      point(to);
    } else if (part) {
      zoom(...part);
    } else if (event.key === '0' || (event.key === 'Escape' && settings.window)) {
      reset();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="chart">
      <div
        class="canvas"
        ref={place}
        style={{ height: `${height}px` }}
        tabIndex={0}
        role="application"
        aria-roledescription="chart"
        aria-label={`${label}. Arrows move from point to point, plus and minus zoom, 0 shows all.`}
        onKeyDown={press}
        onBlur={() => hover(null)}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={() => choose(null)}
        onPointerLeave={() => hover(null)}
        onDblClick={reset}
      >
        <canvas ref={canvas} aria-hidden="true" />
        {at !== null && <Cursor drawn={drawn} box={box} at={at} />}
        {chosen && (
          <i
            class="chosen"
            style={{ left: `${Math.min(...chosen)}px`, width: `${Math.abs(chosen[1] - chosen[0])}px`, top: `${box.top}px`, height: `${box.height}px` }}
          />
        )}
      </div>
      <p class="said" aria-live="polite">
        {at !== null && <Said drawn={drawn} at={at} settings={settings} />}
      </p>
      {at === null && (
        <p class="stat">
          {children}
          {drawn.left > 0 && <span class="lost">{count(drawn.left)} at or below 0, not on a log axis</span>}
        </p>
      )}
    </div>
  );
}

interface Hovered {
  readonly x: number;
  readonly kind: Kind;
}

function isWithin({ x }: Curves, at: number): boolean {
  const room = (x.high - x.low) * 1e-6; // from and to are each other's inverse but for a last digit
  return at >= x.low - room && at <= x.high + room;
}

/** The place of the point nearest to a place. */
function snapped(drawn: Curves, x: number): number | null {
  let best: number | null = null;
  for (const { xs } of drawn.tracks) {
    const one = xs[nearest(xs, x)];
    if (one !== undefined && isWithin(drawn, one) && (best === null || Math.abs(one - x) < Math.abs(best - x))) {
      best = one;
    }
  }
  return best;
}

/** Where a key moves the cursor among the points of the longest line; undefined: it moves none. */
function stepped(event: KeyboardEvent, drawn: Curves, at: number | null): number | undefined {
  const xs = drawn.tracks.reduce<Float64Array>((most, one) => (one.xs.length > most.length ? one.xs : most), new Float64Array());
  const first = xs.findIndex(one => isWithin(drawn, one));
  const last = first - 1 + xs.reduce((sum, one) => sum + Number(isWithin(drawn, one)), 0);
  const by = event.shiftKey ? Math.max(1, Math.round((last - first) / 20)) : 1;
  const from = at === null ? (event.key === 'ArrowLeft' ? last + 1 : first - 1) : nearest(xs, at);
  const to = { ArrowLeft: from - by, ArrowRight: from + by, Home: first, End: last }[event.key];
  return to === undefined || first < 0 ? undefined : xs[within(first, to, last)];
}

/** The values of x that a key zooms to: half, or twice of what is seen, around the cursor. */
function zoomed(key: string, { x }: Curves, at: number | null): [number, number] | undefined {
  const by = { '+': 0.25, '=': 0.25, '-': 1 }[key];
  if (by === undefined) {
    return undefined;
  }
  const half = (x.high - x.low) * by;
  const middle = at ?? (x.low + x.high) / 2;
  return [x.from(middle - half), x.from(middle + half)];
}

/** A line at the cursor, and a ring around each line's nearest point. */
function Cursor({ drawn, box, at }: { drawn: Curves; box: Box; at: number }) {
  const left = toX(drawn, box, at);
  return (
    <>
      <i class="cursor" style={{ left: `${left}px`, top: `${box.top}px`, height: `${box.height}px` }} />
      {drawn.tracks.map(({ line, xs, ys, averages }, n) => {
        const point = nearest(xs, at);
        const [x, y] = [xs[point] ?? NaN, (averages ?? ys)[point] ?? NaN];
        return Number.isNaN(x + y) || Math.abs(toX(drawn, box, x) - left) > 12 ? null : (
          <i
            key={n}
            class="ring"
            style={{ color: ink(line.look), left: `${toX(drawn, box, x)}px`, top: `${toY(drawn, box, y)}px` }}
          />
        );
      })}
    </>
  );
}

/** The points at the cursor in words. */
function Said({ drawn, at, settings }: { drawn: Curves; at: number; settings: Settings }) {
  return (
    <>
      <span>{placed(drawn.x.from(at), settings.kind)}</span>
      {drawn.tracks.map(({ line, xs, averages }, n) => {
        const point = nearest(xs, at);
        const average = averages?.[point];
        return (
          <span key={n}>
            {drawn.tracks.length > 1 && <Key look={line.look} label={line.label} />}
            <b>{word(line.y[point])}</b>
            {average !== undefined && !Number.isNaN(average) && <> smoothed {figure(drawn.y.from(average))}</>}
          </span>
        );
      })}
    </>
  );
}

/** Which line is whose. */
export function Key({ look, label }: { look: number; label: string }) {
  return (
    <>
      <i class="key" style={{ color: ink(look) }} aria-hidden="true" />
      <bdi>{label}</bdi>{' '}
    </>
  );
}

function word(value: number | undefined): string {
  return value === undefined ? '—' : Number.isNaN(value) ? 'NaN' : figure(value);
}
