/** The fields of the dialog: a parameter's value by its kind, a name among known ones, what a script leaves out. */
import { useId } from 'preact/hooks';
import type { Change, Parameter } from './notebook_jobs';

const KINDS: Partial<Record<Parameter['kind'], string>> = { uri_file: 'data file', uri_folder: 'data folder' };
const NUMBERS: readonly string[] = ['integer', 'number'];

interface ValueProps {
  parameter: Parameter;
  text: string;
  onText: (text: string) => void;
}

export function Value({ parameter, text, onText }: ValueProps) {
  const id = useId();
  const choices = parameter.kind === 'boolean' ? ['true', 'false'] : parameter.choices;
  const about = [KINDS[parameter.kind] ?? parameter.kind, ...(parameter.help ? [parameter.help] : [])].join(': ');
  return (
    <div class="jp-AMLDialog-row">
      <label for={id}>{parameter.name}</label>
      {choices.length > 0 ? (
        <select id={id} class="jp-mod-styled" value={text} aria-describedby={`${id}-about`} onChange={event => onText(event.currentTarget.value)}>
          {parameter.is_optional && <option value="" />}
          {choices.map(choice => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          class="jp-mod-styled"
          value={text}
          inputMode={NUMBERS.includes(parameter.kind) ? 'decimal' : 'text'}
          spellcheck={false}
          aria-describedby={`${id}-about`}
          onInput={event => onText(event.currentTarget.value)}
        />
      )}
      <small id={`${id}-about`}>{about}</small>
    </div>
  );
}

interface FieldProps {
  label: string;
  text: string;
  hint: string;
  known: readonly string[];
  onText: (text: string) => void;
}

export function Field({ label, text, hint, known, onText }: FieldProps) {
  const id = useId();
  return (
    <div class="jp-AMLDialog-row">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="jp-mod-styled"
        value={text}
        placeholder={hint}
        list={`${id}-known`}
        spellcheck={false}
        onInput={event => onText(event.currentTarget.value)}
      />
      <datalist id={`${id}-known`}>
        {known.map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  );
}

/** What the script says otherwise than the notebook, cell by cell. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) {
    return null;
  }
  return (
    <details>
      <summary>What the script leaves out or says otherwise ({changes.length})</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Cell</th>
            <th scope="col">Line</th>
            <th scope="col">Rule</th>
            <th scope="col">In the notebook</th>
            <th scope="col">In the script</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((one, n) => (
            <tr key={n}>
              <td>{one.cell}</td>
              <td>{one.line}</td>
              <td>{one.rule}</td>
              <td>
                <code>{one.before}</code>
              </td>
              <td>{one.after ? <code>{one.after}</code> : 'left out'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
