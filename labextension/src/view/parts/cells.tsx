/** The cells of a file of columns. */
import { clean } from './ansi';

const MOST = 500;

interface Props {
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  name: string;
}

export function Cells({ columns, rows, name }: Props) {
  return (
    <div class="aml-scroll" tabIndex={0} role="region" aria-label={`Table ${name}`}>
      <table class="aml-cells">
        <thead>
          <tr>
            <th scope="col">
              <span class="aml-hidden">Row</span>
            </th>
            {columns.map((column, n) => (
              <th key={n} scope="col">
                {clean(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map((row, n) => (
            <tr key={n}>
              <th scope="row">{n + 1}</th>
              {row.map((cell, k) => (
                <td key={k}>{clean(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST && (
        <p class="aml-muted">{`${(rows.length - MOST).toLocaleString('en')} more rows: download the `}</p>
      )}
    </div>
  );
}
