/** Several runs side by side: what they have in common is quiet, what differs stands out. */
import type { Source } from '../carriers/source';
import { Comparison } from './parts/comparison';
import { Probe } from './parts/inks';
import { useAnswer } from './parts/use_answer';

export function CompareView({ source, runs }: { source: Source; runs: readonly string[] }) {
  const [found, problem] = useAnswer(source, 'compare', { runs: [...runs] });
  return (
    <article class="aml-run compare" aria-label={`${runs.length} runs side by side`}>
      {problem && (
        <p class="problem" role="status">
          {problem}
        </p>
      )}
      {found ? (
        <Comparison found={found} source={source} />
      ) : (
        !problem && <p class="empty">Reading {runs.length} runs …</p>
      )}
      <Probe />
    </article>
  );
}
