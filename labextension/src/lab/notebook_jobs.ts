/** What the server knows of a notebook as a job: what it takes, and the job that it becomes. */
import { type Fetch, reason } from '../carriers/server';
import { Refusal } from '../carriers/source';
import type { Workspace } from '../protocol';

export type RunAs = 'script' | 'notebook';

/** A parameter; `default` is as it may be typed. */
export interface Parameter {
  name: string;
  kind: 'integer' | 'number' | 'boolean' | 'string' | 'json' | 'uri_file' | 'uri_folder';
  default: string;
  help: string;
  choices: string[];
  is_optional: boolean;
}

/** What a script says otherwise than its notebook; `after` is empty for what it leaves out. */
export interface Change {
  cell: number;
  line: number;
  rule: string;
  before: string;
  after: string;
}

/** What a notebook takes; `refusal`: why it can become no script. */
export interface Taken {
  parameters: Parameter[];
  changes: Change[];
  remarks: string[];
  refusal: string;
  computes: string[];
  experiments: string[];
}

export interface Wanted {
  run_as: RunAs;
  inputs: Record<string, string>;
  compute: string;
  experiment_name: string;
}

export interface Submitted {
  name: string;
  remarks: string[];
  workspace: Workspace;
}

export class NotebookJobs {
  constructor(
    private readonly fetch: Fetch,
    readonly path: string
  ) {}

  get name(): string {
    return this.path.split('/').pop() ?? this.path;
  }

  taken(): Promise<Taken> {
    return this.ask<Taken>('interface', {});
  }

  submit(wanted: Wanted): Promise<Submitted> {
    return this.ask<Submitted>('submit', { ...wanted });
  }

  private async ask<Told>(act: string, what: Record<string, unknown>): Promise<Told> {
    const body = JSON.stringify({ path: this.path, ...what });
    const answer = await this.fetch(`jupyter-aml/notebook/${act}`, { method: 'POST', body });
    if (!answer.ok) {
      throw new Refusal(await reason(answer), answer.status === 404);
    }
    return (await answer.json()) as Told;
  }
}
