/** The colours of a drawing on a canvas, read from the style sheet; it is told when they change with the theme. */
import type { RefObject } from 'preact';

/** How many looks the palette has (Okabe and Ito's colours; dashes tell them apart without any). */
export const LOOKS = 8;
const NAMES = ['mu', 'hl', ...Array.from({ length: LOOKS }, (_, n) => `s${n}`)];

export interface Inks {
  readonly text: string;
  readonly rule: string;
  readonly font: string;
  look(n: number): string;
}

/** A colour of CSS that moves to another one ends a transition: whatever changed the theme, it is noticed. */
export function Probe({ probe, changed }: { probe: RefObject<HTMLElement>; changed(): void }) {
  return (
    <i class="inks" ref={probe} aria-hidden="true" onTransitionEnd={changed}>
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

/** The colours as they are now. */
export function inks(probe: HTMLElement): Inks {
  const [text = '', rule = '', ...looks] = Array.from(probe.children, one => getComputedStyle(one).color);
  return { text, rule, font: `11px ${getComputedStyle(probe).fontFamily}`, look: n => looks[n % LOOKS] ?? text };
}

const DASHES: readonly number[][] = [[], [6, 4], [2, 4], [9, 4, 2, 4], [12, 5], [5, 5], [1, 5], [9, 3, 2, 3, 2, 3]];

/** The dashes of a look. */
export function dashes(look: number): number[] {
  return DASHES[look % LOOKS] ?? [];
}
