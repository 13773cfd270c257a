/** A pipeline as boxes and lines: how each step stands, how long it took; a step with a job opens it. */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { PipelineDetails, Step } from '../../protocol';
import { within } from '../figures';
import { clean, cut } from './clean';
import { Button, Unseen } from './fields';
import { type Box, type Drawing, drawing, type Line } from './graph_layout';
import { described, isDone, read, short, SIGNS } from './step_words';
import { useWidth } from './width';

interface Props {
  pipeline: PipelineDetails;
  label: string;
  now: number;
  open(run: string): void;
}

const SCALES = [0.25, 0.35, 0.5, 0.65, 0.8, 1, 1.25, 1.6];

export function Graph({ pipeline, label, now, open }: Props) {
  const structure = structureOf(pipeline);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- places depend on what there is, never on how it stands
  const drawn = useMemo(() => drawing(pipeline), [structure]);
  const box = useRef<HTMLDivElement>(null);
  const room = useWidth(box, 800);
  const [chosen, setChosen] = useState(0);
  const [looked, setLooked] = useState('');
  const fitting = within(0.4, (room - 4) / Math.max(1, drawn.width), 1);
  const scale = chosen || fitting;
  const zoom = (by: 1 | -1): void => {
    const near = by > 0 ? SCALES : [...SCALES].reverse();
    const next = near.find(one => by * (one - scale) > 0.01);
    setChosen(next ?? scale);
  };
  return (
    <div class="graph">
      <div class="zoom">
        <Button onClick={() => zoom(-1)} aria-label={`Smaller: ${label}`}>
          −
        </Button>
        <Button onClick={() => zoom(1)} aria-label={`Larger: ${label}`}>
          +
        </Button>
        <Button onClick={() => setChosen(0)} aria-label={`Fit to the width: ${label}`}>
          Fit
        </Button>
      </div>
      <div class="box" ref={box} tabIndex={0} role="group" aria-label={label}>
        <div style={{ width: `${drawn.width * scale}px`, height: `${drawn.height * scale}px`, margin: '0 auto' }}>
          <div
            class="sheet"
            style={{ width: `${drawn.width}px`, height: `${drawn.height}px`, transform: `scale(${scale})` }}
            onKeyDown={event => move(event, drawn)}
          >
            <Lines drawn={drawn} pipeline={pipeline} looked={looked} />
            {drawn.boxes.map((one, n) => (
              <Drawn key={one.id} box={one} isStop={n === firstStop(drawn, pipeline)} pipeline={pipeline} now={now} open={open} look={setLooked} />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

function structureOf({ steps, edges, inputs }: PipelineDetails): string {
  return JSON.stringify([steps.map(step => step.name), edges, inputs]);
}

function firstStop(drawn: Drawing, { steps }: PipelineDetails): number {
  return drawn.boxes.findIndex(box => box.step !== null && steps[box.step]?.job);
}

interface LinesProps {
  drawn: Drawing;
  pipeline: PipelineDetails;
  looked: string;
}

function Lines({ drawn, pipeline, looked }: LinesProps) {
  const done = new Set(pipeline.steps.filter(step => isDone(step.state)).map(step => `step ${step.name}`));
  const lookOf = ({ source, target, edges }: Line): string =>
    [
      edges.some(edge => edge.is_data) ? '' : 'order',
      done.has(source) || source.startsWith('in ') ? 'passed' : '',
      looked === source || looked === target ? 'looked' : ''
    ].join(' ');
  return (
    <svg width={drawn.width} height={drawn.height} aria-hidden="true">
      <defs>
        <marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0L8 4L0 8z" />
        </marker>
      </defs>
      {drawn.lines.map(line => (
        <path key={`${line.source}→${line.target}`} class={`edge ${lookOf(line)}`} d={line.path} marker-end="url(#tip)">
          <title>{clean(line.edges.map(read).join('\n'))}</title>
        </path>
      ))}
      {drawn.lines.map(
        ({ source, target, word, at }) =>
          word && (
            <text key={`${source}→${target}`} x={at[0]} y={at[1]}>
              {clean(word, 12)}
            </text>
          )
      )}
    </svg>
  );
}

interface DrawnProps extends Omit<Props, 'label'> {
  box: Box;
  isStop: boolean;
  look(id: string): void;
}

function Drawn({ box, isStop, pipeline, now, open, look }: DrawnProps) {
  const place = { left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` };
  const step = box.step === null ? undefined : pipeline.steps[box.step];
  if (!step) {
    return (
      <div class="port" style={place} title={clean(box.port)}>
        {cut(clean(box.port), Math.floor((box.width - 18) / 6.6))}
      </div>
    );
  }
  const [kind] = SIGNS[step.state];
  const shared = {
    class: `step ${kind} ${step.state.replace(' ', '-')}`,
    style: place,
    title: clean(described(step, now)),
    'data-box': box.id,
    onPointerEnter: () => look(box.id),
    onPointerLeave: () => look(''),
    onFocus: () => look(box.id),
    onBlur: () => look('')
  };
  const inside = <Inside step={step} pipeline={pipeline} now={now} room={box.width} />;
  return step.job ? (
    <Button {...shared} tabIndex={isStop ? 0 : -1} onClick={() => open(step.job)}>
      {inside}
    </Button>
  ) : (
    <div {...shared}>{inside}</div>
  );
}

function Inside({ step, pipeline, now, room }: { step: Step; pipeline: PipelineDetails; now: number; room: number }) {
  return (
    <>
      <i aria-hidden="true">{SIGNS[step.state][1]}</i>
      <span>
        <b>{cut(clean(step.name), Math.floor((room - 40) / 7))}</b>
        <small>{clean(short(pipeline, step, now), 60)}</small>
        <Unseen>{step.state}</Unseen>
      </span>
    </>
  );
}

/** Arrows go to the nearest step that way; the one that has the focus is the graph's only stop for Tab. */
function move(event: KeyboardEvent, drawn: Drawing): void {
  const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
  const sheet = event.currentTarget as HTMLElement;
  const from = event.target as HTMLElement;
  const here = drawn.boxes.find(box => box.id === from.dataset['box']);
  if (!way || !here) {
    return;
  }
  event.preventDefault();
  const [right = 0, down = 0] = way;
  let [found, least] = [null as HTMLElement | null, Infinity];
  for (const button of sheet.querySelectorAll<HTMLElement>('button[data-box]')) {
    const box = drawn.boxes.find(one => one.id === button.dataset['box']);
    const [dx, dy] = box ? [box.x + box.width / 2 - here.x - here.width / 2, box.y - here.y] : [0, 0];
    const ahead = dx * right + dy * down;
    const far = ahead + 2.5 * Math.abs(dx * down + dy * right);
    if (button !== from && ahead > 1 && far < least) {
      [found, least] = [button, far];
    }
  }
  if (found) {
    from.tabIndex = -1;
    found.tabIndex = 0;
    found.focus();
    found.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
}
