/** A file of the run, as far as it can be shown: text, table, JSON, picture, notebook; else its size and where it is. */
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { bytes } from '../figures';
import { Cells } from './cells';
import { clean } from './clean';
import { JsonTree } from './json_tree';
import { Notebook } from './notebook';
import { type Area, Download, Picture } from './picture';
import { TextView } from './text_view';
import { useAnswer } from './use_answer';

interface Props {
  run: string;
  area: Area;
  /** '': none is chosen. */
  name: string;
  /** Where the whole of it lies, where somebody can go there. */
  path?: string;
  source: Source;
}

export function Preview({ run, area, name, path = '', source }: Props) {
  const [file, problem] = useAnswer(source, 'file', name ? { run, area, name } : null);
  if (!name) {
    return <p class="none">Choose a file to see what is in it.</p>;
  }
  const shown = clean(name);
  const here = { source, run, area, image: { name, path, size: file?.size ?? 0, media_type: file?.media_type ?? '' } };
  return (
    <section class="preview" aria-label={`File ${shown}`}>
      <div class="bar">
        <h5>
          <bdi>{shown}</bdi> {file && <small>{bytes(file.size)}</small>}
        </h5>
        <Download {...here} />
      </div>
      {problem ? (
        <p class="problem" role="status">
          {clean(problem)}
        </p>
      ) : file?.kind === 'image' ? (
        <Picture {...here} alt={shown} />
      ) : file ? (
        <Content file={file} name={shown} />
      ) : (
        <p class="none">Reading …</p>
      )}
      {file?.is_cut && <p class="muted">{`Only its beginning is shown. ${path && `The whole file: ${clean(path)}`}`}</p>}
    </section>
  );
}

function Content({ file, name }: { file: Answers['file']; name: string }) {
  switch (file.kind) {
    case 'table':
      return <Cells columns={file.columns} rows={file.rows} name={name} />;
    case 'json':
      return <JsonTree text={file.text} name={name} />;
    case 'notebook':
      return <Notebook cells={file.cells} name={name} />;
    case 'binary':
      return <p class="none">{`No text: ${bytes(file.size)} of ${clean(file.media_type) || 'bytes'}.`}</p>;
    default:
      return <TextView text={file.text} label={`Text of ${name}`} />;
  }
}
