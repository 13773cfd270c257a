/** How a file differs: lines with their signs, those that only one side has in colour too. */
import type { Answers } from '../../protocol';
import { inked, PLAIN } from './ansi';
import { clean } from './clean';
import { Line } from './line';
import { ScrollView } from './scroll_view';

export type FileDiff = Answers['diff']['files'][number];

const LOOKS: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'gap' };

export function FileDiffView({ file }: { file: FileDiff }) {
  const name = clean(file.name);
  const row = (index: number) => {
    const [sign, text] = file.lines[index] ?? ['', ''];
    return <Line key={index} number={-1} sign={`${sign || ' '} `} pieces={inked(text, PLAIN)[0]} look={LOOKS[sign] ?? ''} />;
  };
  return (
    <section class="preview diff" aria-label={`Difference of ${name}`}>
      <h5>
        <bdi>{name}</bdi> <small>{file.change}</small>
      </h5>
      {file.lines.length > 0 ? (
        <ScrollView key={file.name} count={file.lines.length} label={`Lines of ${name} that differ`} row={row} />
      ) : (
        <p class="none">{nothing(file)}</p>
      )}
      {file.is_cut && <p class="muted">There is more that differs.</p>}
    </section>
  );
}

/** Why no line is shown. */
function nothing({ change, is_text }: FileDiff): string {
  if (change === 'same') {
    return 'Nothing differs.';
  }
  return is_text ? 'No line of it differs, or too many files do.' : 'It holds no text that could be shown.';
}
