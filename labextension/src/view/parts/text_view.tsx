/** A text of any length by its lines, numbered. */
import { useMemo, useState } from 'preact/hooks';
import { count } from '../figures';
import { inked, PLAIN } from './ansi';
import { Tick } from './fields';
import { Line } from './line';
import { ScrollView } from './scroll_view';

const LONGEST = 4_000;

export function TextView({ text, label }: { text: string; label: string }) {
  const [wraps, setWraps] = useState(false);
  const lines = useMemo(() => text.replace(/\r?\n$/, '').split(/\r?\n/), [text]);
  const row = (index: number) => {
    const line = lines[index] ?? '';
    const over = line.length - LONGEST;
    const shown = over > 0 ? `${line.slice(0, LONGEST)} … ${count(over)} characters more` : line;
    return <Line key={index} number={index} pieces={inked(shown, PLAIN)[0]} />;
  };
  return (
    <>
      <div class="bar">
        <Tick name="Wrap" is={wraps} set={setWraps} />
      </div>
      <ScrollView key={text} count={lines.length} label={label} wraps={wraps} row={row} />
    </>
  );
}
