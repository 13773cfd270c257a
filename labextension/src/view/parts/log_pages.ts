/** The lines of one log as they are wanted: the end as it is pushed, the rest asked for in pages and kept a while. */
import type { Source } from '../../carriers/source';
import { ended, type LogEnd, said } from '../follow';

const PAGE = 200;
/** Lines that are kept, beside the pushed end. */
const MOST = 30_000;
/** Lines between two wanted ones that are asked for with them rather than apart. */
const GAP = 20;
const PAUSE_MS = 2_000;
const AT_ONCE = 5_000;
/** Questions that wait for an answer at one time: who scrolls through a log wants the place where they stop. */
const MOST_ASKING = 2;
const MOST_APART = 6;

export class LogPages {
  total = 0;
  size = 0;
  problem = '';
  /** Counts the answers: whoever waits for lines may need others by then. */
  version = 0;
  private readonly kept = new Map<number, string>();
  private readonly asking = new Set<number>();
  private readonly ending = new AbortController();
  private end: LogEnd | null = null;
  private notBefore = 0;
  private waiting = 0;

  constructor(
    private readonly source: Source,
    private readonly run: string,
    readonly file: string,
    private readonly changed: () => void
  ) {}

  /** What was pushed of this log. Older lines than the pushed ones were complete when they were asked for. */
  take(end: LogEnd | null): void {
    if (!end || end.name !== this.file || end === this.end) {
      return;
    }
    if (this.end && this.end.age !== end.age) {
      this.kept.clear();
      this.total = 0;
    }
    this.end = end;
    const isEnded = end.lines[end.lines.length - 1] === '';
    this.total = Math.max(this.total, end.first + end.lines.length - (isEnded ? 1 : 0));
    this.size = end.size;
  }

  /** A line, or undefined while it is not here. */
  line(number: number): string | undefined {
    const { end } = this;
    if (end && number >= end.first && number < end.first + end.lines.length) {
      const isLast = number === end.first + end.lines.length - 1;
      const text = end.lines[number - end.first] ?? '';
      return isLast ? ended({ text, over: end.over }) : text;
    }
    return this.kept.get(number);
  }

  /** How many lines there are: asked where nothing is pushed. */
  measure(): void {
    void this.fetch(0, PAGE);
  }

  /** Ask for those of these lines that are missing: whole pages of neighbours, else as they lie. */
  need(numbers: readonly number[]): void {
    const missing = numbers.filter(number => this.line(number) === undefined && !this.asking.has(number));
    const [first, last] = [missing[0], missing[missing.length - 1]];
    if (first === undefined || last === undefined || this.waiting >= MOST_ASKING || Date.now() < this.notBefore) {
      return;
    }
    if (last - first < PAGE) {
      const begin = Math.max(0, Math.floor((first + last - PAGE) / 2));
      void this.fetch(begin, PAGE);
      return;
    }
    let begin = first;
    missing.forEach((number, n) => {
      const next = missing[n + 1] ?? Infinity;
      if (next - number > GAP && this.waiting < MOST_APART) {
        void this.fetch(begin, number - begin + 1);
        begin = next;
      }
    });
  }

  /** Lines to be copied, asked for where they are not here. */
  async texts(numbers: readonly number[]): Promise<string[]> {
    const [first = 0, last = -1] = [numbers[0], numbers[numbers.length - 1]];
    const found = new Map<number, string>();
    if (last - first + 1 > numbers.length) {
      for (const number of numbers) {
        found.set(number, this.line(number) ?? (await this.ask(number, 1))[0] ?? '');
      }
      return [...found.values()];
    }
    for (let at = first; at <= last; ) {
      const lines = await this.ask(at, Math.min(AT_ONCE, last - at + 1));
      lines.forEach((line, n) => found.set(at + n, line));
      at += Math.max(1, lines.length);
    }
    return [...found.values()];
  }

  dispose(): void {
    this.ending.abort();
  }

  private async fetch(first: number, count: number): Promise<void> {
    const wanted = Array.from({ length: count }, (_, n) => first + n);
    wanted.forEach(number => this.asking.add(number));
    this.waiting += 1;
    try {
      const lines = await this.ask(first, count);
      lines.forEach((line, n) => this.keep(first + n, line));
      this.problem = '';
      this.later(lines.length === 0);
    } catch (error) {
      this.problem = said(error);
      this.later(true);
    }
    wanted.forEach(number => this.asking.delete(number));
    this.waiting -= 1;
    this.tell();
  }

  /** What fails, or brings nothing, must not be asked for at every turn of the wheel; it is tried again all the same. */
  private later(isVain: boolean): void {
    if (isVain && Date.now() >= this.notBefore) {
      this.notBefore = Date.now() + PAUSE_MS;
      setTimeout(() => this.tell(), PAUSE_MS);
    }
  }

  private tell(): void {
    if (!this.ending.signal.aborted) {
      this.version += 1;
      this.changed();
    }
  }

  private async ask(first: number, count: number): Promise<readonly string[]> {
    const { run, file } = this;
    const answer = await this.source.ask('lines', { run, file, first, count }, this.ending.signal);
    this.total = Math.max(answer.total, this.end ? this.total : 0);
    this.size = answer.size;
    return answer.lines;
  }

  private keep(number: number, line: string): void {
    this.kept.delete(number);
    this.kept.set(number, line);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST) {
        break;
      }
      this.kept.delete(oldest);
    }
  }
}
