/** The code of a run held against another's, file by file and line by line. */
import { useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { clean } from './clean';
import { Choice } from './fields';
import { FileDiffView, isLeftOut } from './file_diff';
import { useAnswer } from './use_answer';

const CHANGES: Readonly<Record<string, string>> = { added: '+', removed: '−', changed: '≠', same: '=' };

export function CodeDiff({ runs, source }: { runs: readonly string[]; source: Source }) {
  const [pair, setPair] = useState<readonly [string, string]>([runs[1] ?? '', runs[0] ?? '']);
  const [run, against] = pair;
  const asked = { run, against: { kind: 'job', name: against, path: '', text: '' } } as const;
  const [found, problem] = useAnswer(source, 'diff', asked);
  const names = runs.map(name => [name, clean(name, 80)] as const);
  const changed = found?.files.filter(file => file.change !== 'same') ?? [];
  return (
    <>
      {runs.length > 2 && (
        <div class="bar">
          <Choice name="From" value={against} options={names} choose={name => setPair([run, name])} />
          <Choice name="to" value={run} options={names} choose={name => setPair([name, against])} />
        </div>
      )}
      {problem && <p class="problem">{problem}</p>}
      {!found && !problem && <p class="none">Comparing …</p>}
      {found && !changed.length && <p class="none">The code of both is the same.</p>}
      {changed.map(file => (
        <File key={file.name} {...asked} source={source} file={file} isOpen={changed.length <= 3} />
      ))}
    </>
  );
}

type FileProps = Parameters<typeof FileDiffView>[0] & { isOpen: boolean };

function File({ isOpen, ...shown }: FileProps) {
  const { file } = shown;
  const [isShown, setShown] = useState(isOpen);
  const count = (sign: string): number => file.lines.filter(line => line[0] === sign).length;
  return (
    <details class="more" open={isShown} onToggle={event => setShown(event.currentTarget.open)}>
      <summary>
        <i aria-hidden="true">{CHANGES[file.change]}</i> <code>{clean(file.name)}</code>{' '}
        <small>
          {file.change}
          {!isLeftOut(file) && `, ${count('+')} lines more, ${count('-')} lines less${file.is_cut ? ', the first of them' : ''}`}
        </small>
      </summary>
      {isShown && <FileDiffView {...shown} />}
    </details>
  );
}
