/** One explanation: the features over all rows, and for a row that somebody chooses. */
import { useState } from 'preact/hooks';
import { count, figure } from '../figures';
import { Bars } from './bars';
import { Block } from './block';
import { clean } from './clean';
import type { Explanation } from './explanations';
import { Choice, useMore } from './fields';

const MOST = 20;

export function ExplanationView({ one }: { one: Explanation }) {
  const [chosen, setChosen] = useState(-1);
  const [row, setRow] = useState(0);
  const classes = one.classes.length ? one.classes : one.byClass.map((_, n) => `class ${n}`);
  const overall = chosen >= 0 ? (one.byClass[chosen] ?? one.overall) : one.overall;
  const rows = one.local[Math.max(0, chosen)] ?? one.local[0] ?? [];
  const at = Math.min(row, Math.max(0, rows.length - 1));
  return (
    <Block title={clean(`Explanation ${one.id}${one.comment ? `: ${one.comment}` : ''}`, 200)}>
      {(one.byClass.length > 0 || one.local.length > 1) && classes.length > 0 && (
        <div class="bar">
          <Choice
            name="Class"
            value={String(chosen)}
            options={[['-1', 'all'], ...classes.map((name, n) => [String(n), clean(name, 80)] as const)]}
            choose={value => setChosen(Number(value))}
          />
        </div>
      )}
      <div class="columns">
        <Block title="Over all rows">
          <Features label="Feature importance over all rows" features={one.features} values={overall} />
        </Block>
        {rows.length > 0 && (
          <Block title={`For row ${at} of ${count(rows.length)}`}>
            <div class="bar">
              <label>
                Row
                <input
                  class="field"
                  type="number"
                  min={0}
                  max={rows.length - 1}
                  value={at}
                  onInput={event => setRow(Math.max(0, Math.round(event.currentTarget.valueAsNumber) || 0))}
                />
              </label>
            </div>
            <Features label={`Feature importance for row ${at}`} features={one.features} values={rows[at] ?? []} />
          </Block>
        )}
      </div>
    </Block>
  );
}

interface FeaturesProps {
  label: string;
  features: readonly string[];
  values: readonly number[];
}

/** The features by how much they matter; what drives the output down has another look and a minus. */
function Features({ label, features, values }: FeaturesProps) {
  const every = features
    .map((name, n) => ({ name, value: values[n] ?? NaN, said: figure(values[n]) }))
    .filter(one => !Number.isNaN(one.value))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const [shown, more] = useMore(every.length, MOST);
  return (
    <>
      <Bars label={label} bars={every.slice(0, shown)} most={Math.abs(every[0]?.value ?? 0)} />
      {more}
    </>
  );
}
