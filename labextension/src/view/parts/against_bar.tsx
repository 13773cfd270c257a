/** What the code of a run is compared with: its parent, another job, a folder, a cell. */
import { useState } from 'preact/hooks';
import type { Arguments } from '../../protocol';
import { Button, Choice, type Options } from './fields';

export type Against = Arguments['diff']['against'];
type Kind = Against['kind'] | 'current' | '';

interface Props {
  hasParent: boolean;
  currentCell?: (() => string) | undefined;
  compare(against: Against | null): void;
}

const CAPTIONS: Options<Kind> = [
  ['', 'nothing'],
  ['parent', 'its parent'],
  ['job', 'another job'],
  ['folder', 'a folder'],
  ['current', 'the current cell'],
  ['cell', 'a cell']
];

export function AgainstBar({ hasParent, currentCell, compare }: Props) {
  const [kind, setKind] = useState<Kind>('');
  const [told, setTold] = useState('');
  const choose = (next: Kind): void => {
    setKind(next);
    setTold('');
    const nothing = { name: '', path: '', text: '' };
    const isAtOnce = next === 'parent' || next === 'current';
    const text = next === 'current' ? currentCell?.() ?? '' : '';
    compare(isAtOnce ? { ...nothing, kind: next === 'parent' ? next : 'cell', text } : null);
  };
  const isSaid = kind === 'folder' || told.trim() !== ''; // '': the folder that the code came from
  const submit = (event: Event): void => {
    event.preventDefault();
    if (kind && kind !== 'current' && isSaid) {
      compare({
        kind,
        name: kind === 'job' ? told.trim() : '',
        path: kind === 'folder' ? told.trim() : '',
        text: kind === 'cell' ? told : ''
      });
    }
  };
  return (
    <form class="bar" onSubmit={submit}>
      <Choice
        name="Compare with"
        value={kind}
        options={CAPTIONS.filter(([name]) => (name !== 'parent' || hasParent) && (name !== 'current' || currentCell))}
        choose={choose}
      />
      {(kind === 'job' || kind === 'folder') && (
        <input
          class="field"
          aria-label={kind === 'job' ? 'Name of the job' : 'Path of the folder'}
          placeholder={kind === 'job' ? 'name of the job' : 'where its code came from'}
          value={told}
          onInput={event => setTold(event.currentTarget.value)}
        />
      )}
      {kind === 'cell' && (
        <textarea
          class="field cell"
          aria-label="Text of the cell"
          placeholder="Paste the cell here"
          value={told}
          onInput={event => setTold(event.currentTarget.value)}
        />
      )}
      {(kind === 'job' || kind === 'folder' || kind === 'cell') && (
        <Button type="submit" disabled={!isSaid}>
          Compare
        </Button>
      )}
    </form>
  );
}
