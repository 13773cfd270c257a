/** The tabs of a run, in Azure's order and with Azure's captions; each lives in a file of its own. */
import type { FunctionComponent } from 'preact';
import type { Source } from '../../carriers/source';
import type { RunTabs } from '../../protocol';
import type { RunState } from '../follow';
import { CHILDREN } from './children';
import { DETAILS } from './details';
import { EXPLANATIONS, FAIRNESS } from './uploaded';
import { IMAGES } from './images';
import { METRICS } from './metrics';
import { OUTPUTS } from './outputs';
import { SNAPSHOT } from './snapshot';

/** What a panel is given. */
export interface PanelProps {
  run: string;
  state: RunState;
  details: RunTabs;
  source: Source;
  /** Show another run. */
  open(run: string): void;
  /** What puts a cell's text back into the notebook that is in front now; missing where that is not possible. */
  restore?: (() => (text: string) => string) | undefined;
  /** The text of the notebook's current cell; missing where nobody knows it. */
  currentCell?: (() => string) | undefined;
}

export interface TabEntry {
  readonly name: string;
  caption(state: RunState): string;
  /** What is counted beside the caption; 0: nothing. */
  count(state: RunState): number;
  readonly Panel: FunctionComponent<PanelProps>;
}

const ALL: readonly TabEntry[] = [
  DETAILS,
  METRICS,
  IMAGES,
  CHILDREN,
  OUTPUTS,
  SNAPSHOT,
  EXPLANATIONS,
  FAIRNESS
];

/** The tabs from left to right: a pipeline's graph is the first. */
export function tabsOf(state: RunState): readonly TabEntry[] {
  return state.details?.pipeline ? [CHILDREN, ...ALL.filter(tab => tab !== CHILDREN)] : ALL;
}
