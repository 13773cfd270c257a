/**
 * Where the boxes of a graph stand, second half: how far from the left. Pure; numbers in, numbers out.
 *
 * Each row is moved, up and down the layers, towards the middle of its neighbours; within a row nobody overlaps and the
 * squares of what is left are least (pool adjacent violators). Bends weigh more than boxes: long lines are straight.
 */
import { layered, type Layers, type Link, mean } from './graph_layers';

export interface Rows extends Layers {
  /** Middles of boxes and bends, from the left. */
  readonly x: readonly number[];
  readonly layer: readonly number[];
  readonly width: number;
}

const GAP = 16;
const BEND_GAP = 8;
const BEND = 10;
const SWEEPS = 10;
const WEIGHT = 6;
const LOOSE = 0.02;
const CHAIN = 1000;

export function rowsOf(widths: readonly number[], links: readonly Link[]): Rows {
  const layers = layered(widths.length, links);
  const wide = layers.below.map((_, one) => widths[one] ?? BEND);
  const x: number[] = [];
  const layer: number[] = [];
  layers.order.forEach((row, n) => row.forEach(one => (layer[one] = n)));
  place(layers, widths.length, wide, x);
  const left = x.length ? Math.min(...x.map((at, one) => at - (wide[one] ?? 0) / 2)) : 0;
  const right = Math.max(left, ...x.map((at, one) => at + (wide[one] ?? 0) / 2));
  return { ...layers, x: x.map(at => Math.round(at - left)), layer, width: Math.round(right - left) };
}

function place(layers: Layers, boxes: number, wide: readonly number[], x: number[]): void {
  const { order, above, below } = layers;
  for (const row of order) {
    settle(row, row.map(() => 0), row.map(() => 1), wide, x);
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const row of isDown ? order : [...order].reverse()) {
      const near = row.map(one => {
        const [up, down] = [above[one] ?? [], below[one] ?? []];
        return sweep >= SWEEPS - 2 ? [...up, ...down] : isDown ? up : down;
      });
      const wished = row.map((one, n) => mean((near[n] ?? []).map(other => x[other] ?? 0), x[one] ?? 0));
      const weights = row.map((one, n) => (near[n]?.length ? (one >= boxes ? WEIGHT : 1) : LOOSE));
      settle(row, wished, weights, wide, x);
    }
  }
  straighten(layers, wide, x);
}

/** Where one follows one, and nobody else is between, they stand in one line; as far as the others let them. */
function straighten({ order, above, below }: Layers, wide: readonly number[], x: number[]): void {
  for (const row of order.slice(1)) {
    const chained = row.map(one => {
      const [up, more] = above[one] ?? [];
      return up !== undefined && more === undefined && below[up]?.length === 1 ? up : -1;
    });
    const wished = row.map((one, n) => x[(chained[n] ?? -1) >= 0 ? (chained[n] ?? 0) : one] ?? 0);
    settle(row, wished, chained.map(one => (one >= 0 ? CHAIN : 1)), wide, x);
  }
}

interface Pool {
  mean: number;
  weight: number;
  count: number;
}

/** The places nearest to what each wishes, in this order and apart from each other. */
function settle(row: readonly number[], wished: readonly number[], weights: readonly number[], wide: readonly number[], x: number[]): void {
  let at = 0;
  const offsets = row.map((one, n) => {
    const last = row[n - 1];
    if (last !== undefined) {
      const [a, b] = [wide[last] ?? 0, wide[one] ?? 0];
      at += (a + b) / 2 + (a === BEND || b === BEND ? BEND_GAP : GAP);
    }
    return at;
  });
  const pools: Pool[] = [];
  row.forEach((_, n) => {
    let pool: Pool = { mean: (wished[n] ?? 0) - (offsets[n] ?? 0), weight: weights[n] ?? 1, count: 1 };
    for (let last = pools[pools.length - 1]; last && last.mean >= pool.mean; last = pools[pools.length - 1]) {
      pools.pop();
      const weight = last.weight + pool.weight;
      pool = { mean: (pool.mean * pool.weight + last.mean * last.weight) / weight, weight, count: pool.count + last.count };
    }
    pools.push(pool);
  });
  const means = pools.flatMap(pool => Array.from({ length: pool.count }, () => pool.mean));
  row.forEach((one, n) => (x[one] = (means[n] ?? 0) + (offsets[n] ?? 0)));
}
