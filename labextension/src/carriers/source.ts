/** What carries questions to Python and answers back; a view knows no more of where it is shown. */
import type { Answers, Arguments, Question } from '../protocol';

export interface Source {
  /** Ask, and wait for the answer; bytes come as ArrayBuffers in its fields. Rejects with a `Refusal`. */
  ask<Q extends Question>(question: Q, args: Arguments[Q], signal?: AbortSignal): Promise<Answers[Q]>;
  /** Where a file can be had by its address, or null where only `ask('file')` reaches it. */
  fileUrl(run: string, area: 'outputs' | 'snapshot', name: string): string | null;
  /** Where the run has a page of its own, or null. */
  pageUrl(run: string): string | null;
}

/** Why a question has no answer: what Python says to a person. `isGone`: the run is not there (any more). */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly isGone = false
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

interface Pointer {
  $buffer: number;
}

/** The header with its bytes put in their places. */
export function joined<T>(header: unknown, buffers: readonly ArrayBuffer[]): T {
  const put = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(put);
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    if ('$buffer' in value) {
      return buffers[(value as Pointer).$buffer];
    }
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, put(one)]));
  };
  return (buffers.length ? put(header) : header) as T;
}

/** Header and buffers out of one piece of bytes: uint32 length, header (with `lengths`), buffers. */
export function unpacked<T>(packed: ArrayBuffer): T {
  const size = new DataView(packed).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(packed, 4, size));
  const { header, lengths } = JSON.parse(text) as { header: unknown; lengths: number[] };
  let at = 4 + size;
  const buffers = lengths.map(length => packed.slice(at, (at += length)));
  return joined<T>(header, buffers);
}
