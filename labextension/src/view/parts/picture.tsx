/** An image of the run: by its address where it has one, else by its bytes, which are let go when it leaves. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { RunImage } from '../../protocol';
import { bytes } from '../figures';
import { said } from '../follow';
import { save } from './download';
import { useSeen } from './use_seen';

/** What a browser draws; an SVG in an <img> runs no script. */
const DRAWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml', 'image/avif', 'image/bmp', 'image/x-icon']);

/** Milliseconds after which bytes are let go: an image may be on its way from them yet. */
const LATER = 300;

interface Props {
  source: Source;
  run: string;
  image: RunImage;
}

export function Picture({ source, run, image, alt }: Props & { alt: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const isSeen = useSeen(place);
  const { url, problem, broken } = useImage(source, run, image, isSeen);
  return (
    <span class="aml-pic" ref={place}>
      {url ? <img src={url} alt={alt} draggable={false} onError={broken} /> : (problem || '…')}
    </span>
  );
}

interface Shown {
  url: string;
  problem: string;
  broken(): void;
}

/** Where the image can be had, once it is in sight; the one before stays until then. */
function useImage(source: Source, run: string, image: RunImage, isSeen: boolean): Shown {
  const { name, size, media_type } = image;
  const [shown, setShown] = useState({ url: '', problem: '' });
  const [unread, setUnread] = useState('');
  const [wasSeen, setSeen] = useState(false);
  useEffect(() => setSeen(one => one || isSeen), [isSeen]);
  useEffect(() => {
    if (!wasSeen) {
      return undefined;
    }
    if (!DRAWN.has(media_type)) {
      setShown({ url: '', problem: `${media_type} is not drawn: download it` });
      return undefined;
    }
    const direct = unread === name ? null : source.fileUrl(run, 'outputs', name);
    if (direct) {
      setShown({ url: direct, problem: '' });
      return undefined;
    }
    const ending = new AbortController();
    let made = '';
    source
      .ask('file', { run, area: 'outputs', name }, ending.signal)
      .then(({ data, is_cut }) => {
        if (!ending.signal.aborted) {
          made = data && !is_cut ? URL.createObjectURL(new Blob([data], { type: media_type })) : '';
          setShown({ url: made, problem: made ? '' : `${bytes(size)} are too many to show here: ${image.path || name}` });
        }
      })
      .catch((error: unknown) => ending.signal.aborted || setShown({ url: '', problem: said(error) }));
    return () => {
      ending.abort();
      setTimeout(() => URL.revokeObjectURL(made), LATER);
    };
  }, [source, run, name, size, media_type, wasSeen, unread]);
  const broken = (): void => {
    if (unread !== name && source.fileUrl(run, 'outputs', name)) {
      setUnread(name);
    } else {
      setShown({ url: '', problem: 'This file is no image that can be drawn.' });
    }
  };
  return { ...shown, broken };
}

/** A link to the file, or a button that makes one of its bytes. */
export function Download({ source, run, image }: Props) {
  const [told, setTold] = useState('');
  const url = source.fileUrl(run, 'outputs', image.name);
  const file = image.name.split('/').pop() ?? image.name;
  const name = <span class="aml-hidden"> {image.name.slice(0, 300)}</span>;
  if (url) {
    return (
      <a class="aml-link" href={url} download={file}>
        Download{name}
      </a>
    );
  }
  const get = async (): Promise<void> => {
    try {
      const { data, is_cut } = await source.ask('file', { run, area: 'outputs', name: image.name });
      if (data && !is_cut) {
        save(file, [data], image.media_type);
      }
      setTold(data && !is_cut ? '' : `Too large to be sent: ${image.path || image.name}`);
    } catch (error) {
      setTold(said(error));
    }
  };
  return (
    <>
      <button type="button" class="aml-link" onClick={() => void get()}>
        Download{name}
      </button>
      <span role="status" class="aml-muted">
        {told}
      </span>
    </>
  );
}
