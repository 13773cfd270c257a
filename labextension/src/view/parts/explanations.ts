/** Explanations of a model as they were uploaded: which features drive it, over all rows and for one. Pure. */
import type { Json } from '../../protocol';
import { list, numbers, record, text, texts } from './uploads';

export interface Explanation {
  readonly id: string;
  readonly comment: string;
  readonly features: readonly string[];
  readonly classes: readonly string[];
  /** How much each feature matters over all rows. */
  readonly overall: readonly number[];
  /** The same for each class; empty where there are none. */
  readonly byClass: readonly (readonly number[])[];
  /** Of each class (or of the only output) each row's share by feature. */
  readonly local: readonly (readonly (readonly number[])[])[];
}

const FOLDER = /^explanation\/([^/]+)\/(.+)$/;
type Pieces = ReadonlyMap<string, Json>;

export function isExplanation(name: string): boolean {
  return FOLDER.test(name);
}

/** Every explanation in what was read. Each lies in a folder of its own, in one file or in one for each piece. */
export function explanationsOf(found: ReadonlyMap<string, Json>): readonly Explanation[] {
  const folders = new Map<string, Map<string, Json>>();
  for (const [name, value] of found) {
    const [, id = '', rest = ''] = FOLDER.exec(name) ?? [];
    const pieces = folders.get(id) ?? new Map<string, Json>();
    folders.set(id, pieces);
    pieces.set(pieceOf(rest), value);
    for (const [key, one] of Object.entries(record(value))) {
      if (!pieces.has(key)) {
        pieces.set(key, one);
      }
    }
  }
  return [...folders].map(([id, pieces]) => explanation(id, pieces)).filter(one => one.overall.length || one.local.length);
}

/** `global_importance_values.interpret.json` and `global_importance_values/0.json` are the piece of that name. */
function pieceOf(name: string): string {
  return (name.split('/').find(part => !/^\d/.test(part)) ?? name).replace(/(_\d+)?(\.interpret)?\.json$/, '');
}

function first(pieces: Pieces, ...names: string[]): Json | undefined {
  return names.map(name => pieces.get(name)).find(one => one !== undefined);
}

function explanation(id: string, pieces: Pieces): Explanation {
  const metadata = record(first(pieces, 'metadata', 'rich_metadata'));
  const named = importance(pieces);
  const local = blocks(first(pieces, 'local_importance_values', 'local_importance_values_viz', 'local_values'));
  const values = numbers(first(pieces, 'global_importance_values', 'global_values'));
  const features = named?.map(one => one[0]) ?? texts(first(pieces, 'features', 'feature_names'));
  const ranked = values.length ? unranked(values, pieces, features) : (named?.map(one => one[1]) ?? means(local));
  return {
    id,
    comment: text(first(pieces, 'comment') ?? metadata['comment']),
    features: allNamed(features, Math.max(ranked.length, local[0]?.[0]?.length ?? 0)),
    classes: texts(first(pieces, 'classes', 'class_names')),
    overall: ranked,
    byClass: list(first(pieces, 'per_class_values', 'per_class_importance_values')).map(numbers),
    local
  };
}

/** `{feature: importance}`, as `get_feature_importance_dict` gives it. */
function importance(pieces: Pieces): [string, number][] | null {
  for (const name of ['feature_importance', 'global_importance', 'feature_importances', 'importance']) {
    const pairs = Object.entries(record(pieces.get(name)));
    if (pairs.length && pairs.every(([, value]) => typeof value === 'number')) {
      return pairs as [string, number][];
    }
  }
  return null;
}

/** Values that stand in the order of their rank, by feature. */
function unranked(values: readonly number[], pieces: Pieces, features: readonly string[]): number[] {
  const rank = numbers(first(pieces, 'global_importance_rank', 'global_rank'));
  const names = texts(first(pieces, 'global_importance_names', 'global_names'));
  const order = rank.length ? rank : names.map(name => features.indexOf(name));
  if (order.length !== values.length || order.some(at => !(at >= 0))) {
    return [...values];
  }
  const found = values.map(() => NaN);
  order.forEach((at, n) => (found[at] = values[n] ?? NaN));
  return found;
}

/** One block of rows for each class: a model with one output has one. */
function blocks(value: Json | undefined): number[][][] {
  const outer = list(value);
  const isDeep = Array.isArray(list(outer[0])[0]);
  return (isDeep ? outer : outer.length ? [outer] : []).map(block => list(block).map(numbers));
}

function means(local: readonly (readonly (readonly number[])[])[]): number[] {
  const rows = local.flat();
  const count = rows[0]?.length ?? 0;
  return Array.from({ length: count }, (_, at) => rows.reduce((sum, row) => sum + Math.abs(row[at] ?? 0), 0) / rows.length);
}

function allNamed(features: readonly string[], count: number): string[] {
  return Array.from({ length: Math.max(features.length, count) }, (_, n) => features[n] ?? `feature ${n}`);
}
