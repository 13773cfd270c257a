/** An image in a dialog over the page: arrows go on to its neighbours, Escape closes it. */
import { useLayoutEffect, useRef } from 'preact/hooks';
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
  /** Show the image of that name; '': none. */
  go(name: string): void;
}

export function LargePicture({ source, run, images, at, go }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const image = images[at];
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const close = (): void => go('');
  const to = (next: number): void => go(images[next]?.name ?? '');
  const press = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: images.length - 1 }[event.key];
    event.stopPropagation();
    if (next !== undefined && images[next]) {
      event.preventDefault();
      to(next);
    }
  };
  if (!image) {
    return null;
  }
  const name = image.name.slice(0, 300);
  return (
    <dialog
      class="large"
      ref={dialog}
      aria-label={name}
      onCancel={close} // told at once; that it has closed is told later, when another may be open
      onKeyDown={press}
      onClick={event => event.target === dialog.current && close()}
    >
      <div class="bar">
        <bdi>{name}</bdi>
        <span class="muted">
          {bytes(image.size)} · {at + 1} of {images.length}
        </span>
        <Download source={source} run={run} image={image} />
        <span>
          <Button disabled={at === 0} onClick={() => to(at - 1)}>
            Previous
          </Button>{' '}
          <Button disabled={at === images.length - 1} onClick={() => to(at + 1)}>
            Next
          </Button>{' '}
          <Button onClick={close}>Close</Button>
        </span>
      </div>
      <div class="shot" tabIndex={0} role="group" aria-label="The image in full">
        <Picture source={source} run={run} image={image} alt={name} />
      </div>
    </dialog>
  );
}
