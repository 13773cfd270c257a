/** What is kept of each axis, by fields: the same as dragging along the axes, for the keyboard. */
import { clean } from './clean';
import { Tick } from './fields';
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
    <div class="brushes">
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
      <End name={name} end="from" rail={rail} at={low} set={value => set(Math.min(value, high), high)} />
      <End name={name} end="to" rail={rail} at={high} set={value => set(low, Math.max(value, low))} />
    </fieldset>
  );
}

interface EndProps {
  name: string;
  end: string;
  rail: Rail;
  at: number;
  set(at: number): void;
}

function End({ name, end, rail, at, set }: EndProps) {
  const said = rail.said(at / STEPS);
  return (
    <label>
      {end}
      <input
        type="range"
        min={0}
        max={STEPS}
        value={at}
        aria-label={`${name} ${end}`}
        aria-valuetext={said}
        onInput={event => set(event.currentTarget.valueAsNumber)}
      />
      <output>{said}</output>
    </label>
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
      <div class="words">
        {rail.words.map(word => (
          <Tick key={word} name={clean(word, 40)} is={words.has(word)} set={() => turn(word)} />
        ))}
      </div>
    </fieldset>
  );
}
