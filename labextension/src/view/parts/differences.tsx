/** How two runs differ beside their files: parameters, inputs, environment, command. */
import type { Answers } from '../../protocol';
import { clean } from './ansi';

interface Props {
  caption: string;
  rows: Answers['diff']['params'];
  theirs: string;
}

export function Differences({ caption, rows, theirs }: Props) {
  if (rows.length === 0) {
    return null;
  }
  return (
    <div class="aml-differs">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">This run</th>
            <th scope="col">{clean(theirs)}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, mine, theirs: other }) => (
            <tr key={key}>
              <th scope="row">{clean(key)}</th>
              <td>{mine ? <code>{clean(mine)}</code> : '—'}</td>
              <td>{other ? <code>{clean(other)}</code> : '—'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
