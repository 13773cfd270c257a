/** How two runs differ beside their files: parameters, inputs, environment, command. */
import type { Answers } from '../../protocol';
import { Block } from './block';
import { clean } from './clean';
import { PlainTable } from './plain_table';

interface Props {
  caption: string;
  rows: Answers['diff']['params'];
  theirs: string;
}

const LONGEST = 4_000;

export function Differences({ caption, rows, theirs }: Props) {
  const cell = (text: string) => (text ? <code>{clean(text, LONGEST)}</code> : '—');
  return rows.length ? (
    <Block title={caption}>
      <PlainTable
        label={caption}
        heads={['Name', 'This run', clean(theirs)]}
        rows={rows.map(({ key, mine, theirs: other }) => [clean(key), cell(mine), cell(other)])}
      />
    </Block>
  ) : null;
}
