/** One explanation: the features over all rows, and for a row that somebody chooses. */
import { useState } from 'preact/hooks';
import { figure } from '../figures';
import { Block } from './block';
import { clean } from './clean';
import type { Explanation } from './explanations';

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
        <div class="aml-bar">
          <label>
            Class
            <select class="aml-field" value={String(chosen)} onChange={event => setChosen(Number(event.currentTarget.value))}>
              <option value="-1">all</option>
              {classes.map((name, n) => (
                <option key={n} value={String(n)}>
                  {clean(name, 80)}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      <div class="aml-columns">
        <Block title="Over all rows">
          <Bars label="Feature importance over all rows" features={one.features} values={overall} />
        </Block>
        {rows.length > 0 && (
          <Block title={`For row ${at} of ${rows.length.toLocaleString('en')}`}>
            <div class="aml-bar">
              <label>
                Row
                <input
                  class="aml-field"
                  type="number"
                  min={0}
                  max={rows.length - 1}
                  value={at}
                  onInput={event => setRow(Math.max(0, Math.round(event.currentTarget.valueAsNumber) || 0))}
                />
              </label>
            </div>
            <Bars label={`Feature importance for row ${at}`} features={one.features} values={rows[at] ?? []} />
          </Block>
        )}
      </div>
    </Block>
  );
}

interface BarsProps {
  label: string;
  features: readonly string[];
  values: readonly number[];
}

/** The features by how much they matter; what drives the output down has the other colour and a minus. */
export function Bars({ label, features, values }: BarsProps) {
  const [isWhole, setWhole] = useState(false);
  const every = features
    .map((name, n) => ({ name, value: values[n] ?? NaN }))
    .filter(one => !Number.isNaN(one.value))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  const top = Math.max(1e-12, Math.abs(every[0]?.value ?? 0));
  const shown = isWhole ? every : every.slice(0, MOST);
  return (
    <>
      <ul class="aml-bars" aria-label={label} tabIndex={0}>
        {shown.map(({ name, value }, n) => (
          <li key={n}>
            <span title={clean(name)}>{clean(name, 80)}</span>
            <i aria-hidden="true">
              <b class={value < 0 ? 'aml-neg' : ''} style={{ width: `${(100 * Math.abs(value)) / top}%` }} />
            </i>
            <em>{figure(value)}</em>
          </li>
        ))}
      </ul>
      {shown.length < every.length && (
        <button type="button" class="aml-button" onClick={() => setWhole(true)}>
          Show all {every.length.toLocaleString('en')}
        </button>
      )}
    </>
  );
}
