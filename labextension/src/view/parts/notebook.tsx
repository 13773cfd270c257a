/** A notebook as text: its cells, and what each of them printed. Nothing of it runs, no HTML of it is drawn. */
import type { NotebookCell } from '../../protocol';
import { inked, PLAIN } from './ansi';
import { drawn } from './line';

const MOST = 200;
const MOST_LINES = 300;
const LONGEST = 4_000;

export function Notebook({ cells, name }: { cells: readonly NotebookCell[]; name: string }) {
  return (
    <div class="aml-scroll aml-notebook" tabIndex={0} role="region" aria-label={`Notebook ${name}`}>
      {cells.slice(0, MOST).map((cell, n) => (
        <div key={n} class={`aml-${cell.kind}`}>
          <small>{`${cell.kind} ${n + 1}`}</small>
          <Text text={cell.text} />
          {cell.outputs.map((output, k) => (
            <Text key={k} text={output} look="aml-output" />
          ))}
        </div>
      ))}
      {cells.length > MOST && <p class="aml-muted">{`${(cells.length - MOST).toLocaleString('en')} more cells`}</p>}
    </div>
  );
}

/** Some lines; colours go on from line to line. */
function Text({ text, look = '' }: { text: string; look?: string }) {
  const lines = text.split('\n');
  let ink = PLAIN;
  return (
    <pre class={look}>
      {lines.slice(0, MOST_LINES).map(line => {
        const [pieces, next] = inked(line.slice(0, LONGEST).replace(/\r$/, ''), ink);
        ink = next;
        return [...pieces.map(drawn), line.length > LONGEST ? ' …\n' : '\n'];
      })}
      {lines.length > MOST_LINES && `… ${(lines.length - MOST_LINES).toLocaleString('en')} lines more`}
    </pre>
  );
}
