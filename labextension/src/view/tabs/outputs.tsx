/** The run's logs and files: the log that grows first, then every file, then where they are. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PanelProps, TabEntry } from '.';
import type { Answers } from '../../protocol';
import { bytes } from '../figures';
import { clean } from '../parts/ansi';
import { FileTree } from '../parts/file_tree';
import { Log } from '../parts/log';
import { Preview } from '../parts/preview';

function Outputs({ run, state, details, source }: PanelProps) {
  const [chosen, setChosen] = useState('');
  const [file, setFile] = useState('');
  const logs = useLogs({ run, state, details, source });
  const log = chosen || state.log?.name || logs[0]?.name || '';
  const choose = (name: string): void => {
    setChosen(name);
    state.readLog(name);
  };
  const { files, folders } = details;
  const known = useMemo(() => new Map(files.map(one => [one.name, one])), [files]);
  if (!log && files.length === 0) {
    return <p class="aml-none">No outputs and no logs yet. What the job writes to ./outputs or ./logs appears here.</p>;
  }
  return (
    <>
      {log && (
        <>
          <label class="aml-which">
            Log
            <select class="aml-field" aria-label="Log" value={log} onChange={event => choose(event.currentTarget.value)}>
              {(logs.some(one => one.name === log) ? logs : [{ name: log, size: 0 }, ...logs]).map(one => (
                <option key={one.name} value={one.name}>
                  {`${clean(one.name)}${one.size ? ` (${bytes(one.size)})` : ''}`}
                </option>
              ))}
            </select>
          </label>
          <Log key={log} {...{ run, state, source }} file={log} />
        </>
      )}
      {files.length > 0 && (
        <section class="aml-block" aria-label="Files">
          <h4>Files</h4>
          <div class="aml-browser">
            <FileTree label="Files of the run" files={files} chosen={file} choose={setFile} />
            {file ? (
              <Preview {...{ run, source }} area="outputs" name={file} path={known.get(file)?.path ?? ''} />
            ) : (
              <p class="aml-none">Choose a file to see what is in it.</p>
            )}
          </div>
        </section>
      )}
      {folders.length > 0 && (
        <section class="aml-block" aria-label="Folders">
          <h4>Folders</h4>
          <dl class="aml-folders">
            {folders.map(one => (
              <>
                <dt>{one.label}</dt>
                <dd>
                  <code>{clean(one.path)}</code>
                </dd>
              </>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}

type Watched = Pick<PanelProps, 'run' | 'state' | 'details' | 'source'>;

/** The run's logs, asked for again when its files have changed. */
function useLogs({ run, details, source }: Watched): Answers['logs'] {
  const [logs, setLogs] = useState<Answers['logs']>([]);
  const names = useMemo(() => details.files.map(one => one.name).join('\n'), [details.files]);
  useEffect(() => {
    const ending = new AbortController();
    source.ask('logs', { run }, ending.signal).then(
      answer => !ending.signal.aborted && setLogs(answer),
      () => undefined // the log that is pushed can be read all the same
    );
    return () => ending.abort();
  }, [source, run, names]);
  return logs;
}

export const OUTPUTS: TabEntry = {
  name: 'outputs',
  caption: () => 'Outputs + logs',
  count: state => state.details?.files.length ?? 0,
  Panel: Outputs
};
