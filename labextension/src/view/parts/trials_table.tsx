/** All trials of a sweep as a table, the best first. */
import { useMemo } from 'preact/hooks';
import type { Json } from '../../protocol';
import { figure, span } from '../figures';
import { Sign } from './badge';
import { type Board, FATE_SIGNS, type Row, word } from './board';
import { clean } from './clean';
import { ran } from './now';
import { RunLink } from './run_link';
import { marked, type Selection } from './selection';
import { type Column, type Sortable, VirtualTable } from './virtual_table';

interface Props {
  board: Board;
  rows: readonly Row[];
  now: number;
  selection: Selection;
  open(run: string): void;
}

export function TrialsTable({ board, rows, now, selection, open }: Props) {
  const columns = useMemo(() => columnsOf(board, now, open, selection), [board, now, open, selection]);
  return (
    <VirtualTable
      label="All trials"
      rows={rows}
      every={board.rows}
      columns={columns}
      keyOf={row => String(row.trial.number)}
      lookOf={row => (row.isBest ? 'top' : '')}
      order="metric"
    />
  );
}

function columnsOf(board: Board, now: number, open: Props['open'], selection: Selection): Column<Row>[] {
  const { sweep, isHighest } = board;
  return [
    {
      key: 'trial',
      title: 'Trial',
      isNumeric: true,
      sortBy: row => row.trial.number,
      text: row => `${row.trial.number}${row.isBest ? ' ★ best' : ''}`,
      cell: (row, tab) => <Name row={row} tab={tab} open={open} />
    },
    marked(selection, row => row.trial.name),
    {
      key: 'status',
      title: 'Status',
      sortBy: row => row.fate,
      text: row => `● ${row.fate}`,
      cell: row => <Sign sign={FATE_SIGNS[row.fate]} word={row.fate} />
    },
    {
      key: 'metric',
      title: clean(sweep.metric, 60),
      isNumeric: true,
      isDown: isHighest,
      sortBy: row => row.value,
      text: row => (row.trial.value === null ? '' : figure(row.trial.value))
    },
    {
      key: 'ran',
      title: 'Duration',
      isNumeric: true,
      sortBy: row => ran(row.trial, now),
      text: row => span(ran(row.trial, now))
    },
    ...sweep.parameters.map(one => parameter(one.name, board)),
    ...(sweep.policy ? [WHY] : [])
  ];
}

const WHY: Column<Row> = {
  key: 'why',
  title: 'Why it was stopped',
  sortBy: row => row.trial.stopped || null,
  text: row => clean(row.trial.stopped)
};

function Name({ row, tab, open }: { row: Row; tab: number; open: Props['open'] }) {
  const { name, number } = row.trial;
  return (
    <>
      {row.isBest && <b class="star">★ best </b>}
      <RunLink name={name} said={String(number)} label={`Open trial ${number}`} tab={tab} open={open} />
    </>
  );
}

function parameter(name: string, board: Board): Column<Row> {
  const isNumeric = board.rows.every(row => typeof (row.params.get(name) ?? 0) === 'number');
  return {
    key: `p:${name}`,
    title: clean(name, 60),
    isNumeric,
    sortBy: row => sortable(row.params.get(name)),
    text: row => said(row.params.get(name))
  };
}

function said(value: Json | undefined): string {
  return typeof value === 'number' ? figure(value) : clean(word(value));
}

function sortable(value: Json | undefined): Sortable {
  if (value === undefined || value === null) {
    return null;
  }
  return typeof value === 'number' ? value : word(value);
}
