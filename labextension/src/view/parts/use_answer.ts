/** An answer as a component needs it: asked for when it is there, and anew when what is asked changes. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers, Arguments, Question } from '../../protocol';
import { said } from '../follow';

/** The answer, and why there is none; of what was asked before neither. `again`: ask the same once more, when it changes. */
export function useAnswer<Q extends Question>(source: Source, question: Q, args: Arguments[Q] | null, again = '') {
  const key = JSON.stringify(args);
  const [told, tell] = useState<{ key: string; answer: Answers[Q] | null; problem: string }>({ key: '', answer: null, problem: '' });
  useLayoutEffect(() => {
    const ending = new AbortController();
    const heard = (answer: Answers[Q] | null, problem: string): void => {
      if (!ending.signal.aborted) {
        tell({ key, answer, problem });
      }
    };
    const wanted = JSON.parse(key) as Arguments[Q] | null;
    if (wanted) {
      source.ask(question, wanted, ending.signal).then(
        answer => heard(answer, ''),
        (error: unknown) => heard(null, said(error))
      );
    }
    return () => ending.abort();
  }, [source, question, key, again]);
  return told.key === key ? ([told.answer, told.problem] as const) : ([null, ''] as const);
}
