/** Questions by REST to the server extension: needs no kernel, and works while one is busy. */
import type { Answers, Arguments, Question, Workspace } from '../protocol';
import { Refusal, type Source, unpacked } from './source';

/** How a request is made: JupyterLab's own way, or the page's `fetch` with its cookies. */
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** Answers by question; each is given once. */
export type First = { [Q in Question]?: Answers[Q] | undefined };

export class ServerSource implements Source {
  constructor(
    private readonly fetch: Fetch,
    private readonly base: string,
    private readonly workspace: Workspace,
    private readonly view: string,
    /** What came with the page, for the first who asks. */
    private readonly first: First = {}
  ) {}

  async ask<Q extends Question>(question: Q, args: Arguments[Q], signal?: AbortSignal): Promise<Answers[Q]> {
    const known = this.first[question];
    if (known) {
      this.first[question] = undefined;
      return known;
    }
    const body = JSON.stringify({ workspace: this.workspace, view: this.view, args });
    const response = await this.fetch(`jupyter-aml/ask/${question}`, { method: 'POST', body, signal: signal ?? null });
    if (!response.ok) {
      throw new Refusal(await reason(response), response.status === 404);
    }
    const isPacked = response.headers.get('Content-Type')?.startsWith('application/octet-stream');
    return isPacked ? unpacked<Answers[Q]>(await response.arrayBuffer()) : ((await response.json()) as Answers[Q]);
  }

  fileUrl(run: string, area: 'outputs' | 'snapshot', name: string): string {
    return this.url('file', { run, area, file: name });
  }

  pageUrl(run: string): string {
    return this.url('run', { run });
  }

  private url(page: string, args: Record<string, string>): string {
    const { name: workspace, ...others } = this.workspace;
    const query = new URLSearchParams({ ...args, ...others, workspace });
    return `${this.base}jupyter-aml/${page}?${query.toString()}`;
  }
}

/** Why an answer is none, in its words. */
export async function reason(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text || `${response.status} ${response.statusText}`;
  }
}
