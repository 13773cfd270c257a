/** What can be done with a log: search it, show only what is bad, wrap, follow, copy, download. */
import { useState } from 'preact/hooks';
import { said } from '../follow';
import { copyText } from './clipboard';
import type { Found, Level } from './log_search';

interface Props {
  /** What is sought. */
  text: string;
  typed: string;
  setTyped(typed: string): void;
  level: Level;
  setLevel(level: Level): void;
  isOnly: boolean;
  setOnly(isOnly: boolean): void;
  wraps: boolean;
  setWraps(wraps: boolean): void;
  follows: boolean;
  setFollows(follows: boolean): void;
  isLive: boolean;
  found: Found;
  /** Which of the found lines is the current one; -1: none. */
  at: number;
  go(step: number): void;
  count: number;
  copied(): Promise<readonly string[]>;
  url: string | null;
  problem: string;
}

const MOST_COPIED = 50_000;
const LEVELS: readonly (readonly [Level, string])[] = [
  ['', 'all lines'],
  ['warning', 'warnings and errors'],
  ['error', 'errors']
];

export function LogBar(props: Props) {
  const { text, level, found, at, go, count, problem } = props;
  const [told, setTold] = useState('');
  const copy = async (): Promise<void> => {
    try {
      setTold('Copying …');
      await copyText((await props.copied()).join('\n'));
      setTold('Copied.');
    } catch (error) {
      setTold(said(error));
    }
  };
  const isEmpty = !found.lines?.length;
  return (
    <div class="aml-bar" role="group" aria-label="The log's tools">
      <input
        class="aml-field"
        type="search"
        placeholder="Search, or :line"
        aria-label="Search in the log"
        value={props.typed}
        onInput={event => props.setTyped(event.currentTarget.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') {
            event.preventDefault();
            go(event.shiftKey ? -1 : 1);
          }
        }}
      />
      <button type="button" class="aml-button" aria-label="Previous match" disabled={!text || isEmpty} onClick={() => go(-1)}>
        ↑
      </button>
      <button type="button" class="aml-button" aria-label="Next match" disabled={!text || isEmpty} onClick={() => go(1)}>
        ↓
      </button>
      <span role="status" class="aml-muted aml-told">
        {problem || (text ? counted(found, at) : told)}
      </span>
      <label>
        <span class="aml-hidden">Which lines</span>
        <select class="aml-field" value={level} onChange={event => props.setLevel(event.currentTarget.value as Level)}>
          {LEVELS.map(([name, caption]) => (
            <option key={name} value={name}>
              {caption}
            </option>
          ))}
        </select>
      </label>
      <Switch name="Matches only" is={props.isOnly} set={props.setOnly} />
      <Switch name="Wrap" is={props.wraps} set={props.setWraps} />
      {props.isLive && <Switch name="Follow" is={props.follows} set={props.setFollows} />}
      <button
        type="button"
        class="aml-button"
        disabled={count === 0 || count > MOST_COPIED}
        title={count > MOST_COPIED ? 'Too long to be copied: download it.' : 'Copy the lines that are shown'}
        onClick={copy}
      >
        {level || (text && props.isOnly) ? 'Copy these lines' : 'Copy'}
      </button>
      {props.url && (
        <a class="aml-link" href={props.url} download>
          Download
        </a>
      )}
    </div>
  );
}

function Switch({ name, is, set }: { name: string; is: boolean; set(is: boolean): void }) {
  return (
    <label>
      <input type="checkbox" checked={is} onChange={event => set(event.currentTarget.checked)} />
      {name}
    </label>
  );
}

function counted({ lines, total }: Found, at: number): string {
  if (!lines) {
    return 'Searching …';
  }
  const place = at >= 0 ? `${(at + 1).toLocaleString('en')} of ` : '';
  return total ? `${place}${total.toLocaleString('en')} ${total === 1 ? 'line' : 'lines'}` : 'No match';
}
