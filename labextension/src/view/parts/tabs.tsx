/** A row of tabs: one stop for the keyboard, arrows move, as ARIA's tab pattern says. */
import { count } from '../figures';
import type { RunState } from '../follow';
import type { TabEntry } from '../tabs';

interface Props {
  tabs: readonly TabEntry[];
  chosen: string;
  choose(name: string): void;
  state: RunState;
}

export function Tabs({ tabs, chosen, choose, state }: Props) {
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(tab => tab.name === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next) {
      event.preventDefault();
      choose(next.name);
      const row = event.currentTarget as HTMLElement;
      row.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
    }
  };
  return (
    <div class="tabs" role="tablist" aria-label="Parts of the run" onKeyDown={move}>
      {tabs.map(tab => (
        <button
          key={tab.name}
          type="button"
          role="tab"
          data-tab={tab.name}
          aria-selected={tab.name === chosen}
          aria-controls={tab.name === chosen ? `panel-${tab.name}` : undefined}
          tabIndex={tab.name === chosen ? 0 : -1}
          onClick={() => choose(tab.name)}
        >
          {tab.caption(state)}
          {tab.count(state) > 0 && <small>{count(tab.count(state))}</small>}
        </button>
      ))}
    </div>
  );
}
