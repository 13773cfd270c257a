/** JSON that was uploaded to a run below a folder, read when a tab shows it. */
import { useEffect, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Json, RunFile } from '../../protocol';
import { said } from '../follow';

export interface Uploads {
  /** What was read, by the file's name. */
  readonly found: ReadonlyMap<string, Json>;
  readonly problems: readonly string[];
  readonly isReading: boolean;
}

const MOST_FILES = 40;
const MOST_BYTES = 1_000_000;

/** Files that `isOurs` names, as JSON. Those that are too large to look at are said to be. */
export function useUploads(source: Source, run: string, files: readonly RunFile[], isOurs: (name: string) => boolean): Uploads {
  const ours = files.filter(file => isOurs(file.name) && file.name.endsWith('.json'));
  const small = ours.filter(file => file.size <= MOST_BYTES).slice(0, MOST_FILES);
  const names = JSON.stringify(small.map(file => [file.name, file.size]));
  const [uploads, setUploads] = useState<Uploads>({ found: new Map(), problems: [], isReading: true });
  useEffect(() => {
    const ending = new AbortController();
    const wanted = (JSON.parse(names) as [string, number][]).map(([name]) => name);
    void read(source, run, wanted, ending.signal).then(next => {
      if (!ending.signal.aborted) {
        setUploads(next);
      }
    });
    return () => ending.abort();
  }, [source, run, names]);
  const left = ours.length - small.length;
  return left ? { ...uploads, problems: [...uploads.problems, `${left} more files are too many or too large to show here.`] } : uploads;
}

async function read(source: Source, run: string, names: readonly string[], signal: AbortSignal): Promise<Uploads> {
  const found = new Map<string, Json>();
  const problems: string[] = [];
  await Promise.all(
    names.map(async name => {
      try {
        const file = await source.ask('file', { run, area: 'outputs', name }, signal);
        found.set(name, JSON.parse(file.text.replace(/\bNaN\b|-?\bInfinity\b/g, 'null')) as Json);
      } catch (error) {
        problems.push(`${name}: ${said(error)}`);
      }
    })
  );
  return { found: new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1))), problems, isReading: false };
}

/** What was meant to be a text; '' for what is none. */
export function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function record(value: Json | undefined): Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

export function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function texts(value: Json | undefined): string[] {
  return list(value).map(one => (typeof one === 'object' ? JSON.stringify(one) : String(one)));
}

export function numbers(value: Json | undefined): number[] {
  return list(value).map(one => (typeof one === 'number' ? one : NaN));
}
