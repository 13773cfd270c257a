/** One numbered line of text. */
import type { Piece } from './ansi';

interface Props {
  /** From 0; people count from 1. Negative: it has none. */
  number: number;
  pieces: readonly Piece[] | undefined;
  look?: string;
  sign?: string;
}

export function Line({ number, pieces, look = '', sign }: Props) {
  return (
    <div class={`line ${look}`}>
      {number >= 0 && <span class="number" data-number={number + 1} />}
      <code>
        {sign}
        {pieces ? pieces.map(drawn) : '…'}
        {'\n'}
      </code>
    </div>
  );
}

/** Text, or text in its colours: never markup. */
export function drawn([text, look]: Piece) {
  return look.endsWith('hit') ? <mark class={look}>{text}</mark> : look ? <span class={look}>{text}</span> : text;
}
