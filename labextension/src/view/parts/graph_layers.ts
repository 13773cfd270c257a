/**
 * Where the boxes of a graph stand, first half: its layers, and the order within each. Pure; numbers in, numbers out.
 *
 * Sugiyama's way, as `widgets/graph_layers.py` goes it for the view that a notebook keeps: each box stands below all
 * that it waits for; what leads past a layer has a bend there; a layer's boxes are ordered so that few lines cross.
 */
export type Link = readonly [number, number];

export interface Layers {
  /** Boxes and bends (numbers from that of the boxes on) by layer, in order. */
  readonly order: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
  readonly above: readonly (readonly number[])[];
  /** Of every link, by `source>target`, the bends that it passes. */
  readonly routes: ReadonlyMap<string, readonly number[]>;
}

type Rows = number[][];
type Near = readonly (readonly number[])[];

const SWEEPS = 12;
const PATIENCE = 4;

/** The graph in layers. A link leads from a lower number to a higher one; others are not heeded. */
export function layered(boxes: number, links: readonly Link[]): Layers {
  const after: Rows = Array.from({ length: boxes }, () => []);
  const before: Rows = Array.from({ length: boxes }, () => []);
  for (const [source, target] of links) {
    if (source < target) {
      after[source]?.push(target);
      before[target]?.push(source);
    }
  }
  const layer = layersOf(after, before);
  const rows: Rows = Array.from({ length: Math.max(-1, ...layer) + 1 }, () => []);
  layer.forEach((level, box) => rows[level]?.push(box));
  const { below, routes } = withBends(after, layer, rows);
  const above: Rows = below.map(() => []);
  below.forEach((some, one) => some.forEach(other => above[other]?.push(one)));
  return { order: fewestCrossings(together(rows, below), below, above), below, above, routes };
}

function layersOf(after: Near, before: Near): number[] {
  const found: number[] = [];
  before.forEach((some, box) => (found[box] = Math.max(0, ...some.map(one => (found[one] ?? 0) + 1))));
  for (let box = after.length - 1; box >= 0; box--) {
    const [next, last] = [after[box] ?? [], before[box] ?? []];
    if (next.length && !last.length) {
      found[box] = Math.min(...next.map(one => found[one] ?? 0)) - 1;
    }
  }
  return found;
}

/** Who stands below whom once there are bends. The lines from a box that lead far share theirs. */
function withBends(after: Near, layer: readonly number[], rows: Rows) {
  const below: Rows = after.map(() => []);
  const routes = new Map<string, readonly number[]>();
  after.forEach((targets, box) => {
    const level = layer[box] ?? 0;
    const trunk = [box];
    for (let at = level + 1; at < Math.max(0, ...targets.map(one => layer[one] ?? 0)); at++) {
      const bend = below.length;
      below[trunk[trunk.length - 1] ?? 0]?.push(bend);
      below.push([]);
      rows[at]?.push(bend);
      trunk.push(bend);
    }
    for (const one of targets) {
      const depth = (layer[one] ?? 0) - level;
      below[trunk[depth - 1] ?? 0]?.push(one);
      routes.set(`${box}>${one}`, trunk.slice(1, depth));
    }
  });
  return { below, routes };
}

/** An order to begin with: what hangs together stands together. */
function together(rows: Rows, below: Near): Rows {
  const place = new Map<number, number>();
  for (const box of rows.flat()) {
    const waiting = [box];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (!place.has(one)) {
        place.set(one, place.size);
        waiting.push(...[...(below[one] ?? [])].reverse());
      }
    }
  }
  return rows.map(row => [...row].sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)));
}

/** The best of some orders, each made of the one before: a row by where its neighbours stand, then by swaps. */
function fewestCrossings(first: Rows, below: Near, above: Near): Rows {
  let [best, order, fewest, inVain] = [first, first, crossings(first, below), 0];
  for (let sweep = 0; sweep < SWEEPS && fewest && inVain < PATIENCE; sweep++) {
    order = swept(
      order.map(row => [...row]),
      below,
      above,
      sweep % 2 === 0
    );
    const found = crossings(order, below);
    [best, fewest, inVain] = found < fewest ? [order, found, 0] : [best, fewest, inVain + 1];
  }
  return best;
}

function swept(order: Rows, below: Near, above: Near, isDown: boolean): Rows {
  const numbers = order.map((_, n) => n);
  for (const n of isDown ? numbers.slice(1) : numbers.slice(0, -1).reverse()) {
    const [seen, fixed] = isDown ? [above, order[n - 1]] : [below, order[n + 1]];
    const place = placesOf(fixed ?? []);
    const row = order[n] ?? [];
    const places = new Map(row.map(one => [one, (seen[one] ?? []).map(other => place.get(other) ?? 0).sort(rising)]));
    const middle = new Map(row.map((one, own) => [one, mean(places.get(one) ?? [], own)]));
    row.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
    swap(row, places);
  }
  return order;
}

/** Neighbours of a row change places as long as that saves a crossing. */
function swap(row: number[], places: ReadonlyMap<number, readonly number[]>): void {
  let isSwapped = true;
  for (let turn = 0; turn < 3 && isSwapped; turn++) {
    isSwapped = false;
    for (let n = 0; n + 1 < row.length; n++) {
      const [one, other] = [row[n] ?? 0, row[n + 1] ?? 0];
      const [left, right] = [places.get(one) ?? [], places.get(other) ?? []];
      if (crossed(left, right) > crossed(right, left)) {
        [row[n], row[n + 1]] = [other, one];
        isSwapped = true;
      }
    }
  }
}

function crossed(left: readonly number[], right: readonly number[]): number {
  return right.reduce((sum, one) => sum + left.length - rightOf(left, one), 0);
}

/** How many pairs of lines cross. */
function crossings(order: Rows, below: Near): number {
  let found = 0;
  for (let n = 0; n + 1 < order.length; n++) {
    const place = placesOf(order[n + 1] ?? []);
    const seen: number[] = [];
    for (const one of order[n] ?? []) {
      const ends = (below[one] ?? []).map(other => place.get(other) ?? 0).sort(rising);
      found += crossed(seen, ends);
      ends.forEach(end => seen.splice(rightOf(seen, end), 0, end));
    }
  }
  return found;
}

function placesOf(row: readonly number[]): ReadonlyMap<number, number> {
  return new Map(row.map((one, n) => [one, n]));
}

function rising(a: number, b: number): number {
  return a - b;
}

export function mean(values: readonly number[], own: number): number {
  return values.length ? values.reduce((sum, one) => sum + one, 0) / values.length : own;
}

/** Where a value would stand in a sorted row, behind its equals. */
function rightOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value < (sorted[middle] ?? 0)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
