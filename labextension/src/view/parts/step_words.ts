/** What is said of a pipeline and its steps: marks, short words, sentences. Pure. */
import type { Edge, PipelineDetails, State, Step } from '../../protocol';
import { span } from '../figures';
import { ran } from './now';

/** Of each state the style sheet's word and the mark: colour never says it alone. */
export const SIGNS: Readonly<Record<State, readonly [string, string]>> = {
  completed: ['ok', '✓'],
  reused: ['reused', '↺'],
  failed: ['bad', '✕'],
  canceled: ['stopped', '■'],
  running: ['live', '●'],
  queued: ['wait', '○'],
  waiting: ['wait', '◌'],
  'not started': ['wait', '–'],
  skipped: ['wait', '↷']
};

const TYPES: Readonly<Record<string, string>> = {
  sweep: 'sweep',
  parallel: 'parallel',
  pipeline: 'pipeline',
  if_else: 'if / else',
  do_while: 'loop',
  parallel_for: 'for each'
};
const CONTROL_FLOW: readonly string[] = ['if_else', 'do_while', 'parallel_for'];
const STATES = Object.keys(SIGNS) as State[];

export function kindOf(step: Step): string {
  return TYPES[step.type] ?? '';
}

/** How many steps with a job there are of each state that has any. */
export function statesOf({ steps }: PipelineDetails): readonly (readonly [State, number])[] {
  return STATES.map(
    state => [state, steps.filter(step => step.state === state && !CONTROL_FLOW.includes(step.type)).length] as const
  ).filter(([, count]) => count > 0);
}

export function totalOf(pipeline: PipelineDetails): number {
  return statesOf(pipeline).reduce((sum, [, count]) => sum + count, 0);
}

/** How far a pipeline is: `4 of 6 steps, 2 reused, 1 running, 12 s`. */
export function progress(pipeline: PipelineDetails, seconds: number): string {
  const counts = statesOf(pipeline);
  const done = counts.filter(([state]) => isDone(state)).reduce((sum, [, count]) => sum + count, 0);
  const total = totalOf(pipeline);
  const said = [`${done} of ${total} ${total === 1 ? 'step' : 'steps'}`];
  said.push(...counts.filter(([state]) => state !== 'completed').map(([state, count]) => `${count} ${state}`));
  return [...said, span(seconds)].filter(Boolean).join(', ');
}

export function isDone(state: State): boolean {
  return state === 'completed' || state === 'reused';
}

/** Seconds that a step ran; NaN where nothing ran. */
export function lasted(step: Step, now: number): number {
  return step.reused ? NaN : ran(step, now);
}

/** What stands below a step's name: `12 s`, `reused`, `sweep · 3 min`, `2 of 3`. */
export function short(pipeline: PipelineDetails, step: Step, now: number): string {
  const seconds = lasted(step, now);
  const parts = [
    chosen(pipeline, step) || kindOf(step),
    step.inner && step.state !== 'waiting' ? inside(step.inner) : '',
    span(seconds),
    step.rounds > 1 ? `${step.rounds}×` : ''
  ];
  if ((step.state !== 'completed' && step.state !== 'running') || !parts.slice(1).some(Boolean)) {
    parts.splice(1, 0, step.state);
  }
  return parts.filter(Boolean).join(' · ');
}

export function inside(inner: PipelineDetails): string {
  const done = statesOf(inner).filter(([state]) => isDone(state));
  return `${done.reduce((sum, [, count]) => sum + count, 0)} of ${totalOf(inner)}`;
}

/** Which way a decision went, once it is made. */
function chosen(pipeline: PipelineDetails, step: Step): string {
  if (step.type !== 'if_else' || step.state !== 'completed') {
    return '';
  }
  const skipped = new Set(pipeline.steps.filter(one => one.state === 'skipped').map(one => one.name));
  const taken = pipeline.edges.find(edge => edge.source === step.name && !skipped.has(edge.target));
  return taken ? `→ ${taken.output}` : '';
}

/** A step in a sentence. */
export function described(step: Step, now: number): string {
  const seconds = lasted(step, now);
  return [
    `${step.name}: ${step.state}`,
    span(seconds),
    kindOf(step),
    step.component && `runs ${step.component}`,
    step.reused && `from ${step.reused}`,
    step.rounds > 1 ? `${step.rounds} rounds` : ''
  ]
    .filter(Boolean)
    .join(', ');
}

/** What a step reads and waits for: `model ← train.model`, `after prepare`. */
export function reads(pipeline: PipelineDetails, step: Step): string[] {
  return pipeline.edges.filter(edge => edge.target === step.name).map(read);
}

export function read(edge: Edge): string {
  if (!edge.is_data) {
    return `after ${edge.source}${edge.output ? ` (${edge.output})` : ''}`;
  }
  const source = edge.source ? `${edge.source}.${edge.output}` : edge.output;
  return source === edge.input ? source : `${edge.input} ← ${source}`;
}
