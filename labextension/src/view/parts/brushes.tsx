/** What is kept of each axis, by fields: the same as dragging along the axes, for the keyboard. */
import { clean } from './clean';
import { stretch } from './parallel';
import type { Brush, Brushes, Rail } from './rails';

interface Props {
  rails: readonly Rail[];
  brushes: Brushes;
  brush(rail: Rail, brush: Brush | null): void;
}

const STEPS = 100;

export function BrushFields({ rails, brushes, brush }: Props) {
  return (
    <div class="aml-brushes">
      {rails.map(rail =>
        rail.words.length ? (
          <Words key={rail.key} rail={rail} chosen={brushes.get(rail.key)} brush={brush} />
        ) : (
          <Range key={rail.key} rail={rail} chosen={brushes.get(rail.key)} brush={brush} />
        )
      )}
    </div>
  );
}

interface FieldProps {
  rail: Rail;
  chosen: Brush | undefined;
  brush: Props['brush'];
}

function Range({ rail, chosen, brush }: FieldProps) {
  const known = chosen && 'low' in chosen ? chosen : { low: -Infinity, high: Infinity };
  const low = Math.round(rail.placeOf(known.low) * STEPS);
  const high = Math.round(rail.placeOf(known.high) * STEPS);
  const set = (from: number, to: number): void =>
    brush(rail, from <= 0 && to >= STEPS ? null : stretch(rail, from / STEPS, to / STEPS));
  const name = clean(rail.name, 60);
  return (
    <fieldset>
      <legend>{name}</legend>
      <label>
        from
        <input
          type="range"
          min={0}
          max={STEPS}
          value={low}
          aria-label={`${name} from`}
          aria-valuetext={rail.said(low / STEPS)}
          onInput={event => set(Math.min(event.currentTarget.valueAsNumber, high), high)}
        />
        <output>{rail.said(low / STEPS)}</output>
      </label>
      <label>
        to
        <input
          type="range"
          min={0}
          max={STEPS}
          value={high}
          aria-label={`${name} to`}
          aria-valuetext={rail.said(high / STEPS)}
          onInput={event => set(low, Math.max(event.currentTarget.valueAsNumber, low))}
        />
        <output>{rail.said(high / STEPS)}</output>
      </label>
    </fieldset>
  );
}

function Words({ rail, chosen, brush }: FieldProps) {
  const words = chosen && 'words' in chosen ? chosen.words : new Set(rail.words);
  const turn = (word: string): void => {
    const next = new Set(words);
    if (!next.delete(word)) {
      next.add(word);
    }
    brush(rail, next.size === rail.words.length ? null : { words: next });
  };
  return (
    <fieldset>
      <legend>{clean(rail.name, 60)}</legend>
      <div class="aml-words">
        {rail.words.map(word => (
          <label key={word}>
            <input type="checkbox" checked={words.has(word)} onChange={() => turn(word)} />
            {clean(word, 40)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
