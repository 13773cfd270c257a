/** Runs that were marked in a table, and a way to see them side by side in this place. */
import type { ComponentChildren } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { CompareView } from '../compare';
import { Button } from './fields';
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
  return useMemo(() => ({ names, turn, clear }), [names, turn, clear]);
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
  source: Source;
  selection: Selection;
  /** What stands beside the buttons. */
  more?: ComponentChildren;
  children: ComponentChildren;
}

/** A table, and in its place, when somebody wants it, those that were marked in it side by side. */
export function Comparable({ source, selection, more, children }: Props) {
  const [isWanted, want] = useState(false);
  const { names, clear } = selection;
  const isOpen = isWanted && names.length > 1;
  return (
    <>
      <div class="bar">
        <Button disabled={names.length < 2} onClick={() => want(!isOpen)}>
          {isOpen ? 'Back to the table' : names.length < 2 ? 'Compare: mark two or more' : `Compare ${names.length} runs`}
        </Button>
        {names.length > 0 && !isOpen && <Button onClick={clear}>Unmark all</Button>}
        {more}
      </div>
      {isOpen ? <CompareView source={source} runs={names} /> : children}
    </>
  );
}
