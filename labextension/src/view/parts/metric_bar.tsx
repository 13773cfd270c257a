/** What holds for all charts of a run: which are shown, along which axis, how smooth. */
import type { Drawing } from './metric_card';
import type { Axis } from './series';

interface Props {
  drawing: Drawing;
  setDrawing(drawing: Drawing): void;
  isTable: boolean;
  setTable(isTable: boolean): void;
  filter: string;
  setFilter(filter: string): void;
  found: number;
  total: number;
}

/** So many metrics are found at a glance. */
const FEW = 6;

export function MetricBar(props: Props) {
  const { isTable, setTable, filter, setFilter, found, total } = props;
  return (
    <div class="aml-bar" role="group" aria-label="How metrics are shown">
      <span class="aml-switch">
        <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>
          Charts
        </button>
        <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>
          Table
        </button>
      </span>
      {(total > FEW || filter) && (
        <label>
          Find
          <input class="aml-field" type="search" size={16} value={filter} onInput={event => setFilter(event.currentTarget.value)} />
          <span role="status" class="aml-muted">
            {filter && `${found.toLocaleString('en')} of ${total.toLocaleString('en')}`}
          </span>
        </label>
      )}
      {!isTable && <Ways {...props} />}
    </div>
  );
}

function Ways({ drawing, setDrawing }: Props) {
  const set = (part: Partial<Drawing>): void => setDrawing({ ...drawing, ...part });
  return (
    <>
      <label>
        Along
        <select class="aml-field" value={drawing.axis} onChange={event => set({ axis: event.currentTarget.value as Axis })}>
          <option value="step">step</option>
          <option value="relative">time since start</option>
          <option value="time">clock time</option>
        </select>
      </label>
      <label>
        Smoothing
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={drawing.smoothing}
          onInput={event => set({ smoothing: Number(event.currentTarget.value) })}
        />
        <output>{drawing.smoothing.toFixed(2)}</output>
      </label>
      <label>
        <input type="checkbox" checked={drawing.isLogY} onChange={event => set({ isLogY: event.currentTarget.checked })} />
        log y
      </label>
      <label>
        <input
          type="checkbox"
          checked={drawing.isLogX}
          disabled={drawing.axis === 'time'}
          onChange={event => set({ isLogX: event.currentTarget.checked })}
        />
        log x
      </label>
    </>
  );
}
