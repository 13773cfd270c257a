/** An image in a dialog over the page: arrows go on to its neighbours, Escape closes it. */
import { useEffect, useRef } from 'preact/hooks';
import type { Source } from '../../carriers/source';
import type { RunImage } from '../../protocol';
import { bytes } from '../figures';
import { Button } from './fields';
import { Download, Picture } from './picture';

interface Props {
  source: Source;
  run: string;
  images: readonly RunImage[];
  at: number;
  go(at: number): void;
  close(): void;
}

export function LargePicture({ source, run, images, at, go, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const image = images[at];
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const press = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: images.length - 1 }[event.key];
    event.stopPropagation();
    if (to !== undefined && images[to]) {
      event.preventDefault();
      go(to);
    }
  };
  if (!image) {
    return null;
  }
  return (
    <dialog
      class="large"
      ref={dialog}
      aria-label={image.name.slice(0, 300)}
      onClose={close}
      onKeyDown={press}
      onClick={event => event.target === dialog.current && close()}
    >
      <div class="bar">
        <bdi>{image.name.slice(0, 300)}</bdi>
        <span class="muted">
          {bytes(image.size)} · {at + 1} of {images.length}
        </span>
        <Download source={source} run={run} image={image} />
        <span>
          <Button disabled={at === 0} onClick={() => go(at - 1)}>
            Previous
          </Button>{' '}
          <Button disabled={at === images.length - 1} onClick={() => go(at + 1)}>
            Next
          </Button>{' '}
          <Button onClick={close}>Close</Button>
        </span>
      </div>
      <div class="shot" tabIndex={0} role="group" aria-label="The image in full">
        <Picture source={source} run={run} image={image} alt={image.name.slice(0, 300)} />
      </div>
    </dialog>
  );
}
