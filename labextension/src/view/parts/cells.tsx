/** The cells of a file of columns: as many as a page draws at once. */
import { count } from '../figures';
import { clean } from './clean';
import { Unseen } from './fields';
import { PlainTable } from './plain_table';

const MOST = 20_000;
const MOST_ROWS = 500;
const MOST_COLUMNS = 100;

interface Props {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  name: string;
}

export function Cells({ columns, rows, name }: Props) {
  const wide = columns.slice(0, MOST_COLUMNS);
  const long = rows.slice(0, Math.min(MOST_ROWS, Math.floor(MOST / Math.max(1, wide.length))));
  const left = [
    rows.length > long.length && `${count(rows.length - long.length)} more rows`,
    columns.length > wide.length && `${count(columns.length - wide.length)} more columns`
  ].filter(Boolean);
  return (
    <>
      <PlainTable
        label={`Table ${name}`}
        heads={[<Unseen key="">Row</Unseen>, ...wide.map(column => clean(column))]}
        rows={long.map((row, n) => [n + 1, ...row.slice(0, MOST_COLUMNS).map(cell => clean(cell))])}
        most={MOST_ROWS}
        look="cells"
      />
      {left.length > 0 && <p class="muted">{`${left.join(', ')}: download the file.`}</p>}
    </>
  );
}
