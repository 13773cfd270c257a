/** A notebook as text: its cells, and what each of them printed. Nothing of it runs, no HTML of it is drawn. */
import type { NotebookCell } from '../../protocol';
import { count } from '../figures';
import { inked, PLAIN } from './ansi';
import { drawn } from './line';

const MOST = 200;
const MOST_LINES = 300;
const LONGEST = 4_000;

export function Notebook({ cells, name }: { cells: readonly NotebookCell[]; name: string }) {
  return (
    <div class="scroll notebook" tabIndex={0} role="region" aria-label={`Notebook ${name}`}>
      {cells.slice(0, MOST).map((cell, n) => (
        <div key={n} class={cell.kind}>
          <small>
            {cell.kind} {n + 1}
          </small>
          <Text text={cell.text} />
          {cell.outputs.map((output, k) => (
            <Text key={k} text={output} look="output" />
          ))}
        </div>
      ))}
      {cells.length > MOST && <p class="muted">{`${count(cells.length - MOST)} more cells`}</p>}
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
      {lines.length > MOST_LINES && `… ${count(lines.length - MOST_LINES)} lines more`}
    </pre>
  );
}
