/** Files in their folders: one stop for the keyboard, arrows move, as ARIA's tree pattern says. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { bytes, count } from '../figures';
import { clean } from './clean';

export interface TreeFile {
  readonly name: string;
  readonly size?: number | undefined;
  /** What is said of it beside its name, and the class that says it in colour. */
  readonly mark?: string | undefined;
}

interface Props {
  label: string;
  files: readonly TreeFile[];
  chosen: string;
  choose(name: string): void;
}

interface Row {
  readonly path: string;
  readonly caption: string;
  readonly level: number;
  /** null: a folder. */
  readonly file: TreeFile | null;
}

const MOST = 1_000;
const FEW = 60;

export function FileTree({ label, files, chosen, choose }: Props) {
  const [sought, setSought] = useState('');
  const [opened, setOpened] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [focused, setFocused] = useState('');
  const list = useRef<HTMLUListElement>(null);
  const found = useMemo(() => files.filter(file => file.name.toLowerCase().includes(sought.toLowerCase())), [files, sought]);
  const isFew = found.length <= FEW || sought !== '';
  // as somebody left it, also when there are more files by now
  const isOpen = useCallback((path: string) => opened.get(path) ?? isFew, [opened, isFew]);
  const rows = useMemo(() => rowsOf(found, isOpen), [found, isOpen]);
  const stop = rows.find(row => row.path === focused) ?? rows.find(row => row.path === chosen) ?? rows[0];

  const toggle = (path: string): void => setOpened(new Map(opened).set(path, !isOpen(path)));
  const act = (row: Row): void => {
    setFocused(row.path);
    if (row.file) {
      choose(row.file.name);
    } else {
      toggle(row.path);
    }
  };
  const focus = (row: Row | undefined): void => {
    if (row) {
      setFocused(row.path);
      list.current?.querySelector<HTMLElement>(`[data-row="${rows.indexOf(row)}"]`)?.focus();
    }
  };
  const move = (event: KeyboardEvent): void => {
    const at = stop ? rows.indexOf(stop) : -1;
    const row = rows[at];
    if (!row) {
      return;
    }
    const isFolder = row.file === null;
    const done: Record<string, () => void> = {
      ArrowDown: () => focus(rows[at + 1]),
      ArrowUp: () => focus(rows[at - 1]),
      Home: () => focus(rows[0]),
      End: () => focus(rows[Math.min(rows.length, MOST) - 1]),
      Enter: () => act(row),
      ' ': () => act(row),
      ArrowRight: () => (isFolder && !isOpen(row.path) ? toggle(row.path) : isFolder && focus(rows[at + 1])),
      ArrowLeft: () => (isFolder && isOpen(row.path) ? toggle(row.path) : focus(parentOf(rows, at)))
    };
    const doing = done[event.key];
    if (doing) {
      event.preventDefault();
      doing();
    }
  };
  return (
    <div class="tree">
      {files.length > 12 && (
        <input
          class="field"
          type="search"
          placeholder="Filter"
          aria-label={`Filter ${label.toLowerCase()}`}
          value={sought}
          onInput={event => setSought(event.currentTarget.value)}
        />
      )}
      <ul role="tree" aria-label={label} ref={list} onKeyDown={move}>
        {rows.slice(0, MOST).map((row, n) => (
          <li
            key={row.path}
            role="treeitem"
            data-row={n}
            aria-level={row.level}
            aria-expanded={row.file ? undefined : isOpen(row.path)}
            aria-selected={row.file ? row.file.name === chosen : undefined}
            tabIndex={row === stop ? 0 : -1}
            style={{ paddingLeft: `${4 + Math.min(row.level - 1, 12) * 14}px` }}
            title={clean(row.file?.name ?? row.path)}
            onClick={() => act(row)}
          >
            <i aria-hidden="true">{row.file ? '' : isOpen(row.path) ? '▾' : '▸'}</i>
            <bdi>{clean(row.caption)}</bdi>
            {row.file?.mark && <b class={`mark ${row.file.mark}`}>{row.file.mark}</b>}
            {row.file?.size !== undefined && <small>{bytes(row.file.size)}</small>}
          </li>
        ))}
      </ul>
      {rows.length > MOST && (
        <p class="muted">{`${count(rows.length - MOST)} more: filter them.`}</p>
      )}
      {sought && rows.length === 0 && <p class="muted">No such file.</p>}
    </div>
  );
}

function parentOf(rows: readonly Row[], at: number): Row | undefined {
  const level = rows[at]?.level ?? 1;
  return rows.slice(0, at).reverse().find(row => row.level < level);
}

/** The rows in sight: folders first, each before what is in it. */
function rowsOf(files: readonly TreeFile[], isOpen: (path: string) => boolean): readonly Row[] {
  const rows: Row[] = [];
  const walk = (inside: readonly (readonly [readonly string[], TreeFile])[], folder: string, level: number): void => {
    const folders = new Map<string, (readonly [readonly string[], TreeFile])[]>();
    const here: (readonly [readonly string[], TreeFile])[] = [];
    for (const one of inside) {
      const [head = ''] = one[0];
      if (one[0].length === 1) {
        here.push(one);
      } else {
        const known = folders.get(head) ?? [];
        known.push([one[0].slice(1), one[1]]);
        folders.set(head, known);
      }
    }
    for (const [name, within] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const path = `${folder}${name}/`;
      rows.push({ path, caption: name, level, file: null });
      if (isOpen(path)) {
        walk(within, path, level + 1);
      }
    }
    for (const [[caption = ''], file] of here.sort(([[a = '']], [[b = '']]) => (a < b ? -1 : 1))) {
      rows.push({ path: file.name, caption, level, file });
    }
  };
  walk(files.map(file => [file.name.split('/'), file]), '', 1);
  return rows;
}
