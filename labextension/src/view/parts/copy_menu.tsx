/** Copy the run's job as YAML, SDK code, a command line or a cell. */
import { useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { said } from '../follow';
import { copyText } from './clipboard';
import { Button, Told } from './fields';

type Form = keyof Answers['code'];

const FORMS: readonly (readonly [Form, string])[] = [
  ['yaml', 'YAML'],
  ['python', 'Python (SDK v2)'],
  ['cli', 'command line'],
  ['magic', 'notebook cell']
];

export function CopyMenu({ run, source }: { run: string; source: Source }) {
  const menu = useRef<HTMLDetailsElement>(null);
  const [told, setTold] = useState('');
  const [kept, setKept] = useState('');
  const copy = async (form: Form): Promise<void> => {
    let text = '';
    setKept('');
    try {
      text = (await source.ask('code', { run }))[form];
      if (text) {
        await copyText(text);
      }
      setTold(text ? 'Copied.' : 'This job has no such form.');
    } catch (error) {
      setTold(said(error));
      setKept(text);
    }
  };
  const leave = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && menu.current?.open) {
      event.stopPropagation();
      menu.current.open = false;
      menu.current.querySelector('summary')?.focus();
    }
  };
  return (
    <>
      <details class="menu" ref={menu} onKeyDown={leave}>
        <summary class="button">Copy as …</summary>
        <div role="group" aria-label="Copy as">
          {FORMS.map(([form, caption]) => (
            <Button key={form} onClick={() => void copy(form)}>
              {caption}
            </Button>
          ))}
        </div>
      </details>
      <Told>{told}</Told>
      {kept && <textarea class="kept" readOnly aria-label="The copy" rows={6} value={kept} onFocus={event => event.currentTarget.select()} />}
    </>
  );
}
