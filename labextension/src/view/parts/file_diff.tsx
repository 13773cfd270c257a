/** How a file differs: lines with their signs, those that only one side has in colour too. */
import type { Source } from '../../carriers/source';
import type { Answers, Arguments } from '../../protocol';
import { inked, PLAIN } from './ansi';
import { clean } from './clean';
import { Line } from './line';
import { ScrollView } from './scroll_view';
import { useAnswer } from './use_answer';

export type FileDiff = Answers['diff']['files'][number];

const LOOKS: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'gap' };

interface Props {
  source: Source;
  run: string;
  against: Arguments['diff']['against'] | null;
  file: FileDiff;
}

/** Whether its lines were left out: there were those of many others. */
export function isLeftOut({ is_cut, lines }: FileDiff): boolean {
  return is_cut && lines.length === 0;
}

export function FileDiffView({ source, run, against, file: known }: Props) {
  const isWanted = against && isLeftOut(known);
  const [found, problem] = useAnswer(source, 'file_diff', isWanted ? { run, against, file: known.name } : null);
  const file = (isWanted && found) || known;
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
        <p class="none">{problem ? clean(problem) : isLeftOut(file) ? 'Comparing …' : nothing(file)}</p>
      )}
      {file.is_cut && file.lines.length > 0 && <p class="muted">There is more that differs.</p>}
    </section>
  );
}

/** Why no line is shown. */
function nothing({ change, is_text }: FileDiff): string {
  if (change === 'same') {
    return 'Nothing differs.';
  }
  return is_text ? 'No line of it differs.' : 'It holds no text that could be shown.';
}
