/** Every point of a metric as a table of any length: only the rows in sight are in the page. */
import { useCallback, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { count } from '../figures';
import { usePages } from './point_pages';
import { ROW, ScrollView } from './scroll_view';

interface Props {
  source: Source;
  run: string;
  name: string;
  total: number;
  height: number;
}

const HEADS = ['Step', 'Time', 'Value'];

export function PointsTable({ source, run, name, total, height }: Props) {
  const [[from, to], see] = useState<readonly [number, number]>([0, 0]);
  const { row, problem } = usePages(source, run, name, total, from, to);
  const draw = (n: number) => {
    const point = row(n);
    return (
      <div key={n} class="point" role="row" aria-rowindex={n + 2}>
        <span role="cell">{point ? count(point.step) : '…'}</span>
        <span role="cell">{clock(point?.timestamp_ms)}</span>
        <span role="cell">{point?.value ?? problem}</span>
      </div>
    );
  };
  return (
    <ScrollView
      label={`Points of ${name.slice(0, 200)}`}
      count={total}
      tall={height - ROW}
      heads={HEADS}
      need={useCallback((first: number, last: number) => see([first, last]), [])}
      row={draw}
    />
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
