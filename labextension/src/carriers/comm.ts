/** Questions by a widget's own messages to the kernel: VS Code, Colab, a JupyterLab without the extension. */
import type { Answers, Arguments, Changes, Question } from '../protocol';
import { joined, Refusal, type Source } from './source';

/** What anywidget gives a view to talk to its kernel. */
export interface Model {
  get(name: string): unknown;
  on(event: string, callback: (content: unknown, buffers: readonly DataView[]) => void): void;
  off(event: string, callback: (content: unknown, buffers: readonly DataView[]) => void): void;
  send(content: unknown): void;
}

/** What the kernel says; `since`: unasked, what is new since that cursor. */
interface Said {
  id?: number;
  since?: unknown;
  header?: unknown;
  refusal?: string;
  is_gone?: boolean;
}

interface Waiting {
  /** The cursor of a question for what is new; '': it is another question. */
  since: string;
  resolve(value: unknown): void;
  reject(error: Refusal): void;
}

const INSIST_MS = 20_000;

export class CommSource implements Source {
  private readonly waiting = new Map<number, Waiting>();
  private readonly pushed = new Map<string, unknown>();
  /** The cursor of those who have seen nothing: what is new since then may follow upon anything. */
  private start = '';
  /** The cursor that the kernel tells from next, as far as it is known here. */
  private told = '';
  private next = 1;

  constructor(private readonly model: Model) {
    model.on('msg:custom', this.hear);
  }

  ask<Q extends Question>(question: Q, args: Arguments[Q], signal?: AbortSignal): Promise<Answers[Q]> {
    const id = this.next++;
    const since = 'cursor' in args ? JSON.stringify(args.cursor) : '';
    const known = this.pushed.get(since);
    if (known) {
      this.pushed.delete(since);
      return Promise.resolve(known as Answers[Q]);
    }
    this.start ||= since;
    return new Promise<Answers[Q]>((resolve, reject) => {
      this.waiting.set(id, { since, resolve: value => resolve(value as Answers[Q]), reject });
      signal?.addEventListener('abort', () => {
        this.waiting.delete(id);
        reject(new Refusal('')); // nobody hears it, but somebody may go on
      });
      if (!since || since !== this.told) {
        this.model.send({ id, question, args });
      }
      if (since) {
        this.insist(id, args);
      }
    });
  }

  /** Ask again what is new: another front end of the same widget may have been told instead. */
  private insist(id: number, args: unknown): void {
    setTimeout(() => {
      if (this.waiting.has(id)) {
        this.model.send({ id, question: 'changes', args });
        this.insist(id, args);
      }
    }, INSIST_MS);
  }

  fileUrl(): null {
    return null;
  }

  pageUrl(): null {
    return null;
  }

  dispose(): void {
    this.model.off('msg:custom', this.hear);
    this.waiting.clear();
  }

  private readonly hear = (content: unknown, buffers: readonly DataView[]): void => {
    const said = content as Said;
    if (said.since !== undefined) {
      this.take(JSON.stringify(said.since), said, buffers);
      return;
    }
    const asked = this.waiting.get(said.id ?? 0);
    if (!asked) {
      return;
    }
    this.waiting.delete(said.id ?? 0);
    if (said.refusal !== undefined) {
      asked.reject(new Refusal(said.refusal, said.is_gone));
    } else {
      asked.resolve(joined(said.header, buffers.map(copied)));
    }
  };

  /** What came unasked, for whoever asks or will ask for just that: a kernel that runs a cell hears no question. */
  private take(since: string, said: Said, buffers: readonly DataView[]): void {
    const header = joined<Partial<Changes>>(said.header ?? {}, buffers.map(copied));
    this.told = JSON.stringify(header.cursor);
    for (const [id, asked] of this.waiting) {
      if (asked.since && (asked.since === since || since === this.start)) {
        this.waiting.delete(id);
        if (said.refusal !== undefined) {
          asked.reject(new Refusal(said.refusal, said.is_gone));
        } else {
          asked.resolve(header);
        }
        return;
      }
    }
    if (said.refusal === undefined) {
      this.pushed.set(since, header);
    }
  }
}

function copied(view: DataView): ArrayBuffer {
  return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength) as ArrayBuffer;
}
