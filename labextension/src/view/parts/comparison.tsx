/** Runs in columns, what they have in rows; a switch leaves only what differs. */
import { useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { moment, number, span } from '../figures';
import { Badge } from './badge';
import { Block } from './block';
import { clean } from './clean';
import { CodeDiff } from './code_diff';
import { Tick, Told, useMore } from './fields';
import { SharedCurves } from './shared_curves';

type Found = Answers['compare'];
type Row = Found['params'][number];
type Head = Found['runs'][number];

const SECTIONS: readonly (readonly [string, keyof Omit<Found, 'runs'>])[] = [
  ['Parameters', 'params'],
  ['Metrics', 'metrics'],
  ['Tags', 'tags'],
  ['Inputs', 'inputs'],
  ['Environment', 'environment'],
  ['Code', 'code']
];
/** Rows of a section, and cells of it, before more are asked for: ten thousand cells take a browser a second. */
const MOST = 200;
const MOST_CELLS = 4_000;

export function Comparison({ found, source }: { found: Found; source: Source }) {
  const [isShort, setShort] = useState(true);
  const every = SECTIONS.flatMap(([, key]) => found[key]);
  const differing = every.filter(row => row.differs).length;
  return (
    <>
      <div class="bar inset">
        <h3>{found.runs.length} runs side by side</h3>
        <Tick name="Only differences" role="switch" is={isShort} set={setShort} />
        <Told>
          {differing} of {every.length} rows differ
        </Told>
      </div>
      <div class="box" tabIndex={0} role="group" aria-label="Comparison">
        <table class="table sides" aria-label="Comparison">
          <thead>
            <tr>
              <td />
              {found.runs.map(head => (
                <th key={head.name} scope="col">
                  <Who head={head} />
                </th>
              ))}
            </tr>
          </thead>
          {SECTIONS.map(([title, key]) => (
            <Section key={key} title={title} rows={found[key]} isShort={isShort} columns={found.runs.length} />
          ))}
        </table>
      </div>
      <SharedCurves found={found} source={source} />
      {found.runs.length > 1 && (
        <Block title="Code, line by line">
          <CodeDiff runs={found.runs.map(head => head.name)} source={source} />
        </Block>
      )}
    </>
  );
}

function Who({ head }: { head: Head }) {
  const started = number(head.started);
  const ended = number(head.ended);
  return (
    <>
      <span class="who">{clean(head.display_name || head.name, 120)}</span>
      <Badge status={head.status} />
      <small>
        {head.display_name && head.display_name !== head.name && <code>{clean(head.name, 120)}</code>} {moment(head.created)}
        {Number.isFinite(ended - started) ? ` · ${span(Math.max(0, ended - started))}` : ''}
      </small>
    </>
  );
}

interface SectionProps {
  title: string;
  rows: readonly Row[];
  isShort: boolean;
  columns: number;
}

function Section({ title, rows, isShort, columns }: SectionProps) {
  const wanted = isShort ? rows.filter(row => row.differs) : rows;
  const [shown, more] = useMore(wanted.length, Math.min(MOST, Math.ceil(MOST_CELLS / columns)));
  return (
    <tbody>
      <tr class="section">
        <th scope="rowgroup" colSpan={columns + 1}>
          <span>
            {title} <small>{about(rows, wanted.length)}</small>
            {more}
          </span>
        </th>
      </tr>
      {wanted.slice(0, shown).map(row => (
        <tr key={row.key} class={row.differs ? 'unlike' : ''}>
          <th scope="row">
            {row.differs && (
              <i role="img" aria-label="differs">
                ≠
              </i>
            )}
            {clean(row.key, 200)}
          </th>
          {row.values.map((value, n) => (
            <td key={n} class={value ? '' : 'muted'}>
              {value ? clean(value, 600) : '—'}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function about(rows: readonly Row[], shown: number): string {
  const differ = rows.filter(row => row.differs).length;
  if (!rows.length) {
    return 'none';
  }
  return shown ? `${differ} of ${rows.length} differ` : `all ${rows.length} are the same`;
}
