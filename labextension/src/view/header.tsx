/** The top of a run: who it is, how it stands, what can be done with it. */
import { useState } from 'preact/hooks';
import type { Source } from '../carriers/source';
import type { RunTabs } from '../protocol';
import { number, span } from './figures';
import { said, type RunState } from './follow';
import { Badge } from './parts/badge';
import { clean } from './parts/clean';
import { CopyMenu } from './parts/copy_menu';
import { Button, Told } from './parts/fields';
import { ran, useNow } from './parts/now';

interface Props {
  run: string;
  state: RunState;
  details: RunTabs;
  source: Source;
  open(run: string): void;
}

export function Header({ run, state, details, source, open }: Props) {
  const { identity } = details;
  const [told, setTold] = useState<Record<string, string>>({}); // of each act: one that ends takes no other's words away
  const act = async (doing: string, done: () => Promise<unknown>): Promise<void> => {
    const tell = (text: string) => setTold(all => ({ ...all, [doing]: text }));
    tell(doing);
    try {
      await done();
      tell('');
    } catch (error) {
      tell(said(error));
    }
  };
  const cancel = () => act('Canceling …', () => source.ask('cancel', { run }));
  const resubmit = () => act('Submitting …', async () => open((await source.ask('resubmit', { run })).run));
  const page = source.pageUrl(run);
  return (
    <header class="head">
      <h3>{clean(identity.display_name || identity.name)}</h3>
      <Badge status={identity.status} />
      <span class="muted">
        {[identity.experiment, identity.type].filter(Boolean).map(one => `${clean(one, 80)} · `)}
        <Lasted state={state} details={details} />
      </span>
      <div class="acts">
        <Told>{Object.values(told).filter(Boolean).join(' ')}</Told>
        {!state.isFinal && <Button onClick={() => void cancel()}>Cancel</Button>}
        <Button onClick={() => void resubmit()}>Resubmit</Button>
        <CopyMenu run={run} source={source} />
        {page && (
          <a class="link" href={page} target="_blank" rel="noopener">
            Open in a new tab
          </a>
        )}
      </div>
    </header>
  );
}

/** How long it ran, or has waited; counted on while it goes on. */
function Lasted({ state, details: { times } }: Pick<Props, 'state' | 'details'>) {
  const now = useNow(state.isFinal);
  if (times.started !== null) {
    return <>{span(ran(times, now))}</>;
  }
  return <>{times.ended === null ? `waiting for ${span(Math.max(0, now - number(times.created)))}` : 'never started'}</>;
}
