/** Log text with terminal colours as pieces of plain text. It knows colours only: every other control sequence is dropped. */
import { clean } from './clean';

/** How text is written: one of the 16 colours, or null for the page's own. */
interface Ink {
  readonly colour: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
}

/** Some text, and the CSS classes it is written with. */
export type Piece = readonly [text: string, look: string];

export const PLAIN: Ink = { colour: null, bold: false, dim: false, italic: false, underline: false };

const MOST_PIECES = 40;
const SEQUENCE = new RegExp(
  [
    '\\x1b\\[([0-9;:]{0,64})m', // colours: the only group
    '\\x1b\\[[0-?]{0,64}[ -/]{0,8}[@-~]?', // any other CSI
    '\\x1b[\\]PX^_][^\\x07\\x1b]{0,4096}(?:\\x07|\\x1b\\\\)?', // titles, links and other strings
    '\\x1b[ -/]{0,4}[0-~]?'
  ].join('|'),
  'g'
);
const STYLES: Readonly<Record<number, Partial<Ink>>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  39: { colour: null }
};

/** A line in pieces, and the ink that goes on in the next line, as in a terminal. */
export function inked(line: string, ink: Ink): readonly [readonly Piece[], Ink] {
  if (!line.includes('\x1b')) {
    return [[[clean(line, Infinity), look(ink)]], ink];
  }
  const pieces: [string, string][] = [];
  let at = 0;
  const add = (text: string): void => {
    const kept = clean(text, Infinity);
    const last = pieces[pieces.length - 1];
    if (last && (pieces.length >= MOST_PIECES || last[1] === look(ink))) {
      last[0] += kept;
    } else if (kept) {
      pieces.push([kept, pieces.length === MOST_PIECES - 1 ? '' : look(ink)]);
    }
  };
  for (const found of line.matchAll(SEQUENCE)) {
    add(line.slice(at, found.index));
    ink = found[1] === undefined ? ink : coloured(ink, found[1]);
    at = found.index + found[0].length;
  }
  add(line.slice(at));
  return [pieces, ink];
}

/** A line as it stands at last: without colours, and what a carriage return wrote over is gone. */
export function plain(line: string): string {
  const parts = line.replace(SEQUENCE, '').trimEnd().split('\r');
  return parts[parts.length - 1] ?? '';
}

/** The pieces with every place of `needle` (in small letters) as a piece of its own, with a look of its own. */
export function marked(pieces: readonly Piece[], needle: string): readonly Piece[] {
  const whole = pieces.map(([text]) => text).join('');
  const small = whole.toLowerCase().length === whole.length ? whole.toLowerCase() : whole;
  if (!needle || !small.includes(needle)) {
    return pieces;
  }
  const cuts: number[] = [];
  for (let at = small.indexOf(needle); at >= 0 && cuts.length < 2 * MOST_PIECES; at = small.indexOf(needle, at)) {
    cuts.push(at, (at += needle.length));
  }
  const parts: Piece[] = [];
  let begin = 0;
  for (const [text, look] of pieces) {
    const end = begin + text.length;
    const edges = [begin, ...cuts.filter(cut => cut > begin && cut < end), end];
    edges.slice(1).forEach((edge, n) => {
      const from = edges[n] ?? 0;
      const isHit = cuts.some((cut, k) => k % 2 === 0 && from >= cut && from < (cuts[k + 1] ?? 0));
      parts.push([whole.slice(from, edge), isHit ? `${look} hit` : look]);
    });
    begin = end;
  }
  return parts;
}

function look({ colour, bold, dim, italic, underline }: Ink): string {
  const hue = colour === 8 ? 'kd' : colour !== null && `k${colour % 8}`;
  return [hue, bold && 'kb', dim && 'kd', italic && 'ki', underline && 'ku'].filter(Boolean).join(' ');
}

function coloured(ink: Ink, codes: string): Ink {
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, used] = extended(numbers.slice(at + 1, at + 5));
      ink = code === 38 ? { ...ink, colour } : ink;
      at += used;
    } else {
      ink = stepped(ink, code);
    }
  }
  return ink;
}

function stepped(ink: Ink, code: number): Ink {
  if (code === 0) {
    return PLAIN;
  }
  if (code >= 30 && code < 38) {
    return { ...ink, colour: code - 30 };
  }
  return code >= 90 && code < 98 ? { ...ink, colour: code - 82 } : { ...ink, ...STYLES[code] };
}

/** The nearest of the 16 colours to `5;n` or `2;r;g;b`, and how many codes that took. */
function extended([kind, a = 0, b = 0, c = 0]: readonly number[]): readonly [number | null, number] {
  if (kind === 2) {
    return [nearest(a, b, c), 4];
  }
  return kind === 5 ? [of256(a), 2] : [null, 1];
}

function of256(index: number): number {
  if (index < 16) {
    return index;
  }
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return nearest(level, level, level);
  }
  const level = (n: number): number => [0, 95, 135, 175, 215, 255][Math.floor(n) % 6] ?? 0;
  const cube = index - 16;
  return nearest(level(cube / 36), level(cube / 6), level(cube));
}

/** Which of the 8 hues, and whether its bright form: grey stays grey. */
function nearest(red: number, green: number, blue: number): number {
  const top = Math.max(red, green, blue);
  if (top - Math.min(red, green, blue) < 40) {
    return top < 150 ? 8 : 7;
  }
  const hue = [red, green, blue].reduce((sum, level, place) => sum + (level > top * 0.6 ? 1 << place : 0), 0);
  return hue + (top > 200 ? 8 : 0);
}
