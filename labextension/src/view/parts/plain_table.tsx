/** A short table with whole values; of a long one the first rows, until somebody wants all. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

interface Props {
  label: string;
  heads: readonly string[];
  rows: readonly (readonly ComponentChildren[])[];
  most?: number;
}

export function PlainTable({ label, heads, rows, most = 30 }: Props) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? rows : rows.slice(0, most);
  return (
    <div class="aml-box" tabIndex={0} role="group" aria-label={label}>
      <table class="aml-table aml-plain" aria-label={label}>
        <thead>
          <tr>
            {heads.map(head => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, n) => (
            <tr key={n}>
              {row.map((cell, at) =>
                at === 0 ? (
                  <th key={at} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={at}>{cell}</td>
                )
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && (
        <button type="button" class="aml-button" onClick={() => setWhole(true)}>
          Show all {rows.length.toLocaleString('en')}
        </button>
      )}
    </div>
  );
}
