/** Every point of a metric as a table of any length: only the rows in sight are in the page. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { usePages } from './point_pages';

interface Props {
  source: Source;
  run: string;
  name: string;
  total: number;
  height: number;
}

const ROW = 22;
const LONGEST = 8_000_000; // pixels: Firefox draws no element that is higher than 17 million

export function PointsTable({ source, run, name, total, height }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const seen = Math.max(1, Math.floor((height - ROW) / ROW));
  const last = Math.max(0, total - seen);
  const range = Math.min(last * ROW, LONGEST);
  const scale = range ? last / range : 0; // rows a pixel
  const from = Math.min(last, Math.round(at));
  const to = Math.min(total, from + seen + 1);
  const { row, problem } = usePages(source, run, name, total, from, to);
  const place = useRef(0);
  useLayoutEffect(() => {
    if (box.current && Math.abs(box.current.scrollTop - place.current) >= 1) {
      box.current.scrollTop = place.current;
    }
  });
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(last, to));
    place.current = scale ? next / scale : 0;
    setAt(next);
  };
  const press = (event: KeyboardEvent): void => {
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, PageDown: from + seen, PageUp: from - seen, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    }
  };
  const scroll = (): void => {
    const top = box.current?.scrollTop ?? 0;
    if (Math.abs(top - place.current) >= 1) {
      place.current = top;
      setAt(top * scale);
    }
  };
  return (
    <div
      class="points"
      ref={box}
      style={{ height: `${height}px` }}
      tabIndex={0}
      role="region"
      aria-label={`Points of ${name.slice(0, 200)}`}
      onKeyDown={press}
      onScroll={scroll}
    >
      <div style={{ height: `${range + height}px` }}>
        <table class="table" aria-rowcount={total + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col">Step</th>
              <th scope="col">Time</th>
              <th scope="col">Value</th>
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: to - from }, (_, n) => from + n).map(n => (
              <tr key={n} aria-rowindex={n + 2}>
                <td>{row(n)?.step.toLocaleString('en') ?? '…'}</td>
                <td>{clock(row(n)?.timestamp_ms)}</td>
                <td>{row(n)?.value ?? problem}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** Month and day, hours to seconds, of this person's clock. */
function clock(milliseconds: number | undefined): string {
  if (milliseconds === undefined) {
    return '';
  }
  const at = new Date(milliseconds);
  const two = (n: number): string => String(n).padStart(2, '0');
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}
