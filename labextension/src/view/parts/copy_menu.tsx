/** Copy the run's job as YAML, SDK code, a command line or a cell. */
import { useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { said } from '../follow';
import { copyText } from './clipboard';
import { Choice, type Options, Told } from './fields';

type Form = keyof Answers['code'];

const FORMS: Options<Form | ''> = [
  ['', 'Copy as …'],
  ['yaml', 'YAML'],
  ['python', 'Python (SDK v2)'],
  ['cli', 'command line'],
  ['magic', 'notebook cell']
];

export function CopyMenu({ run, source }: { run: string; source: Source }) {
  const [told, setTold] = useState('');
  const [kept, setKept] = useState('');
  const copy = async (form: Form | ''): Promise<void> => {
    let text = '';
    setKept('');
    try {
      text = form && (await source.ask('code', { run }))[form];
      if (text) {
        await copyText(text);
      }
      setTold(text ? 'Copied.' : 'This job has no such form.');
    } catch (error) {
      setTold(said(error));
      setKept(text);
    }
  };
  return (
    <>
      <Choice name="Copy as" isNamed={false} value="" options={FORMS} choose={form => void copy(form)} />
      <Told>{told}</Told>
      {kept && <textarea class="kept" readOnly aria-label="The copy" rows={6} value={kept} onFocus={event => event.currentTarget.select()} />}
    </>
  );
}
