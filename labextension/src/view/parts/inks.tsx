/** The colours of drawings on canvases, read from the style sheet; they are told when these change with the theme. */
import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** How many looks the palette has (Okabe and Ito's colours; dashes tell them apart without any). */
export const LOOKS = 8;
const NAMES = ['mu', 'hl', ...Array.from({ length: LOOKS }, (_, n) => `s${n}`)];

export interface Inks {
  readonly text: string;
  readonly rule: string;
  readonly font: string;
  look(n: number): string;
}

/** Where the drawings of a view read their colours; the last element of the view's own. */
export function Probe() {
  return (
    <i class="inks" aria-hidden="true">
      {NAMES.map(name => (
        <b key={name} style={{ color: `var(--${name})` }} />
      ))}
    </i>
  );
}

/** A look as CSS says it. */
export function ink(look: number): string {
  return `var(--s${look % LOOKS})`;
}

function probeOf(inside: Element | null): Element | null | undefined {
  return inside?.closest('.aml-run')?.querySelector(':scope > .inks');
}

/** How often the colours changed: one that moves to another ends a transition, whatever changed the theme. */
export function useThemes(inside: RefObject<Element>): number {
  const [themes, changed] = useState(0);
  useLayoutEffect(() => {
    const probe = probeOf(inside.current);
    const turn = (): void => changed(n => n + 1);
    probe?.addEventListener('transitionend', turn);
    return () => probe?.removeEventListener('transitionend', turn);
  }, [inside]);
  return themes;
}

/** The colours of the view that an element is in, as they are now; null: it is in none. */
export function inks(inside: Element | null): Inks | null {
  const probe = probeOf(inside);
  if (!probe) {
    return null;
  }
  const [text = '', rule = '', ...looks] = Array.from(probe.children, one => getComputedStyle(one).color);
  return { text, rule, font: `11px ${getComputedStyle(probe).fontFamily}`, look: n => looks[n % LOOKS] ?? text };
}

const DASHES: readonly number[][] = [[], [6, 4], [2, 4], [9, 4, 2, 4], [12, 5], [5, 5], [1, 5], [9, 3, 2, 3, 2, 3]];

/** The dashes of a look. */
export function dashes(look: number): number[] {
  return DASHES[look % LOOKS] ?? [];
}
