/** A pipeline in its places: its inputs above its steps, its outputs below. Pure; the same for every state of a run. */
import type { Edge, PipelineDetails } from '../../protocol';
import type { Link } from './graph_layers';
import { type Rows, rowsOf } from './graph_rows';

/** What stands in the graph: a step by its number, or an input or output of the pipeline by its name. */
export interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly step: number | null;
  readonly port: string;
}

export interface Line {
  readonly source: string;
  readonly target: string;
  readonly edges: readonly Edge[];
  readonly path: string;
  /** Which way of a decision it is, and where that is written. */
  readonly word: string;
  readonly at: Point;
}

export interface Drawing {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly width: number;
  readonly height: number;
}

type Point = readonly [number, number];
type Shape = Omit<Box, 'x' | 'y' | 'id'>;

const HEIGHT = 46;
const PORT = 26;
const BETWEEN = 40;
const LETTER = 8;
const NARROW = 112;
const WIDEST = 200;
const MARGIN = 8;
const PULL = 22;

export function drawing(pipeline: PipelineDetails): Drawing {
  const shapes = shapesOf(pipeline);
  const ids = [...shapes.keys()];
  const numbers = new Map(ids.map((id, n) => [id, n]));
  const joined = joinedOf(pipeline.edges, numbers);
  const links = [...joined.values()].map(one => one.link);
  const rows = rowsOf([...shapes.values()].map(shape => shape.width), links);
  const boxes = ids.map((id, n) => boxOf(id, shapes.get(id) as Shape, rows.x[n] ?? 0, rows.layer[n] ?? 0));
  const lines = [...joined.values()].flatMap(one => lineOf(one, boxes, rows));
  return { boxes, lines, width: rows.width + 2 * MARGIN, height: rows.order.length * (HEIGHT + BETWEEN) - BETWEEN + 2 * MARGIN };
}

/** Data that the pipeline is given, its steps, what it makes: a line leads to a later one. */
function shapesOf({ steps, inputs, edges }: PipelineDetails): Map<string, Shape> {
  const found = new Map<string, Shape>();
  for (const { name } of inputs.filter(port => edges.some(edge => !edge.source && edge.is_data && edge.output === port.name))) {
    found.set(`in ${name}`, portShape(name));
  }
  steps.forEach((step, n) => {
    const wide = Math.max(NARROW, 46 + LETTER * step.name.length);
    found.set(`step ${step.name}`, { width: Math.min(WIDEST, wide), height: HEIGHT, step: n, port: '' });
  });
  for (const edge of edges.filter(one => !one.target)) {
    found.set(`out ${edge.input}`, portShape(edge.input));
  }
  return found;
}

function portShape(name: string): Shape {
  return { width: Math.min(WIDEST, 34 + LETTER * name.length), height: PORT, step: null, port: name };
}

function boxOf(id: string, shape: Shape, middle: number, layer: number): Box {
  const low = id.startsWith('in ') ? HEIGHT - PORT : 0;
  return { ...shape, id, x: MARGIN + middle - shape.width / 2, y: MARGIN + layer * (HEIGHT + BETWEEN) + low };
}

interface Joined {
  link: Link;
  edges: Edge[];
}

/** The edges between the same two boxes are one line. */
function joinedOf(edges: readonly Edge[], numbers: ReadonlyMap<string, number>): Map<string, Joined> {
  const found = new Map<string, Joined>();
  for (const edge of edges) {
    const source = numbers.get(edge.source ? `step ${edge.source}` : `in ${edge.output}`);
    const target = numbers.get(edge.target ? `step ${edge.target}` : `out ${edge.input}`);
    if (source !== undefined && target !== undefined) {
      const one = found.get(`${source}>${target}`) ?? { link: [source, target], edges: [] };
      one.edges.push(edge);
      found.set(`${source}>${target}`, one);
    }
  }
  return found;
}

/** From box to box, straight through the layers that it passes. */
function lineOf({ link, edges }: Joined, boxes: readonly Box[], rows: Rows): Line[] {
  const [source, target] = [boxes[link[0]], boxes[link[1]]];
  const bends = rows.routes.get(link.join('>'));
  if (!source || !target || !bends) {
    return [];
  }
  let at: Point = [source.x + source.width / 2, source.y + source.height];
  let path = '';
  for (const bend of bends) {
    const [x, top] = [MARGIN + (rows.x[bend] ?? 0), MARGIN + (rows.layer[bend] ?? 0) * (HEIGHT + BETWEEN)];
    path += `${curve(at, [x, top])}v${HEIGHT}`;
    at = [x, top + HEIGHT];
  }
  const end: Point = [target.x + target.width / 2, target.y];
  const word = edges.find(edge => !edge.is_data && edge.output)?.output ?? '';
  return [{ source: source.id, target: target.id, edges, path: path + curve(at, end), word, at: [end[0] + 7, end[1] - 10] }];
}

function curve([x, y]: Point, end: Point): string {
  const [across, down] = [end[0] - x, end[1] - y];
  return Math.abs(across) <= 1 ? `M${x} ${y}v${down}` : `M${x} ${y}c0 ${PULL} ${across} ${down - PULL} ${across} ${down}`;
}
