/** What can be done with a log: search it, show only what is bad, wrap, follow, copy, download. */
import { useState } from 'preact/hooks';
import { said } from '../follow';
import { count as counting } from '../figures';
import { copyText } from './clipboard';
import { Button, Choice, type Options, Tick, Told } from './fields';
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
const LEVELS: Options<Level> = [
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
    <div class="bar" role="group" aria-label="The log's tools">
      <input
        class="field"
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
      <Button aria-label="Previous match" disabled={!text || isEmpty} onClick={() => go(-1)}>
        ↑
      </Button>
      <Button aria-label="Next match" disabled={!text || isEmpty} onClick={() => go(1)}>
        ↓
      </Button>
      <Told look="muted told">{problem || (text ? counted(found, at) : told)}</Told>
      <Choice name="Which lines" isNamed={false} value={level} options={LEVELS} choose={props.setLevel} />
      <Tick name="Matches only" is={props.isOnly} set={props.setOnly} />
      <Tick name="Wrap" is={props.wraps} set={props.setWraps} />
      {props.isLive && <Tick name="Follow" is={props.follows} set={props.setFollows} />}
      <Button
        disabled={count === 0 || count > MOST_COPIED}
        title={count > MOST_COPIED ? 'Too long to be copied: download it.' : 'Copy the lines that are shown'}
        onClick={() => void copy()}
      >
        {level || (text && props.isOnly) ? 'Copy these lines' : 'Copy'}
      </Button>
      {props.url && (
        <a class="link" href={props.url} download>
          Download
        </a>
      )}
    </div>
  );
}

function counted({ lines, total }: Found, at: number): string {
  if (!lines) {
    return 'Searching …';
  }
  const place = at >= 0 ? `${counting(at + 1)} of ` : '';
  return total ? `${place}${counting(total)} ${total === 1 ? 'line' : 'lines'}` : 'No match';
}
