/** A fairness assessment: a metric by group, and how far the groups are apart, for each model. */
import { useState } from 'preact/hooks';
import type { Json } from '../../protocol';
import { figure } from '../figures';
import { Block } from './block';
import { clean } from './clean';
import { Choice } from './fields';
import { PlainTable } from './plain_table';
import { list, numbers, record, text, texts } from './uploads';

/** What was uploaded of one assessment. */
export interface Dashboard {
  readonly name: string;
  readonly kind: string;
  readonly models: readonly string[];
  readonly features: readonly { readonly name: string; readonly groups: readonly string[]; readonly sizes: readonly number[] }[];
  /** By feature, then by model: each metric over all rows and in every group. */
  readonly metrics: readonly (readonly ReadonlyMap<string, Measured>[])[];
}

interface Measured {
  readonly whole: number;
  readonly groups: readonly number[];
}

export function isFairness(name: string): boolean {
  return /(^|[/.])fairness\//.test(name);
}

/** The assessment in a file; null where it is something else. */
export function dashboardOf(name: string, value: Json): Dashboard | null {
  const given = record(value);
  const metrics = list(given['precomputedMetrics']);
  if (!metrics.length) {
    return null;
  }
  return {
    name,
    kind: text(given['predictionType']),
    models: texts(given['modelNames']),
    features: list(given['precomputedFeatureBins']).map(record).map(one => ({
      name: text(one['featureBinName']),
      groups: texts(one['binLabels']),
      sizes: sizes(numbers(one['binVector']))
    })),
    metrics: metrics.map(models => list(models).map(measured))
  };
}

function sizes(vector: readonly number[]): number[] {
  const found: number[] = [];
  vector.forEach(group => (found[group] = (found[group] ?? 0) + 1));
  return found;
}

function measured(value: Json): ReadonlyMap<string, Measured> {
  const pairs = Object.entries(record(value)).map(([key, one]) => {
    const { global: whole, bins } = record(one);
    return [key, { whole: typeof whole === 'number' ? whole : NaN, groups: numbers(bins) }] as const;
  });
  return new Map(pairs.filter(([, one]) => one.groups.length));
}

export function FairnessView({ one }: { one: Dashboard }) {
  const [feature, setFeature] = useState(0);
  const [metric, setMetric] = useState('');
  const models = one.metrics[feature] ?? [];
  const keys = [...new Set(models.flatMap(model => [...model.keys()]))];
  const key = keys.includes(metric) ? metric : (keys[0] ?? '');
  const about = one.features[feature];
  const groups = about?.groups ?? [];
  const rows = models.map((model, n) => {
    const found = model.get(key);
    const values = found?.groups ?? [];
    const finite = values.filter(Number.isFinite);
    const apart = finite.length ? Math.max(...finite) - Math.min(...finite) : NaN;
    return [clean(one.models[n] ?? `model ${n}`), figure(found?.whole), ...groups.map((_, at) => figure(values[at])), figure(apart)];
  });
  const heads = groups.map((group, n) => clean(`${group}${about?.sizes[n] ? ` (${about.sizes[n]} rows)` : ''}`, 80));
  return (
    <Block title={clean(`Assessment ${one.name}${one.kind ? `, ${one.kind}` : ''}`, 200)}>
      <div class="bar">
        <Choice
          name="Groups by"
          value={String(feature)}
          options={one.features.map((given, n) => [String(n), clean(given.name, 80)] as const)}
          choose={value => setFeature(Number(value))}
        />
        <Choice name="Metric" value={key} options={keys.map(name => [name, clean(name, 80)] as const)} choose={setMetric} />
      </div>
      <PlainTable label={clean(`${key} by group`, 120)} heads={['Model', 'All rows', ...heads, 'Disparity']} rows={rows} />
    </Block>
  );
}
