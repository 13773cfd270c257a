/** The points of a metric as its chart needs them: asked for while it is in sight, at most twice a second. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import { said } from '../follow';
import { askCurve } from './asked_curves';
import type { Range } from './measure';
import { type Axis, joined, type Points } from './series';

/** Milliseconds between two questions about what was added, and before one that failed is asked again. */
const PAUSE = 500;
const LONG_PAUSE = 4_000;

export interface Wanted {
  source: Source;
  run: string;
  name: string;
  axis: Axis;
  window: Range | null;
  pixels: number;
  /** How many points there are by now. */
  count: number;
  isSeen: boolean;
}

export interface Known {
  readonly points: Points | null;
  readonly problem: string;
}

interface Held {
  readonly form: string;
  readonly points: Points;
  readonly count: number;
}

export function useSeries(wanted: Wanted): Known {
  const { source, run, name, axis, window, pixels, count, isSeen } = wanted;
  const [known, setKnown] = useState<Known>({ points: null, problem: '' });
  const latest = useRef(wanted);
  latest.current = wanted;
  const held = useRef<Held | null>(null);
  const feed = useRef<Feed | null>(null);
  const form = JSON.stringify([run, name, axis, window, pixels]);
  // at once: an effect would wait until the card is painted without them
  useLayoutEffect(() => {
    if (!isSeen || !pixels) {
      return undefined;
    }
    const made = new Feed(form, latest, held, setKnown);
    feed.current = made;
    return () => made.end();
  }, [source, form, isSeen, pixels]);
  useLayoutEffect(() => feed.current?.nudge(), [source, form, isSeen, count]);
  return known;
}

/** Asks one question after the other, each for what was added since; slow answers are waited for, never piled up. */
class Feed {
  private readonly ending = new AbortController();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private isBusy = false;
  private at = -Infinity;
  private pause = PAUSE;

  constructor(
    private readonly form: string,
    private readonly latest: { readonly current: Wanted },
    private readonly held: { current: Held | null },
    private readonly show: (known: Known | ((one: Known) => Known)) => void
  ) {}

  end(): void {
    this.ending.abort();
    clearTimeout(this.timer ?? undefined);
  }

  nudge(): void {
    const { current } = this.held;
    const isKnown = current?.form === this.form && current.count === this.latest.current.count;
    if (!isKnown && !this.isBusy && this.timer === null && !this.ending.signal.aborted) {
      const rest = this.at + this.pause - performance.now();
      if (rest > 0) {
        this.timer = setTimeout(() => void this.turn(), rest);
      } else {
        void this.turn();
      }
    }
  }

  private async turn(): Promise<void> {
    this.timer = null;
    this.isBusy = true;
    this.at = performance.now();
    try {
      await this.ask(this.already());
      this.pause = PAUSE;
    } catch (error) {
      this.pause = LONG_PAUSE;
      if (!this.ending.signal.aborted) {
        this.show(one => ({ ...one, problem: said(error) }));
      }
    }
    this.isBusy = false;
    this.nudge();
  }

  private async ask(after: number): Promise<void> {
    const { source, run, name, axis, window, pixels, count } = this.latest.current;
    const [low, high] = window ?? [null, null];
    const sent = await askCurve(source, run, { key: name, x: axis, low, high, pixels, after }, this.ending.signal);
    if (this.ending.signal.aborted) {
      return;
    }
    const points = joined(after ? (this.held.current?.points ?? null) : null, sent);
    if (!points) {
      return this.ask(0);
    }
    this.held.current = { form: this.form, points, count };
    this.show({ points, problem: '' });
  }

  /** How many points are held to which the next ones can be added. */
  private already(): number {
    const { current } = this.held;
    const isWhole = current?.form === this.form && !current.points.isThinned && !current.points.isByOrder;
    return isWhole && !this.latest.current.window ? current.points.x.length : 0;
  }
}
