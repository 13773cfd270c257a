/** One numbered line of text. */
import type { Piece } from './ansi';

interface Props {
  /** From 0; people count from 1. */
  number: number;
  pieces: readonly Piece[] | undefined;
  look?: string;
  sign?: string;
}

export function Line({ number, pieces, look = '', sign }: Props) {
  return (
    <div class={`aml-line ${look}`}>
      <span class="aml-number" data-number={number >= 0 ? number + 1 : ''} />
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
  return look.endsWith('aml-hit') ? <mark class={look}>{text}</mark> : look ? <span class={look}>{text}</span> : text;
}
