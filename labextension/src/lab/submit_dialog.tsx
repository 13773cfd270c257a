/** The dialog in which a notebook becomes a job: its parameters, where it runs; what is refused is said in it. */
import { render } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Fetch } from '../carriers/server';
import { NotebookJobs, type RunAs, type Submitted, type Taken } from './notebook_jobs';
import { Changes, Field, Value } from './submit_fields';

const WAYS: readonly [RunAs, string][] = [
  ['script', 'a script made of it'],
  ['notebook', 'the notebook, executed cell by cell']
];

/** Ask a person for what a notebook's job needs; the job, or null when they think better of it. */
export function ask(fetch: Fetch, path: string): Promise<Submitted | null> {
  const host = document.body.appendChild(document.createElement('div'));
  return new Promise(resolve => {
    const end = (job: Submitted | null): void => {
      render(null, host);
      host.remove();
      resolve(job);
    };
    render(<SubmitDialog jobs={new NotebookJobs(fetch, path)} onEnd={end} />, host);
  });
}

interface Props {
  jobs: NotebookJobs;
  onEnd: (job: Submitted | null) => void;
}

function SubmitDialog({ jobs, onEnd }: Props) {
  const box = useRef<HTMLDialogElement>(null);
  const [taken, setTaken] = useState<Taken | null>(null);
  const [way, setWay] = useState<RunAs>('script');
  const [values, setValues] = useState<Record<string, string>>({});
  const [compute, setCompute] = useState('');
  const [experiment, setExperiment] = useState('');
  const [said, say] = useState('');
  const [isBusy, setBusy] = useState(false);

  // at once: until it is modal, keys are the notebook's
  useLayoutEffect(() => {
    box.current?.showModal();
    jobs.taken().then(setTaken, (error: unknown) => say(words(error)));
  }, [jobs]);

  const submit = (event: Event): void => {
    event.preventDefault();
    setBusy(true);
    say('');
    jobs.submit({ run_as: way, inputs: values, compute, experiment_name: experiment }).then(
      job => {
        box.current?.close(); // the focus goes back to where it was
        onEnd(job);
      },
      (error: unknown) => {
        setBusy(false);
        say(words(error));
      }
    );
  };

  // what is on its way becomes a job: to leave now would be to hear nothing of it
  const cancel = (event: Event): void => {
    event.preventDefault();
    if (!isBusy) {
      onEnd(null);
    }
  };

  const refusal = way === 'script' ? (taken?.refusal ?? '') : '';
  const problem = said || refusal;
  return (
    <dialog
      ref={box}
      class="jp-AMLDialog"
      aria-labelledby="jp-aml-title"
      data-lm-suppress-shortcuts="true"
      onCancel={cancel}
      onClose={() => box.current?.showModal()} // a second Escape closes it, whatever a page says to that
    >
      <form onSubmit={submit}>
        <h2 id="jp-aml-title">Submit {jobs.name} as a job</h2>
        <div class="jp-AMLDialog-body">
          <fieldset>
            <legend>Run as</legend>
            {WAYS.map(([name, text]) => (
              <label key={name}>
                <input type="radio" name="jp-aml-way" checked={way === name} onChange={() => setWay(name)} />
                {text}
              </label>
            ))}
          </fieldset>
          {taken === null && !said && <p role="status">Reading the notebook …</p>}
          {taken !== null && (
            <>
              {taken.parameters.length > 0 && (
                <fieldset>
                  <legend>Parameters</legend>
                  {taken.parameters.map(one => (
                    <Value
                      key={one.name}
                      parameter={one}
                      text={values[one.name] ?? one.default}
                      onText={text => setValues(changed(values, one.name, text, one.default))}
                    />
                  ))}
                </fieldset>
              )}
              <fieldset>
                <legend>Where</legend>
                <Field label="Compute" text={compute} onText={setCompute} hint="serverless" known={taken.computes} />
                <Field
                  label="Experiment"
                  text={experiment}
                  onText={setExperiment}
                  hint="the folder's name"
                  known={taken.experiments}
                />
              </fieldset>
              {way === 'script' && <Changes changes={taken.changes} />}
              {taken.remarks.map(text => (
                <p key={text}>{`${jobs.name}, ${text}`}</p>
              ))}
            </>
          )}
        </div>
        <p role="alert" class="jp-AMLDialog-problem">
          {problem}
        </p>
        <div class="jp-AMLDialog-buttons">
          <button type="button" class="jp-Dialog-button jp-mod-reject jp-mod-styled" disabled={isBusy} onClick={cancel}>
            Cancel
          </button>
          <button
            type="submit"
            class="jp-Dialog-button jp-mod-accept jp-mod-styled"
            disabled={isBusy || taken === null || refusal !== ''}
          >
            Submit
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** The values that differ from the notebook's own: only they are sent. */
function changed(values: Record<string, string>, name: string, text: string, own: string): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...values, [name]: text }).filter(([one]) => one !== name || text !== own));
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
