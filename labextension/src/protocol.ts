// Made by `python -m jupyter_aml.widgets.typescript`: change the methods of RunViewOperations and what they return.

/** A number; one that JSON lacks as text. */
export type Num = number | 'NaN' | 'Infinity' | '-Infinity';
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What a notebook keeps of a run. */
export const MIME = 'application/vnd.jupyter-aml.run.v1+json';

export interface Workspace extends Record<string, string> {
  subscription_id: string;
  resource_group: string;
  name: string;
}

export interface Cursor {
  details: string;
  log: string;
  log_at: number;
  metrics: number;
  follow: string;
}

export interface Curve {
  key: string;
  x: 'step' | 'time' | 'relative';
  low: Num | null;
  high: Num | null;
  pixels: number;
  after: number;
}

export interface Against {
  kind: 'parent' | 'job' | 'folder' | 'cell';
  name: string;
  path: string;
  text: string;
}

export interface Changes {
  cursor: Cursor;
  details: RunTabs | null;
  series: SeriesSummary[];
  log: LogPiece | null;
  is_final: boolean;
  progress: LogProgress | null;
}

export interface RunTabs {
  identity: RunIdentity;
  times: RunTimes;
  command: string;
  inputs: NamedValue[];
  outputs: NamedValue[];
  tags: Record<string, string>;
  params: Record<string, string>;
  error: string;
  metrics: MetricSeries[];
  images: RunImage[];
  children: ChildRun[];
  files: RunFile[];
  log: LogTail | null;
  snapshot: SnapshotFile[];
  folders: FolderLink[];
  sweep: SweepDetails | null;
  pipeline: PipelineDetails | null;
}

export interface RunIdentity {
  name: string;
  status: JobStatus;
  experiment: string;
  display_name: string;
  type: string;
  compute: string;
  environment: string;
  workspace: string;
  description: string;
  parent: string;
  reused: string;
}

export type JobStatus = 'NotStarted' | 'Queued' | 'Preparing' | 'Provisioning' | 'Starting' | 'Running' | 'Finalizing' | 'CancelRequested' | 'Completed' | 'Failed' | 'Canceled' | 'NotResponding' | 'Paused' | 'Unknown';

export interface RunTimes {
  created: Num;
  started: Num | null;
  ended: Num | null;
}

export interface NamedValue {
  name: string;
  type: string;
  value: string;
  path: string;
}

export interface MetricSeries {
  key: string;
  points: MetricPoint[];
}

export interface MetricPoint {
  step: number;
  timestamp_ms: number;
  value: Num;
}

export interface RunImage {
  name: string;
  media_type: string;
  size: number;
  path: string;
}

export interface ChildRun {
  name: string;
  status: JobStatus;
  display_name: string;
  metrics: Record<string, Num>;
}

export interface RunFile {
  name: string;
  size: number;
  path: string;
}

export interface LogTail {
  name: string;
  text: string;
  size: number;
  path: string;
}

export interface SnapshotFile {
  name: string;
  size: number;
  hash: string;
}

export interface FolderLink {
  label: string;
  path: string;
}

export interface SweepDetails {
  metric: string;
  goal: 'maximize' | 'minimize';
  algorithm: string;
  policy: string;
  max_total_trials: number;
  max_concurrent_trials: number | null;
  parameters: Parameter[];
  trials: Trial[];
  best: string;
  importance: Record<string, Num>;
  warnings: string[];
}

export interface Parameter {
  name: string;
  scale: 'linear' | 'log' | 'choice';
  choices: string[];
}

export interface Trial {
  number: number;
  name: string;
  status: JobStatus;
  params: Record<string, string | number | Num | boolean | Json[] | Record<string, Json> | null>;
  value: Num | null;
  started: Num | null;
  ended: Num | null;
  stopped: string;
}

export interface PipelineDetails {
  steps: Step[];
  edges: Edge[];
  inputs: Port[];
  outputs: Port[];
  settings: Record<string, string>;
}

export interface Step {
  name: string;
  state: State;
  type: string;
  job: string;
  component: string;
  started: Num | null;
  ended: Num | null;
  reused: string;
  rounds: number;
  inner: PipelineDetails | null;
}

export type State = 'completed' | 'reused' | 'failed' | 'canceled' | 'running' | 'queued' | 'waiting' | 'not started' | 'skipped';

export interface Edge {
  source: string;
  target: string;
  output: string;
  input: string;
  is_data: boolean;
}

export interface Port {
  name: string;
  type: string;
}

export interface SeriesSummary {
  key: string;
  count: number;
  last: Num | string;
  least: Num | null;
  most: Num | null;
  first_step: number;
  last_step: number;
}

export interface LogPiece {
  name: string;
  size: number;
  start: number;
  first_line: number;
  text: string;
  is_new: boolean;
}

export interface LogProgress {
  label: string;
  done: Num;
  total: Num;
  fraction: Num;
  eta_seconds: Num | null;
  rate: Num | null;
}

export interface SeriesWindow {
  key: string;
  count: number;
  x_low: Num;
  x_high: Num;
  first: number;
  x: ArrayBuffer;
  y: ArrayBuffer;
  marks: [number, string][];
  is_thinned: boolean;
}

export interface PointRows {
  key: string;
  total: number;
  first: number;
  steps: number[];
  timestamps_ms: number[];
  values: (Num | string)[];
}

export interface LogFile {
  name: string;
  size: number;
}

export interface LogLines {
  file: string;
  first: number;
  total: number;
  size: number;
  lines: string[];
}

export interface LogMatches {
  file: string;
  total: number;
  lines: number[];
}

export interface FilePreview {
  name: string;
  area: 'outputs' | 'snapshot';
  kind: 'text' | 'image' | 'table' | 'json' | 'notebook' | 'binary';
  media_type: string;
  size: number;
  text: string;
  columns: string[];
  rows: string[][];
  cells: NotebookCell[];
  is_cut: boolean;
  data: ArrayBuffer;
}

export interface NotebookCell {
  kind: 'code' | 'markdown' | 'raw';
  text: string;
  outputs: string[];
}

export interface RunDiff {
  run: string;
  against: string;
  files: FileDiff[];
  params: Difference[];
  inputs: Difference[];
  environment: Difference[];
  command: Difference[];
}

export interface FileDiff {
  name: string;
  change: 'added' | 'removed' | 'changed' | 'same';
  lines: (['+' | '-' | ' ' | '@', string])[];
  is_text: boolean;
  is_cut: boolean;
}

export interface Difference {
  key: string;
  mine: string;
  theirs: string;
}

export interface RunCode {
  yaml: string;
  python: string;
  cli: string;
  magic: string;
}

export interface RunComparison {
  runs: RunHead[];
  params: ComparedRow[];
  metrics: ComparedRow[];
  tags: ComparedRow[];
  inputs: ComparedRow[];
  environment: ComparedRow[];
  code: ComparedRow[];
}

export interface RunHead {
  name: string;
  display_name: string;
  type: string;
  experiment: string;
  status: JobStatus;
  created: Num;
  started: Num | null;
  ended: Num | null;
}

export interface ComparedRow {
  key: string;
  values: string[];
  differs: boolean;
}

export interface RunNow {
  run: string;
  status: string;
}

export interface Arguments {
  changes: { run: string; cursor: Cursor; patience?: Num };
  series: { run: string; curves: Curve[] };
  points: { run: string; key: string; first: number; count: number };
  logs: { run: string };
  lines: { run: string; file: string; first: number; count: number };
  search: { run: string; file: string; text: string; level?: '' | 'warning' | 'error'; limit?: number };
  file: { run: string; area: 'outputs' | 'snapshot'; name: string };
  diff: { run: string; against: Against };
  file_diff: { run: string; against: Against; file: string };
  code: { run: string };
  compare: { runs: string[] };
  cancel: { run: string };
  resubmit: { run: string };
}

export interface Answers {
  changes: Changes;
  series: SeriesWindow[];
  points: PointRows;
  logs: LogFile[];
  lines: LogLines;
  search: LogMatches;
  file: FilePreview;
  diff: RunDiff;
  file_diff: FileDiff;
  code: RunCode;
  compare: RunComparison;
  cancel: RunNow;
  resubmit: RunNow;
}

export type Question = keyof Arguments & keyof Answers;
