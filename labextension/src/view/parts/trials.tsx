/** The trials of a sweep: how far it is, what is the best, charts, and the same again as a table. */
import { useCallback, useMemo, useState } from 'preact/hooks';
import type { SweepDetails } from '../../protocol';
import { count, figure, number, span } from '../figures';
import type { PanelProps } from '../tabs';
import { Bars } from './bars';
import { Block, Pairs, Progress } from './block';
import { type Board, board as looked, counted, FATE_SIGNS, left, word } from './board';
import { BrushFields } from './brushes';
import { clean } from './clean';
import { Button, Told } from './fields';
import { useNow } from './now';
import { Parallel } from './parallel';
import { type Brush, type Brushes, kept as keep, type Rail, railsOf } from './rails';
import { Comparable, useSelection } from './selection';
import { Stair } from './stair';
import { TrialsTable } from './trials_table';

const MOST_WARNINGS = 8;
const BEATS_MS = 2000;

export function Trials({ sweep, state, source, open }: PanelProps & { sweep: SweepDetails }) {
  const board = useMemo(() => looked(sweep), [sweep]);
  const now = useNow(state.isFinal, BEATS_MS);
  return (
    <>
      <Head board={board} now={now} isFinal={state.isFinal} />
      {board.rows.length ? (
        <Explorer board={board} now={now} source={source} open={open} />
      ) : (
        <p class="none">No trials yet. The first one appears here as soon as it is drawn.</p>
      )}
    </>
  );
}

function Head({ board, now, isFinal }: { board: Board; now: number; isFinal: boolean }) {
  const { sweep } = board;
  const counts = counted(board.rows);
  const parts = [...counts].map(([fate, many]) => [FATE_SIGNS[fate][0], many] as const);
  const warnings = [...new Set(sweep.warnings)];
  return (
    <>
      <p class="far">{progress(board, now, isFinal)}</p>
      <Progress parts={parts} most={Math.max(sweep.max_total_trials, board.rows.length)} />
      {warnings.length > 0 && (
        <div class="note" role="note">
          <b>Note</b>
          {warnings.slice(0, MOST_WARNINGS).map(text => (
            <p key={text}>{clean(text)}</p>
          ))}
        </div>
      )}
      <div class="columns">
        {board.best && <BestTrial board={board} />}
        <Block title="Sweep">
          <Pairs
            rows={[
              ['Goal', clean(`${sweep.goal} ${sweep.metric}`)],
              ['Sampling', clean(sweep.algorithm)],
              ['Early termination', clean(sweep.policy || 'none')],
              ['Trials', most(sweep)]
            ]}
          />
        </Block>
      </div>
    </>
  );
}

function most({ max_total_trials: total, max_concurrent_trials: beside }: SweepDetails): string {
  return `${count(total)} at most${beside ? `, ${beside} at a time` : ''}`;
}

/** `12 of 40 trials are over: 10 completed, 2 stopped early. 4 running. About 3 min left.` */
function progress(board: Board, now: number, isFinal: boolean): string {
  const counts = [...counted(board.rows)];
  const isOver = ([fate]: readonly [string, number]): boolean => fate !== 'running' && fate !== 'waiting';
  const said = (some: typeof counts): string => some.map(([fate, many]) => `${count(many)} ${fate}`).join(', ');
  const over = counts.filter(isOver);
  const going = counts.filter(one => !isOver(one));
  const done = over.reduce((sum, [, many]) => sum + many, 0);
  const known = over.length ? `: ${said(over)}` : '';
  const parts = [`${count(done)} of ${count(board.sweep.max_total_trials)} trials are over${known}.`];
  if (going.length) {
    parts.push(`${said(going)}.`);
  }
  const rest = isFinal ? NaN : left(board, now);
  if (Number.isFinite(rest) && rest > 0) {
    parts.push(`About ${span(Math.max(1, rest))} left.`);
  }
  return parts.join(' ');
}

function BestTrial({ board: { best, sweep } }: { board: Board }) {
  if (!best || best.trial.value === null) {
    return null;
  }
  return (
    <Block title={clean(`Best ${sweep.metric}`, 80)}>
      <p class="value">
        <b>{figure(best.trial.value)}</b> trial {best.trial.number} · <code>{clean(best.trial.name)}</code>
      </p>
      <ul class="chips">
        {[...best.params].map(([name, value]) => (
          <li key={name}>
            <b>{clean(name, 60)}</b> {typeof value === 'number' ? figure(value) : clean(word(value), 80)}
          </li>
        ))}
      </ul>
    </Block>
  );
}

/** Charts and table of the same trials: what is kept of an axis is kept in all of them. */
function Explorer({ board, now, source, open }: Pick<PanelProps, 'source' | 'open'> & { board: Board; now: number }) {
  const [brushes, setBrushes] = useState<Brushes>(new Map());
  const selection = useSelection();
  const rails = useMemo(() => railsOf(board), [board]);
  const rows = useMemo(() => keep(board.rows, rails, brushes), [board, rails, brushes]);
  const brush = useCallback((rail: Rail, chosen: Brush | null) => {
    setBrushes(known => {
      const next = new Map(known);
      next.delete(rail.key);
      return chosen ? next.set(rail.key, chosen) : next;
    });
  }, []);
  const hasCharts = board.scored.length > 0;
  const kept = (
    <>
      {brushes.size > 0 && <Button onClick={() => setBrushes(new Map())}>Keep all</Button>}
      <Told>{brushes.size ? `${rows.length} of ${board.rows.length} trials are kept` : ''}</Told>
    </>
  );
  return (
    <>
      <div class="columns">
        {hasCharts && (
          <Block title={clean(`${board.sweep.metric} of each trial`, 80)}>
            <Stair board={board} open={open} />
          </Block>
        )}
        <Importance sweep={board.sweep} />
      </div>
      {hasCharts && rails.length > 1 && (
        <Block title="Parameters and metric">
          <Parallel board={board} rails={rails} brushes={brushes} kept={rows} brush={brush} />
          <Legend board={board} rails={rails} />
          <details class="more">
            <summary>Keep a part of an axis: drag along it, or choose here</summary>
            <BrushFields rails={rails} brushes={brushes} brush={brush} />
          </details>
        </Block>
      )}
      <Block title="All trials">
        <Comparable source={source} selection={selection} more={kept}>
          <TrialsTable board={board} rows={rows} now={now} selection={selection} open={open} />
        </Comparable>
      </Block>
    </>
  );
}

function Legend({ board, rails }: { board: Board; rails: readonly Rail[] }) {
  const every = board.sweep.parameters.length;
  return (
    <p class="legend">
      <span>
        worst{' '}
        <span aria-hidden="true" class="swatches">
          {[5, 4, 3, 2, 1, 0].map(shade => (
            <i key={shade} style={{ '--n': shade }} />
          ))}
        </span>{' '}
        best, by rank
      </span>
      {board.best && (
        <span>
          <i class="best">━●━</i> trial {board.best.trial.number}, the best
        </span>
      )}
      {rails.length - 1 < every && (
        <span>
          {rails.length - 1} of {every} parameters
        </span>
      )}
    </p>
  );
}

function Importance({ sweep }: { sweep: SweepDetails }) {
  const bars = Object.entries(sweep.importance)
    .map(([name, value]) => ({ name, value: number(value), said: number(value).toFixed(2) }))
    .filter(one => Number.isFinite(one.value))
    .sort((a, b) => b.value - a.value);
  return bars.length ? (
    <Block title="Parameter importance">
      <Bars label="Parameter importance" bars={bars} most={bars[0]?.value ?? 0} />
    </Block>
  ) : null;
}
