/** The cells of a file of columns: as many as a page draws at once. */
import { clean } from './ansi';

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
    rows.length > long.length && `${(rows.length - long.length).toLocaleString('en')} more rows`,
    columns.length > wide.length && `${(columns.length - wide.length).toLocaleString('en')} more columns`
  ].filter(Boolean);
  return (
    <>
      <div class="aml-scroll" tabIndex={0} role="region" aria-label={`Table ${name}`}>
        <table class="aml-cells">
          <thead>
            <tr>
              <th scope="col">
                <span class="aml-hidden">Row</span>
              </th>
              {wide.map((column, n) => (
                <th key={n} scope="col">
                  {clean(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {long.map((row, n) => (
              <tr key={n}>
                <th scope="row">{n + 1}</th>
                {row.slice(0, MOST_COLUMNS).map((cell, k) => (
                  <td key={k}>{clean(cell)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left.length > 0 && <p class="aml-muted">{`${left.join(', ')}: download the file.`}</p>}
    </>
  );
}
