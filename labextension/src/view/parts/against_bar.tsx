/** What the code of a run is compared with: its parent, another job, a folder, a cell. */
import { useState } from 'preact/hooks';
import type { Arguments } from '../../protocol';

export type Against = Arguments['diff']['against'];
type Kind = Against['kind'] | 'current' | '';

interface Props {
  hasParent: boolean;
  currentCell?: (() => string) | undefined;
  compare(against: Against | null): void;
}

const CAPTIONS: readonly (readonly [Kind, string])[] = [
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
    <form class="aml-bar" onSubmit={submit}>
      <label>
        Compare with
        <select class="aml-field" value={kind} onChange={event => choose(event.currentTarget.value as Kind)}>
          {CAPTIONS.filter(([name]) => (name !== 'parent' || hasParent) && (name !== 'current' || currentCell)).map(([name, caption]) => (
            <option key={name} value={name}>
              {caption}
            </option>
          ))}
        </select>
      </label>
      {(kind === 'job' || kind === 'folder') && (
        <input
          class="aml-field"
          aria-label={kind === 'job' ? 'Name of the job' : 'Path of the folder'}
          placeholder={kind === 'job' ? 'name of the job' : 'where its code came from'}
          value={told}
          onInput={event => setTold(event.currentTarget.value)}
        />
      )}
      {kind === 'cell' && (
        <textarea
          class="aml-field aml-cell"
          aria-label="Text of the cell"
          placeholder="Paste the cell here"
          value={told}
          onInput={event => setTold(event.currentTarget.value)}
        />
      )}
      {(kind === 'job' || kind === 'folder' || kind === 'cell') && (
        <button type="submit" class="aml-button" disabled={!isSaid}>
          Compare
        </button>
      )}
    </form>
  );
}
