/** Copy the run's job as YAML, SDK code, a command line or a cell. */
import { useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { said } from '../follow';

type Form = keyof Answers['code'];

const FORMS: readonly (readonly [Form, string])[] = [
  ['yaml', 'YAML'],
  ['python', 'Python (SDK v2)'],
  ['cli', 'command line'],
  ['magic', 'notebook cell']
];

export function CopyMenu({ run, source }: { run: string; source: Source }) {
  const [told, setTold] = useState('');
  const [kept, setKept] = useState('');
  const copy = async (form: Form): Promise<void> => {
    setKept('');
    try {
      const text = String((await source.ask('code', { run }))[form]);
      if (!text) {
        setTold('This job has no such form.');
      } else if (await isCopied(text)) {
        setTold('Copied.');
      } else {
        setTold('Copy it from here:');
        setKept(text);
      }
    } catch (error) {
      setTold(said(error));
    }
  };
  return (
    <>
      <label>
        <span class="aml-hidden">Copy as</span>
        <select
          class="aml-field"
          value=""
          onChange={event => {
            void copy(event.currentTarget.value as Form);
            event.currentTarget.value = '';
          }}
        >
          <option value="">Copy as …</option>
          {FORMS.map(([form, name]) => (
            <option key={form} value={form}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <span role="status" class="aml-muted">
        {told}
      </span>
      {kept && <textarea class="aml-kept" readOnly aria-label="The copy" rows={6} value={kept} onFocus={event => event.currentTarget.select()} />}
    </>
  );
}

/** A page that is not served safely has no clipboard: the text is shown then. */
async function isCopied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
