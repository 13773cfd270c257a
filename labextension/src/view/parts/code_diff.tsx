/** The code of a run held against another's, file by file and line by line. */
import { useEffect, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { said } from '../follow';
import { clean } from './clean';
import { type FileDiff, FileDiffView } from './file_diff';

type Difference = Answers['diff'];

const CHANGES: Readonly<Record<string, string>> = { added: '+', removed: '−', changed: '≠', same: '=' };

export function CodeDiff({ runs, source }: { runs: readonly string[]; source: Source }) {
  const [pair, setPair] = useState<readonly [string, string]>([runs[1] ?? '', runs[0] ?? '']);
  const [run, against] = pair;
  const [found, setFound] = useState<Difference | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const ending = new AbortController();
    setFound(null);
    setProblem('');
    const other = { kind: 'job', name: against, path: '', text: '' } as const;
    source
      .ask('diff', { run, against: other }, ending.signal)
      .then(answer => !ending.signal.aborted && setFound(answer))
      .catch((error: unknown) => !ending.signal.aborted && setProblem(said(error)));
    return () => ending.abort();
  }, [source, run, against]);
  const changed = found?.files.filter(file => file.change !== 'same') ?? [];
  return (
    <>
      {runs.length > 2 && (
        <div class="aml-bar">
          <Choice label="From" value={against} runs={runs} choose={name => setPair([run, name])} />
          <Choice label="to" value={run} runs={runs} choose={name => setPair([name, against])} />
        </div>
      )}
      {problem && <p class="aml-problem">{problem}</p>}
      {!found && !problem && <p class="aml-none">Comparing …</p>}
      {found && !changed.length && <p class="aml-none">The code of both is the same.</p>}
      {changed.map(file => (
        <File key={file.name} file={file} isOpen={changed.length <= 3} />
      ))}
    </>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  runs: readonly string[];
  choose(name: string): void;
}

function Choice({ label, value, runs, choose }: ChoiceProps) {
  return (
    <label>
      {label}
      <select class="aml-field" value={value} onChange={event => choose(event.currentTarget.value)}>
        {runs.map(name => (
          <option key={name} value={name}>
            {clean(name, 80)}
          </option>
        ))}
      </select>
    </label>
  );
}

function File({ file, isOpen }: { file: FileDiff; isOpen: boolean }) {
  const [isShown, setShown] = useState(isOpen);
  const count = (sign: string): number => file.lines.filter(line => line[0] === sign).length;
  return (
    <details class="aml-more" open={isShown} onToggle={event => setShown(event.currentTarget.open)}>
      <summary>
        <i aria-hidden="true">{CHANGES[file.change]}</i> <code>{clean(file.name)}</code>{' '}
        <small>
          {file.change}, {count('+')} lines more, {count('-')} lines less{file.is_cut ? ', the first of them' : ''}
        </small>
      </summary>
      {isShown && <FileDiffView file={file} />}
    </details>
  );
}
