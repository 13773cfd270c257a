/** The code as it was frozen at the submit: its files, how it differs from others, the way back to a cell. */
import { useMemo, useState } from 'preact/hooks';
import type { PanelProps, TabEntry } from '.';
import type { Answers } from '../../protocol';
import { count } from '../figures';
import { said } from '../follow';
import { type Against, AgainstBar } from '../parts/against_bar';
import { clean } from '../parts/clean';
import { Differences } from '../parts/differences';
import { Button, Tick, Told } from '../parts/fields';
import { FileDiffView } from '../parts/file_diff';
import { FileTree } from '../parts/file_tree';
import { Preview } from '../parts/preview';
import { useAnswer } from '../parts/use_answer';

type Diff = Answers['diff'];

function Snapshot({ run, details, source, restore, currentCell }: PanelProps) {
  const [chosen, setChosen] = useState('');
  const [against, setAgainst] = useState<Against | null>(null);
  const [onlyDiffers, setOnly] = useState(true);
  const [diff, told] = useAnswer(source, 'diff', against && { run, against });
  const { snapshot, identity } = details;
  const files = useMemo(() => {
    const sizes = new Map(snapshot.map(file => [file.name, file.size]));
    const all = diff ? diff.files : snapshot.map(({ name }) => ({ name, change: 'same' }));
    return all
      .map(({ name, change }) => ({ name, size: sizes.get(name), mark: change === 'same' ? undefined : change }))
      .filter(one => !diff || !onlyDiffers || one.mark);
  }, [snapshot, diff, onlyDiffers]);
  const differing = diff?.files.find(file => file.name === chosen && file.change !== 'same');
  const theirs = diff?.against ?? '';
  if (snapshot.length === 0 && !restore) {
    return <p class="none">No snapshot: the job was submitted without a code folder.</p>;
  }
  return (
    <>
      <AgainstBar hasParent={identity.parent !== ''} currentCell={currentCell} compare={setAgainst} />
      <div class="bar">
        {restore && <Restore run={run} source={source} restore={restore} />}
        {diff && <Tick name="Only what differs" is={onlyDiffers} set={setOnly} />}
        <Told look={told ? 'problem' : 'muted'}>{told ? clean(told) : diff ? summary(diff) : against ? 'Comparing …' : ''}</Told>
      </div>
      {files.length > 0 && (
        <div class="browser">
          <FileTree label="Files of the snapshot" files={files} chosen={chosen} choose={setChosen} />
          {differing ? (
            <FileDiffView {...{ source, run, against }} file={differing} />
          ) : (
            <Preview {...{ run, source }} area="snapshot" name={snapshot.some(file => file.name === chosen) ? chosen : ''} />
          )}
        </div>
      )}
      {diff && (
        <>
          <Differences caption="Command" rows={diff.command} theirs={theirs} />
          <Differences caption="Parameters" rows={diff.params} theirs={theirs} />
          <Differences caption="Inputs" rows={diff.inputs} theirs={theirs} />
          <Differences caption="Environment" rows={diff.environment} theirs={theirs} />
        </>
      )}
    </>
  );
}

/** How many files differ in which way. */
function summary(diff: Diff): string {
  const counts = ['changed', 'added', 'removed', 'same'].map(change => {
    const many = diff.files.filter(file => file.change === change).length;
    return many ? `${count(many)} ${change}` : '';
  });
  const rest = diff.params.length + diff.inputs.length + diff.environment.length + diff.command.length;
  const isSame = rest === 0 && diff.files.every(file => file.change === 'same');
  return isSame ? 'Nothing differs.' : `Files: ${counts.filter(Boolean).join(', ') || 'none'}.`;
}

function Restore({ run, source, restore }: Pick<PanelProps, 'run' | 'source'> & { restore: NonNullable<PanelProps['restore']> }) {
  const [told, setTold] = useState('');
  const put = async (): Promise<void> => {
    try {
      const place = restore();
      const { magic } = await source.ask('code', { run });
      setTold(magic ? place(magic) : 'This run has no cell.');
    } catch (error) {
      setTold(said(error));
    }
  };
  return (
    <>
      <Button onClick={() => void put()}>Restore the cell</Button>
      <Told>{told}</Told>
    </>
  );
}

export const SNAPSHOT: TabEntry = {
  name: 'snapshot',
  caption: () => 'Snapshot',
  count: state => state.details?.snapshot.length ?? 0,
  Panel: Snapshot
};
