/** An image of the run: by its address where it has one, else by its bytes, which are let go when it leaves. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { Arguments, RunImage } from '../../protocol';
import { bytes } from '../figures';
import { said } from '../follow';
import { clean } from './clean';
import { save } from './download';
import { Button, Told, Unseen } from './fields';
import { useSeen } from './use_seen';

/** What a browser draws; an SVG in an <img> runs no script. */
const DRAWN = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml', 'image/avif', 'image/bmp', 'image/x-icon']);

/** Milliseconds after which bytes are let go: an image may be on its way from them yet. */
const LATER = 300;

/** A file of the run that may be an image. */
interface Props {
  source: Source;
  run: string;
  area?: Area;
  image: RunImage;
}

export type Area = Arguments['file']['area'];

export function Picture({ alt, ...given }: Props & { alt: string }) {
  const place = useRef<HTMLSpanElement>(null);
  const isSeen = useSeen(place);
  const { url, problem, broken } = useImage(given, isSeen);
  return (
    <span class="pic" ref={place}>
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
function useImage({ source, run, area = 'outputs', image }: Props, isSeen: boolean): Shown {
  const { name, size, media_type, path } = image;
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
    const direct = unread === name ? null : source.fileUrl(run, area, name);
    if (direct) {
      setShown({ url: direct, problem: '' });
      return undefined;
    }
    const ending = new AbortController();
    let made = '';
    source
      .ask('file', { run, area, name }, ending.signal)
      .then(({ data, is_cut }) => {
        if (!ending.signal.aborted) {
          made = data.byteLength && !is_cut ? URL.createObjectURL(new Blob([data], { type: media_type })) : '';
          setShown({ url: made, problem: made ? '' : `${bytes(size)} are too many to show here: ${path || name}` });
        }
      })
      .catch((error: unknown) => ending.signal.aborted || setShown({ url: '', problem: said(error) }));
    return () => {
      ending.abort();
      setTimeout(() => URL.revokeObjectURL(made), LATER);
    };
  }, [source, run, area, name, size, media_type, path, wasSeen, unread]);
  const broken = (): void => {
    if (unread !== name && source.fileUrl(run, area, name)) {
      setUnread(name);
    } else {
      setShown({ url: '', problem: 'This file is no image that can be drawn.' });
    }
  };
  return { ...shown, broken };
}

/** A link to the file, or a button that makes one of its bytes. */
export function Download({ source, run, area = 'outputs', image }: Props) {
  const [told, setTold] = useState('');
  const { name, path } = image;
  const url = source.fileUrl(run, area, name);
  const last = clean(name.split('/').pop() ?? '').replace(/[\\/]/g, '_');
  const get = async (): Promise<void> => {
    try {
      const { kind, data, text, is_cut } = await source.ask('file', { run, area, name });
      const isText = kind === 'text' || kind === 'json';
      const isHere = !is_cut && (isText || data.byteLength > 0);
      if (isHere) {
        save(last, [data.byteLength ? data : text], 'application/octet-stream');
      }
      setTold(isHere ? '' : `It cannot be sent from here: ${clean(path || name)}`);
    } catch (error) {
      setTold(said(error));
    }
  };
  const caption = (
    <>
      Download<Unseen> {clean(name, 300)}</Unseen>
    </>
  );
  return url ? (
    <a class="link" href={url} download={last}>
      {caption}
    </a>
  ) : (
    <>
      <Button class="link" onClick={() => void get()}>
        {caption}
      </Button>
      <Told>{told}</Told>
    </>
  );
}
