/** Runs that were marked in a table, and a way to see them side by side in this place. */
import { useCallback, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { CompareView } from '../compare';
import type { Column } from './virtual_table';

const MOST = 12;

export interface Selection {
  readonly names: readonly string[];
  turn(name: string): void;
  clear(): void;
}

export function useSelection(): Selection {
  const [names, setNames] = useState<readonly string[]>([]);
  const turn = useCallback(
    (name: string) =>
      setNames(now => (now.includes(name) ? now.filter(one => one !== name) : [...now, name].slice(-MOST))),
    []
  );
  const clear = useCallback(() => setNames([]), []);
  return { names, turn, clear };
}

/** The column of check boxes. */
export function marked<T>(selection: Selection, nameOf: (row: T) => string): Column<T> {
  return {
    key: ' mark',
    title: 'Mark',
    sortBy: row => (selection.names.includes(nameOf(row)) ? 0 : 1),
    text: () => '',
    cell: (row, tab) =>
      nameOf(row) && (
        <input
          type="checkbox"
          tabIndex={tab}
          checked={selection.names.includes(nameOf(row))}
          aria-label={`Compare ${nameOf(row)}`}
          onChange={() => selection.turn(nameOf(row))}
        />
      )
  };
}

interface Props {
  selection: Selection;
  isOpen: boolean;
  setOpen(open: boolean): void;
}

export function CompareBar({ selection, isOpen, setOpen }: Props) {
  const count = selection.names.length;
  return (
    <>
      <button type="button" class="aml-button" disabled={count < 2} onClick={() => setOpen(!isOpen)}>
        {isOpen ? 'Back to the table' : count < 2 ? 'Compare: mark two or more' : `Compare ${count} runs`}
      </button>
      {count > 0 && !isOpen && (
        <button type="button" class="aml-button" onClick={selection.clear}>
          Unmark all
        </button>
      )}
    </>
  );
}

export function Compared({ source, names }: { source: Source; names: readonly string[] }) {
  return <CompareView source={source} runs={names} />;
}
