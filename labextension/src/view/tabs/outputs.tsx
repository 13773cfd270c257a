/** The run's logs and files: the log that grows first, then every file, then where they are. */
import { useMemo, useState } from 'preact/hooks';
import type { PanelProps, TabEntry } from '.';
import { bytes } from '../figures';
import { Block, Pairs } from '../parts/block';
import { clean } from '../parts/clean';
import { Choice } from '../parts/fields';
import { FileTree } from '../parts/file_tree';
import { Log } from '../parts/log';
import { Preview } from '../parts/preview';
import { useAnswer } from '../parts/use_answer';

function Outputs({ run, state, details, source }: PanelProps) {
  const [chosen, setChosen] = useState('');
  const [file, setFile] = useState('');
  // asked for again when the run's files have changed; the log that is pushed can be read without
  const [told] = useAnswer(source, 'logs', { run }, JSON.stringify(details.files.map(one => one.name)));
  const logs = told ?? [];
  const log = chosen || state.log?.name || logs[0]?.name || '';
  const choose = (name: string): void => {
    setChosen(name);
    state.readLog(name);
  };
  const { files, folders } = details;
  const known = useMemo(() => new Map(files.map(one => [one.name, one])), [files]);
  if (!log && files.length === 0) {
    return <p class="none">No outputs and no logs yet. What the job writes to ./outputs or ./logs appears here.</p>;
  }
  return (
    <>
      {log && (
        <>
          <div class="bar">
            <Choice
              name="Log"
              value={log}
              options={(logs.some(one => one.name === log) ? logs : [{ name: log, size: 0 }, ...logs]).map(
                one => [one.name, `${clean(one.name)}${one.size ? ` (${bytes(one.size)})` : ''}`] as const
              )}
              choose={choose}
            />
          </div>
          <Log key={log} {...{ run, state, source }} file={log} keep={() => chosen || choose(log)} />
        </>
      )}
      {files.length > 0 && (
        <Block title="Files">
          <div class="browser">
            <FileTree label="Files of the run" files={files} chosen={file} choose={setFile} />
            <Preview {...{ run, source }} area="outputs" name={file} path={known.get(file)?.path ?? ''} />
          </div>
        </Block>
      )}
      {folders.length > 0 && (
        <Block title="Folders">
          <Pairs rows={folders.map(one => [one.label, <code key="path">{clean(one.path)}</code>] as const)} />
        </Block>
      )}
    </>
  );
}

export const OUTPUTS: TabEntry = {
  name: 'outputs',
  caption: () => 'Outputs + logs',
  count: state => state.details?.files.length ?? 0,
  Panel: Outputs
};
