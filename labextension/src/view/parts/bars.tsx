/** Values as bars, each beside its name and its number; what is below zero has another look. */
import { clean } from './clean';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly said: string;
}

interface Props {
  label: string;
  bars: readonly Bar[];
  /** The value that takes all the room there is. */
  most: number;
}

export function Bars({ label, bars, most }: Props) {
  return bars.length ? (
    <ul class="bars" aria-label={label} tabIndex={0}>
      {bars.map(({ name, value, said }) => (
        <li key={name}>
          <bdi title={clean(name, 2_000)}>{clean(name, 200)}</bdi>
          <i class={value < 0 ? 'below' : ''} aria-hidden="true">
            <i style={{ width: `${most > 0 && Number.isFinite(value) ? (100 * Math.abs(value)) / most : 0}%` }} />
          </i>
          <b>{said}</b>
        </li>
      ))}
    </ul>
  ) : null;
}
