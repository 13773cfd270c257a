/** A run: its header, its tabs, and the one that is open. */
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Source } from '../carriers/source';
import { follow, NOTHING, type RunState } from './follow';
import { Header } from './header';
import type { Options } from './mount';
import { Probe } from './parts/inks';
import { Progress } from './parts/progress';
import { Tabs } from './parts/tabs';
import { type TabEntry, tabsOf } from './tabs';
import { DETAILS } from './tabs/details';

interface Props {
  source: Source;
  options: Options;
}

/** The view of one run. A link to another run replaces it, unless the front end opens runs itself. */
export function RunView({ source, options }: Props) {
  const [{ run, chosen }, see] = useState<{ run: string; chosen?: string }>({ run: options.run });
  const state = useRun(source, run, options.onEnd);
  const open = useCallback(
    (name: string) => {
      if (options.onOpen) {
        options.onOpen(name);
      } else {
        see(now => (now.run === run ? { run: name } : now)); // who is elsewhere by now is not taken away
      }
    },
    [options, run]
  );
  const choose = (name: string): void => see({ run, chosen: name });
  const tabs = useMemo(() => tabsOf(state), [state]);
  const current = tabs.find(tab => tab.name === chosen) ?? first(tabs, state);
  if (!state.details) {
    return <div class="aml-run empty">{state.problem || `Looking for ${run} …`}</div>;
  }
  const { Panel } = current;
  const stay = (): void => choose(current.name); // what comes later opens no other tab for who is at work in this one
  return (
    <article class="aml-run" aria-label={`Run ${run}`}>
      <Header run={run} state={state} source={source} details={state.details} open={open} />
      <Progress told={state.progress} />
      {state.problem && (
        <p class="problem" role="status">
          {state.problem}
        </p>
      )}
      <Tabs tabs={tabs} chosen={current.name} choose={choose} state={state} />
      <section class="panel" role="tabpanel" id={`panel-${current.name}`} aria-label={current.caption(state)} onPointerDown={stay} onFocusIn={stay}>
        <Panel
          key={run}
          run={run}
          state={state}
          details={state.details}
          source={source}
          open={open}
          restore={options.onRestore}
          currentCell={options.currentCell}
        />
      </section>
      <Probe />
    </article>
  );
}

/** The tab that says most of a run at first sight. */
function first(tabs: readonly TabEntry[], { details, series }: RunState): TabEntry {
  const hasMore = details?.pipeline ?? details?.sweep;
  const hasMetrics = details?.identity.status !== 'Failed' && series.size > 0;
  const wanted = hasMore ? 'children' : hasMetrics ? 'metrics' : 'details';
  return tabs.find(tab => tab.name === wanted) ?? DETAILS;
}

/** The state of a run, followed as long as the view is there. */
function useRun(source: Source, run: string, onEnd?: Options['onEnd']): RunState {
  const [state, setState] = useState<RunState>(NOTHING);
  const ended = useRef(onEnd);
  ended.current = onEnd;
  // asked at once: an effect would wait until what says so is painted
  useLayoutEffect(() => {
    const ending = new AbortController();
    let wasRunning = false;
    setState(NOTHING);
    const show = (next: RunState): void => {
      setState(next);
      if (next.isFinal && wasRunning && next.details) {
        ended.current?.(run, next.details.identity.status);
      }
      wasRunning = !next.isFinal && next.details !== null;
    };
    void follow(source, run, show, ending.signal);
    return () => ending.abort();
  }, [source, run]);
  return state;
}
