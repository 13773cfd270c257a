/** A table of any length: only the rows in sight are in the page. Any column sorts; arrows move from row to row. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { within } from '../figures';
import { Button } from './fields';

export type Sortable = number | string | null;

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** What a row is sorted by; numbers stand before words, null and NaN last whichever way. */
  sortBy(row: T): Sortable;
  /** What stands in the cell; its text is also how wide the column has to be. */
  text(row: T): string;
  /** What stands there instead; its buttons and fields take `tab` as their tabIndex: one row is a stop, not all. */
  cell?(row: T, tab: number): ComponentChildren;
  readonly isNumeric?: boolean;
  /** Whether the first click sorts from high to low. */
  readonly isDown?: boolean;
}

interface Props<T> {
  label: string;
  rows: readonly T[];
  /** All rows, where some are left out for a while: the columns keep their widths. */
  every?: readonly T[];
  columns: readonly Column<T>[];
  keyOf(row: T): string;
  lookOf?(row: T): string;
  /** Column by which it is sorted at first; '' leaves the rows as they are. */
  order?: string;
  /** Rows at most in sight. */
  tall?: number;
}

interface Order {
  key: string;
  isDown: boolean;
}

const ROW = 28;
const SPARE = 6;
const WIDEST = 34;

export function VirtualTable<T>({ label, rows, every = rows, columns, keyOf, lookOf, order = '', tall = 14 }: Props<T>) {
  const first = columns.find(column => column.key === order);
  const [sorted, setSorted] = useState<Order>({ key: order, isDown: first?.isDown ?? false });
  const [top, setTop] = useState(0);
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const wanted = useRef<{ row: number; control: number } | null>(null);
  const shown = useMemo(() => inOrder(rows, columns, sorted), [rows, columns, sorted]);
  const names = columns.map(column => column.key).join('\n');
  // eslint-disable-next-line react-hooks/exhaustive-deps -- a clock that ticks widens nothing
  const widths = useMemo(() => columns.map(column => width(column, every)), [names, every]);
  const height = Math.min(shown.length, tall) * ROW;
  const seen = Math.max(0, Math.min(Math.floor(top / ROW), shown.length - tall));
  const from = Math.max(0, seen - SPARE);
  const to = Math.min(shown.length, seen + tall + SPARE);
  const stop = active >= from && active < to ? active : from;
  const inSight = shown.slice(from, to);
  const elements = useElements(inSight.map(keyOf), sorted);

  useLayoutEffect(() => {
    const target = wanted.current;
    const row = target && box.current?.querySelector(`[data-row="${target.row}"]`);
    if (target && row) {
      wanted.current = null;
      const controls = controlsOf(row);
      controls[Math.min(target.control, controls.length - 1)]?.focus({ preventScroll: true });
    }
  });

  const move = (event: KeyboardEvent): void => {
    const row = (event.target as Element).closest('[data-row]');
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: tall - 1, PageUp: 1 - tall, Home: -Infinity, End: Infinity }[event.key];
    if (!row || by === undefined) {
      return;
    }
    event.preventDefault();
    const here = Number(row.getAttribute('data-row'));
    const next = within(0, here + by, shown.length - 1);
    if (next === here) {
      return; // nothing is painted that would take the wish away: it would be granted much later
    }
    wanted.current = { row: next, control: controlsOf(row).indexOf(event.target as HTMLElement) };
    setActive(next);
    const scroller = box.current;
    if (scroller) {
      scroller.scrollTop = Math.min(next * ROW, Math.max(scroller.scrollTop, (next + 1) * ROW - height));
      setTop(scroller.scrollTop);
    }
  };

  return (
    <div
      class="box"
      ref={box}
      tabIndex={0}
      role="group"
      aria-label={label}
      style={{ maxHeight: `${height + ROW + 18}px` }}
      onScroll={event => setTop(event.currentTarget.scrollTop)}
      onKeyDown={move}
    >
      <table
        class="table virtual"
        aria-label={label}
        aria-rowcount={shown.length + 1}
        style={{ width: `${widths.reduce((sum, one) => sum + one, 0)}ch` }}
      >
        <colgroup>
          {widths.map((wide, n) => (
            <col key={n} style={{ width: `${wide}ch` }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map(column => (
              <Head key={column.key} column={column} sorted={sorted} sort={setSorted} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space height={from * ROW} />
          {inSight.map((row, n) => (
            <tr
              key={elements[n]}
              data-row={from + n}
              aria-rowindex={from + n + 2}
              class={lookOf?.(row)}
              onFocusIn={() => setActive(from + n)}
            >
              {columns.map((column, at) => (
                <Cell key={column.key} column={column} row={row} isHead={at === 0} tab={from + n === stop ? 0 : -1} />
              ))}
            </tr>
          ))}
          <Space height={(shown.length - to) * ROW} />
        </tbody>
      </table>
    </div>
  );
}

/** Which element shows each row in sight: its own, but a new order has those that are there show other rows. */
function useElements(keys: readonly string[], sorted: Order): readonly string[] {
  const known = useRef({ sorted, turn: 0, taken: new Map<string, string>(), last: [] as readonly string[] });
  const { current } = known;
  if (current.sorted !== sorted) {
    current.sorted = sorted;
    current.turn += 1;
    current.taken = new Map(keys.slice(0, current.last.length).map((key, n) => [key, current.last[n] ?? '']));
  }
  current.last = keys.map(key => current.taken.get(key) ?? `${current.turn} ${key}`);
  return current.last;
}

function Head<T>({ column, sorted, sort }: { column: Column<T>; sorted: Order; sort(order: Order): void }) {
  const isOn = sorted.key === column.key;
  const turn = (): void => sort({ key: column.key, isDown: isOn ? !sorted.isDown : (column.isDown ?? false) });
  return (
    <th
      scope="col"
      class={column.isNumeric ? 'num' : ''}
      aria-sort={isOn ? (sorted.isDown ? 'descending' : 'ascending') : 'none'}
    >
      <Button class="" onClick={turn} title={column.title}>
        <span>{column.title}</span>
        <i aria-hidden="true">{isOn ? (sorted.isDown ? '▾' : '▴') : ''}</i>
      </Button>
    </th>
  );
}

interface CellProps<T> {
  column: Column<T>;
  row: T;
  isHead: boolean;
  tab: number;
}

function Cell<T>({ column, row, isHead, tab }: CellProps<T>) {
  const shown = column.cell?.(row, tab) ?? (column.text(row) || '—');
  const look = column.isNumeric ? 'num' : '';
  return isHead ? (
    <th scope="row" class={look}>
      {shown}
    </th>
  ) : (
    <td class={look} title={column.text(row).length > WIDEST - 4 ? column.text(row) : undefined}>
      {shown}
    </td>
  );
}

function Space({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden="true" class="space">
      <td style={{ height: `${height}px` }} />
    </tr>
  ) : null;
}

function controlsOf(row: Element): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>('button, input, a')];
}

function width<T>(column: Column<T>, rows: readonly T[]): number {
  let wide = column.title.length + 2;
  for (const row of rows) {
    wide = Math.max(wide, column.text(row).length);
  }
  return Math.min(wide, WIDEST) + 3;
}

function inOrder<T>(rows: readonly T[], columns: readonly Column<T>[], { key, isDown }: Order): readonly T[] {
  const column = columns.find(one => one.key === key);
  if (!column) {
    return rows;
  }
  const sign = isDown ? -1 : 1;
  return rows
    .map((row, n) => ({ row, n, by: column.sortBy(row) }))
    .sort((a, b) => compared(a.by, b.by, sign) || a.n - b.n)
    .map(one => one.row);
}

function compared(a: Sortable, b: Sortable, sign: number): number {
  if (isNothing(a) || isNothing(b)) {
    return Number(isNothing(a)) - Number(isNothing(b));
  }
  if (typeof a === typeof b) {
    return a === b ? 0 : a < b ? -sign : sign;
  }
  return typeof a === 'number' ? -sign : sign;
}

function isNothing(value: Sortable): value is null {
  return value === null || Number.isNaN(value);
}
