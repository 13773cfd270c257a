/** What holds for all charts of a run: which are shown, along which axis, how smooth. */
import { count } from '../figures';
import { Button, Choice, type Options, Tick, Told } from './fields';
import type { Drawing } from './curve_card';
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

export const DRAWING: Drawing = { axis: 'step', smoothing: 0, isLogX: false, isLogY: false };

/** So many metrics are found at a glance. */
const FEW = 6;
const AXES: Options<Axis> = [
  ['step', 'step'],
  ['relative', 'time since start'],
  ['time', 'clock time']
];

export function MetricBar(props: Props) {
  const { isTable, setTable, filter, setFilter, found, total } = props;
  return (
    <div class="bar" role="group" aria-label="How metrics are shown">
      <span class="switch">
        <Button class="" aria-pressed={!isTable} onClick={() => setTable(false)}>
          Charts
        </Button>
        <Button class="" aria-pressed={isTable} onClick={() => setTable(true)}>
          Table
        </Button>
      </span>
      {(total > FEW || filter) && (
        <label>
          Find
          <input class="field" type="search" size={16} value={filter} onInput={event => setFilter(event.currentTarget.value)} />
          <Told>{filter && `${count(found)} of ${count(total)}`}</Told>
        </label>
      )}
      {!isTable && <Ways {...props} />}
    </div>
  );
}

/** Along which axis, how smooth. */
export function Ways({ drawing, setDrawing }: Pick<Props, 'drawing' | 'setDrawing'>) {
  const set = (part: Partial<Drawing>): void => setDrawing({ ...drawing, ...part });
  return (
    <>
      <Choice name="Along" value={drawing.axis} options={AXES} choose={axis => set({ axis })} />
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
      <Tick name="log y" is={drawing.isLogY} set={isLogY => set({ isLogY })} />
      <Tick name="log x" is={drawing.isLogX} disabled={drawing.axis === 'time'} set={isLogX => set({ isLogX })} />
    </>
  );
}
