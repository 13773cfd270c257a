/** JSON as a tree: what is closed is not drawn, so that neither depth nor length costs anything. */
import { useMemo, useState } from 'preact/hooks';
import type { Json } from '../../protocol';
import { count } from '../figures';
import { clean } from './clean';
import { Tick } from './fields';
import { TextView } from './text_view';

const MOST = 200;
const LONGEST = 2_000;

export function JsonTree({ text, name }: { text: string; name: string }) {
  const [isText, setText] = useState(false);
  const value = useMemo(() => parsed(text), [text]);
  if (value === undefined) {
    return <TextView text={text} label={`Text of ${name}`} />; // cut, or not JSON at all
  }
  return (
    <>
      <div class="bar">
        <Tick name="As text" is={isText} set={setText} />
      </div>
      {isText ? (
        <TextView text={text} label={`Text of ${name}`} />
      ) : (
        <div class="scroll json" tabIndex={0} role="region" aria-label={`JSON ${name}`}>
          <Node name="" value={value} isOpen />
        </div>
      )}
    </>
  );
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function Node({ name, value, isOpen = false }: { name: string; value: Json; isOpen?: boolean }) {
  const [open, setOpen] = useState(isOpen);
  const key = name && <b>{`${clean(name, 200)}: `}</b>;
  if (value === null || typeof value !== 'object') {
    return (
      <div>
        {key}
        <code>{short(value)}</code>
      </div>
    );
  }
  const entries: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? value.slice(0, MOST).map((one, n) => [String(n), one] as const)
    : Object.entries(value);
  const size = Array.isArray(value) ? value.length : entries.length;
  return (
    <details open={open} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        {key}
        <small>{Array.isArray(value) ? `[${count(size)}]` : `{${count(size)}}`}</small>
      </summary>
      {open && entries.slice(0, MOST).map(([inner, one]) => <Node key={inner} name={inner} value={one} />)}
      {open && size > MOST && <p class="muted">{`${count(size - MOST)} more`}</p>}
    </details>
  );
}

function short(value: string | number | boolean | null): string {
  return clean(JSON.stringify(value), LONGEST);
}
