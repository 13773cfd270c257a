/** A file of the run, as far as it can be shown: text, table, JSON, picture, notebook; else its size and where it is. */
import { useEffect, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Answers } from '../../protocol';
import { bytes } from '../figures';
import { said } from '../follow';
import { clean } from './ansi';
import { JsonTree } from './json_tree';
import { Notebook } from './notebook';
import { Cells } from './cells';
import { TextView } from './text_view';

export type File = Answers['file'];
export type Area = 'outputs' | 'snapshot';

interface Props {
  run: string;
  area: Area;
  name: string;
  /** Where the whole of it lies, where somebody can go there. */
  path?: string;
  source: Source;
}

const PICTURES = /^image\/(?:png|jpeg|gif|webp|bmp|avif|svg\+xml)$/;

export function Preview({ run, area, name, path = '', source }: Props) {
  const [file, problem] = useFile(source, run, area, name);
  const shown = clean(name);
  return (
    <section class="aml-preview" aria-label={`File ${shown}`}>
      <div class="aml-bar">
        <h5>
          <bdi>{shown}</bdi> {file && <small>{bytes(file.size)}</small>}
        </h5>
        <Download file={file} name={name} url={source.fileUrl(run, area, name)} />
      </div>
      {problem ? (
        <p class="aml-problem" role="status">
          {clean(problem)}
        </p>
      ) : file ? (
        <Content file={file} name={shown} url={source.fileUrl(run, area, name)} />
      ) : (
        <p class="aml-none">Reading …</p>
      )}
      {file?.is_cut && <p class="aml-muted">{`Only its beginning is shown. ${path && `The whole file: ${clean(path)}`}`}</p>}
    </section>
  );
}

function Content({ file, name, url }: { file: File; name: string; url: string | null }) {
  switch (file.kind) {
    case 'image':
      return <Picture file={file} name={name} url={url} />;
    case 'table':
      return <Cells columns={file.columns} rows={file.rows} name={name} />;
    case 'json':
      return <JsonTree text={file.text} name={name} />;
    case 'notebook':
      return <Notebook cells={file.cells} name={name} />;
    case 'binary':
      return <p class="aml-none">{`No text: ${bytes(file.size)} of ${clean(file.media_type) || 'bytes'}.`}</p>;
    default:
      return <TextView text={file.text} label={`Text of ${name}`} />;
  }
}

function Picture({ file, name, url }: { file: File; name: string; url: string | null }) {
  const [address, setAddress] = useState('');
  const isPicture = PICTURES.test(file.media_type);
  useEffect(() => {
    if (!file.data.byteLength || !isPicture) {
      setAddress(isPicture && url ? url : '');
      return;
    }
    const made = URL.createObjectURL(new Blob([file.data], { type: file.media_type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file, url]);
  // in an <img> no script of an SVG runs, and it asks for nothing
  return address ? (
    <img class="aml-picture" alt={name} src={address} />
  ) : (
    <p class="aml-none">This picture is too large to be shown here.</p>
  );
}

function Download({ file, name, url }: { file: File | null; name: string; url: string | null }) {
  const last = clean(name.split('/').pop() ?? '').replace(/[\\/]/g, '_');
  if (url) {
    return (
      <a class="aml-link" href={url} download={last}>
        Download
      </a>
    );
  }
  if (!file || file.is_cut || (!file.data.byteLength && !['text', 'json'].includes(file.kind))) {
    return null;
  }
  const save = (): void => {
    const made = URL.createObjectURL(new Blob([file.data.byteLength ? file.data : file.text], { type: 'application/octet-stream' }));
    const link = document.createElement('a');
    link.href = made;
    link.download = last;
    link.click();
    setTimeout(() => URL.revokeObjectURL(made), 10_000);
  };
  return (
    <button type="button" class="aml-link" onClick={save}>
      Download
    </button>
  );
}

/** The file, asked for once it is wanted; why it cannot be had. */
function useFile(source: Source, run: string, area: Area, name: string): readonly [File | null, string] {
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState('');
  useEffect(() => {
    const ending = new AbortController();
    setFile(null);
    setProblem('');
    source.ask('file', { run, area, name }, ending.signal).then(
      answer => !ending.signal.aborted && setFile(answer),
      error => !ending.signal.aborted && setProblem(said(error))
    );
    return () => ending.abort();
  }, [source, run, area, name]);
  return [file, problem];
}
