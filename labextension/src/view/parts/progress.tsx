/** How far a run's log says that it is. */
import type { LogProgress } from '../../protocol';
import { figure, number, span } from '../figures';
import { clean } from './clean';

export function Progress({ told }: { told: LogProgress | null }) {
  if (!told) {
    return null;
  }
  const label = clean(told.label, 60);
  const percent = Math.round(100 * number(told.fraction));
  const seconds = number(told.eta_seconds);
  const left = seconds >= 1 ? `, about ${span(seconds)} left` : '';
  return (
    <p class="pace muted">
      {label}{' '}
      <span
        class="progress"
        role="progressbar"
        aria-label={label || 'Progress'}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <i style={{ width: `${percent}%` }} />
      </span>{' '}
      {figure(told.done)} of {figure(told.total)}
      {left}
    </p>
  );
}
