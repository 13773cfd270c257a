/** The top of a run: who it is, how it stands, what can be done with it. */
import { useEffect, useState } from 'preact/hooks';
import type { Source } from '../carriers/source';
import type { RunTabs } from '../protocol';
import { number, span } from './figures';
import { said, type RunState } from './follow';
import { Badge } from './parts/badge';
import { clean } from './parts/clean';
import { CopyMenu } from './parts/copy_menu';

interface Props {
  run: string;
  state: RunState;
  details: RunTabs;
  source: Source;
  open(run: string): void;
}

export function Header({ run, state, details, source, open }: Props) {
  const { identity } = details;
  const [told, setTold] = useState('');
  const act = async (doing: string, done: () => Promise<void>): Promise<void> => {
    setTold(doing);
    try {
      await done();
      setTold('');
    } catch (error) {
      setTold(said(error));
    }
  };
  const cancel = () => act('Canceling …', async () => void (await source.ask('cancel', { run })));
  const resubmit = () => act('Submitting …', async () => open((await source.ask('resubmit', { run })).run));
  const page = source.pageUrl(run);
  return (
    <header class="aml-head">
      <h3>{clean(identity.display_name || identity.name)}</h3>
      <Badge status={identity.status} />
      <span class="aml-muted">
        {[identity.experiment, identity.type].filter(Boolean).map(one => `${clean(one, 80)} · `)}
        <Lasted state={state} details={details} />
      </span>
      <div class="aml-acts">
        <span role="status" class="aml-muted">
          {told}
        </span>
        {!state.isFinal && (
          <button type="button" class="aml-button" onClick={cancel}>
            Cancel
          </button>
        )}
        <button type="button" class="aml-button" onClick={resubmit}>
          Resubmit
        </button>
        <CopyMenu run={run} source={source} />
        {page && (
          <a class="aml-link" href={page} target="_blank" rel="noopener">
            Open in a new tab
          </a>
        )}
      </div>
    </header>
  );
}

/** How long it ran, or has waited; counted on while it goes on. */
function Lasted({ state, details }: { state: RunState; details: RunTabs }) {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = state.isFinal ? undefined : setInterval(() => tick(n => n + 1), 1000);
    return () => clearInterval(timer);
  }, [state.isFinal]);
  const { created, started, ended } = details.times;
  const now = Date.now() / 1000;
  const end = ended === null ? now : number(ended);
  return started === null ? (
    <>{ended === null ? `waiting for ${span(Math.max(0, now - number(created)))}` : 'never started'}</>
  ) : (
    <>{span(Math.max(0, end - number(started)))}</>
  );
}
