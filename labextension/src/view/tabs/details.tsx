/** What a run is: its properties at the left, what came out of it at the right, what it was given below. */
import type { PanelProps, TabEntry } from '.';
import type { NamedValue } from '../../protocol';
import { figure, moment, span } from '../figures';
import type { RunState } from '../follow';
import { plain } from '../parts/ansi';
import { Badge } from '../parts/badge';
import { Block, Pairs } from '../parts/block';
import { clean } from '../parts/clean';
import { ran, useNow } from '../parts/now';
import { PlainTable } from '../parts/plain_table';
import { RunLink } from '../parts/run_link';

const TILES = 10;
const LATEST = 8;
const MOST_TAGS = 60;
const LONGEST = 4_000;

export const DETAILS: TabEntry = { name: 'details', caption: () => 'Details', count: () => 0, Panel };

function Panel(props: PanelProps) {
  const { details, state } = props;
  const { error, command, inputs, outputs, params } = details;
  return (
    <>
      {error && (
        <div class="note wrong" role="note">
          <b>What went wrong{lastOf(error)}</b>
          <pre tabIndex={0}>{clean(error, LONGEST)}</pre>
        </div>
      )}
      <div class="columns">
        <div>
          <Block title="Properties">
            <Properties {...props} />
          </Block>
          <Tags tags={details.tags} />
        </div>
        <div>
          <Glance state={state} />
          <Latest state={state} />
        </div>
      </div>
      {command && (
        <Block title="Command">
          <pre class="pre" tabIndex={0}>
            {clean(command, LONGEST)}
          </pre>
        </Block>
      )}
      <div class="columns">
        <Values title="Inputs" values={inputs} />
        <Params params={params} />
        <Values title="Outputs" values={outputs} />
      </div>
    </>
  );
}

/** The last of several lines: of a traceback what was raised. */
function lastOf(error: string): string {
  const lines = error.trim().split('\n');
  return lines.length > 1 ? `: ${clean(lines.at(-1) ?? '', 300)}` : '';
}

function Properties({ details, state, open }: PanelProps) {
  const { identity, times } = details;
  const now = useNow(state.isFinal);
  const waited = ran({ started: times.created, ended: times.started ?? times.ended }, now);
  const lasted = ran(times, now);
  return (
    <Pairs
      rows={[
        ['Status', <Badge key="status" status={identity.status} />],
        ['Name', <code key="name">{clean(identity.name)}</code>],
        ['Experiment', clean(identity.experiment)],
        ['Type', clean(identity.type)],
        ['Compute', clean(identity.compute)],
        ['Environment', clean(identity.environment)],
        ['Workspace', clean(identity.workspace)],
        ['Parent', identity.parent && <RunLink key="parent" name={identity.parent} open={open} />],
        ['Description', clean(identity.description, LONGEST)],
        ['Created', moment(times.created)],
        ['Started', moment(times.started)],
        ['Ended', moment(times.ended)],
        ['Waited', span(waited)],
        ['Ran', span(lasted)]
      ]}
    />
  );
}

function Tags({ tags }: { tags: Record<string, string> }) {
  const every = Object.entries(tags);
  return every.length ? (
    <Block title="Tags">
      <ul class="chips">
        {every.slice(0, MOST_TAGS).map(([key, value]) => (
          <li key={key}>
            <b>{clean(key, 100)}</b> {clean(value, 200)}
          </li>
        ))}
        {every.length > MOST_TAGS && <li>and {every.length - MOST_TAGS} more</li>}
      </ul>
    </Block>
  ) : null;
}

/** The first few metrics: the last value of each, and between what it lay. */
function Glance({ state }: { state: RunState }) {
  const every = [...state.series.values()];
  return every.length ? (
    <Block title="Metrics">
      <ul class="glance">
        {every.slice(0, TILES).map(one => (
          <li key={one.key}>
            <span title={clean(one.key)}>{clean(one.key, 80)}</span>
            <small>{one.count > 1 && one.least !== null ? `${figure(one.least)} – ${figure(one.most)}` : ''}</small>
            <b>{figure(one.last as number)}</b>
          </li>
        ))}
      </ul>
      {every.length > TILES && <p class="muted">{every.length - TILES} more in the tab Metrics</p>}
    </Block>
  ) : null;
}

function Latest({ state: { log } }: { state: RunState }) {
  const lines = (log?.lines ?? []).map(plain).filter(line => line.trim());
  return log && lines.length ? (
    <Block title="Latest log lines">
      <pre class="pre" tabIndex={0}>
        {lines
          .slice(-LATEST)
          .map(line => clean(line, 300))
          .join('\n')}
      </pre>
    </Block>
  ) : null;
}

function Values({ title, values }: { title: string; values: readonly NamedValue[] }) {
  return values.length ? (
    <Block title={title}>
      <PlainTable
        label={title}
        heads={['Name', 'Type', 'Value']}
        rows={values.map(one => [clean(one.name), clean(one.type), <Value key={one.name} one={one} />])}
      />
    </Block>
  ) : null;
}

/** With the local path, where it says more than the value. */
function Value({ one }: { one: NamedValue }) {
  return (
    <>
      <code>{clean(one.value, LONGEST)}</code>
      {one.path && one.path !== one.value && (
        <small>
          {one.value && <br />}
          {clean(one.path)}
        </small>
      )}
    </>
  );
}

function Params({ params }: { params: Record<string, string> }) {
  const rows = Object.entries(params).map(([key, value]) => [clean(key), <code key={key}>{clean(value, LONGEST)}</code>]);
  return rows.length ? (
    <Block title="Parameters">
      <PlainTable label="Parameters" heads={['Parameter', 'Value']} rows={rows} />
    </Block>
  ) : null;
}
