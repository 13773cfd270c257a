/** A short table with whole values; of a long one the first rows, until somebody wants all. */
import type { ComponentChildren } from 'preact';
import { useMore } from './fields';

interface Props {
  label: string;
  heads: readonly ComponentChildren[];
  rows: readonly (readonly ComponentChildren[])[];
  most?: number;
  look?: string;
}

export function PlainTable({ label, heads, rows, most = 30, look = 'plain' }: Props) {
  const [shown, more] = useMore(rows.length, most);
  return (
    <div class="box" tabIndex={0} role="group" aria-label={label}>
      <table class={`table ${look}`} aria-label={label}>
        <thead>
          <tr>
            {heads.map((head, n) => (
              <th key={n} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, shown).map(([head, ...cells], n) => (
            <tr key={n}>
              <th scope="row">{head}</th>
              {cells.map((cell, at) => (
                <td key={at}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more}
    </div>
  );
}
