/** Any number of lines, of which only those in sight are there. Scrolling moves by lines, so that lines may wrap.
 *
 * The lines stand in a frame that sticks to the view's top; a spacer gives the scroll bar its range. A range longer
 * than browsers can draw is shown at a smaller scale; wheel and keys still move by lines then.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { within } from '../figures';

export const ROW = 18;
const LONGEST = 8_000_000; // pixels: Firefox draws no element that is higher than 17 million
const TALL = 396;

interface Props {
  count: number;
  label: string;
  /** Pixels of lines at first. */
  tall?: number;
  /** What stands above the columns, where the lines are rows of a table. */
  heads?: readonly string[];
  wraps?: boolean;
  /** Stay at the end while lines are added; told when the reader leaves the end, or comes back. */
  follows?: boolean;
  onFollow?(follows: boolean): void;
  /** A line to show, when the object is another one than before. */
  target?: { readonly index: number } | null;
  /** Called with the lines in sight. */
  need?(first: number, last: number): void;
  row(index: number): ComponentChildren;
}

export function ScrollView({ count, label, tall = TALL, heads, wraps = false, follows = false, onFollow, target, need, row }: Props) {
  const view = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const widest = useRef(0);
  const [height, setHeight] = useState(tall);
  const above = heads ? ROW : 0;
  const place = useRef(0); // the line at the top, and how far into it
  const [, paint] = useReducer<number, null>(n => n + 1, 0);
  const at = place.current;
  const [measured, setMeasured] = useState<readonly [key: string, end: number]>(['', 0]);
  const key = `${count} ${height}`;
  const guess = Math.max(0, count - height / ROW);
  const end = wraps && measured[0] === key ? measured[1] : guess;
  const range = Math.min(end * ROW, LONGEST);
  const scale = range > 0 ? end / range : 0; // lines a pixel
  const isAtEnd = (follows && onFollow !== undefined) || at >= end;
  const many = Math.ceil(height / ROW) + 2;
  const first = isAtEnd ? Math.max(0, count - many) : Math.floor(at);
  const last = Math.min(count, first + many);

  const move = (to: number): void => {
    const bounded = within(0, to, end);
    place.current = bounded;
    paint(null);
    if (view.current) {
      view.current.scrollTop = scale ? bounded / scale : 0;
    }
  };
  const tell = (): void => onFollow?.(place.current > end - 1 / ROW);
  const scrolled = (): void => {
    const seen = view.current;
    const longest = seen ? seen.scrollHeight - seen.clientHeight : 0; // less than the range while it is resized
    const expected = Math.min(longest, isAtEnd ? range : scale ? place.current / scale : 0);
    const top = seen?.scrollTop ?? 0;
    if (Math.abs(top - expected) >= 1) {
      place.current = top >= longest - 1 ? end : top * scale;
      paint(null);
      tell();
    }
  };

  // eslint-disable-next-line react-hooks/exhaustive-deps -- measured after every painting, until nothing moves
  useLayoutEffect(() => {
    const [seen, inside, held] = [view.current, frame.current, rows.current];
    if (!seen || !inside || !held) {
      return;
    }
    setHeight(seen.clientHeight - held.offsetTop || tall);
    const known = wraps && last === count ? endOf(held, first, height) : end;
    if (Math.abs(known - end) > 0.01) {
      setMeasured([key, known]);
    }
    widest.current = wraps ? 0 : Math.max(widest.current, held.scrollWidth);
    inside.style.minWidth = wraps ? '' : `max(100%, ${widest.current}px)`;
    const top = (held.firstElementChild as HTMLElement | null)?.offsetHeight ?? 0;
    const shift = isAtEnd ? Math.min(0, height - held.offsetHeight) : -(at - first) * top;
    held.style.transform = `translateY(${shift}px)`;
    place.current = isAtEnd ? known : place.current;
    if (isAtEnd && Math.abs(seen.scrollTop - range) >= 1) {
      seen.scrollTop = range;
    }
  });
  useEffect(() => need?.(first, last), [first, last, count, need]);
  useLayoutEffect(() => {
    if (target) {
      move(target.index - (wraps ? 2 : height / ROW / 3));
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only another target moves
  }, [target]);
  useEffect(() => {
    const seen = view.current;
    const watch = new ResizeObserver(() => paint(null));
    if (seen) {
      watch.observe(seen);
    }
    return () => watch.disconnect();
  }, []);

  const isScaled = scale * ROW > 1.001;
  const wheeled = (event: WheelEvent): void => {
    if (isScaled && !event.shiftKey && !event.ctrlKey) {
      event.preventDefault();
      move((isAtEnd ? end : at) + (event.deltaMode ? event.deltaY : event.deltaY / ROW));
      tell();
    }
  };
  const pressed = (event: KeyboardEvent): void => {
    const page = Math.max(1, height / ROW - 2);
    const far = { Home: -Infinity, End: Infinity }[event.key]; // a glide to the end misses one that moves meanwhile
    const by = far ?? (isScaled ? { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key] : undefined);
    if (by) {
      event.preventDefault();
      move((isAtEnd ? end : at) + by);
      tell();
    }
  };
  return (
    <div
      class={wraps ? 'lines wraps' : 'lines'}
      style={{ height: `${within(3, count + 1, tall / ROW) * ROW + above}px` }}
      ref={view}
      tabIndex={0}
      role="region"
      aria-label={label}
      onScroll={scrolled}
      onWheel={wheeled}
      onKeyDown={pressed}
    >
      <div class="range" style={{ height: `${range + height + above}px` }}>
        <div class="frame" ref={frame} style={{ height: `${height + above}px` }} role={heads && 'table'} aria-rowcount={heads && count + 1}>
          {heads && (
            <div class="point" role="row" aria-rowindex={1}>
              {heads.map(head => (
                <b key={head} role="columnheader">
                  {head}
                </b>
              ))}
            </div>
          )}
          <div ref={rows} role={heads && 'rowgroup'}>{Array.from({ length: last - first }, (_, n) => row(first + n))}</div>
        </div>
      </div>
    </div>
  );
}

/** At which line the view's top stands when its bottom shows the last one. */
function endOf(rows: HTMLElement, first: number, height: number): number {
  let left = height;
  for (let n = rows.children.length - 1; n >= 0; n -= 1) {
    const one = (rows.children[n] as HTMLElement).offsetHeight;
    if (one >= left) {
      return first + n + (one - left) / one;
    }
    left -= one;
  }
  return first;
}
