/** Several runs side by side: what they have in common is quiet, what differs stands out. */
import { useEffect, useState } from 'preact/hooks';
import type { Source } from '../carriers/source';
import type { Answers } from '../protocol';
import { said } from './follow';
import { Comparison } from './parts/comparison';

export function CompareView({ source, runs }: { source: Source; runs: readonly string[] }) {
  const [found, setFound] = useState<Answers['compare'] | null>(null);
  const [problem, setProblem] = useState('');
  const key = JSON.stringify(runs);
  useEffect(() => {
    const ending = new AbortController();
    setFound(null);
    setProblem('');
    source
      .ask('compare', { runs: JSON.parse(key) as string[] }, ending.signal)
      .then(answer => !ending.signal.aborted && setFound(answer))
      .catch((error: unknown) => !ending.signal.aborted && setProblem(said(error)));
    return () => ending.abort();
  }, [source, key]);
  return (
    <article class="aml-run aml-compare" aria-label={`${runs.length} runs side by side`}>
      {problem && (
        <p class="aml-problem" role="status">
          {problem}
        </p>
      )}
      {found ? (
        <Comparison found={found} source={source} />
      ) : (
        !problem && <p class="aml-empty">Reading {runs.length} runs …</p>
      )}
    </article>
  );
}
