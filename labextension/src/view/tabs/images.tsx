/** The Images tab: a gallery of what was logged; a slider where an image was logged at several steps. */
import { useMemo, useState } from 'preact/hooks';
import type { PanelProps, TabEntry } from '.';
import type { Source } from '../../carriers/source';
import type { RunImage } from '../../protocol';
import { bytes, count } from '../figures';
import { Button, Unseen, useMore } from '../parts/fields';
import { type Group, grouped } from '../parts/image_groups';
import { LargePicture } from '../parts/large_picture';
import { Download, Picture } from '../parts/picture';

/** Pictures shown before more are asked for. */
const PAGE = 48;

function ImagesPanel({ run, details, source }: PanelProps) {
  const groups = useMemo(() => grouped(details.images), [details.images]);
  const [page, more] = useMore(groups.length, PAGE, false);
  const [large, setLarge] = useState(''); // its name: groups change while images are added
  if (!groups.length) {
    return <p class="none">No images. Log one with mlflow.log_figure, mlflow.log_image or run.log_image.</p>;
  }
  // one image among others, or one step among its others: that is what arrows go through
  const frames = groups.find(one => one.frames.some(frame => frame.image.name === large))?.frames ?? [];
  const among = frames.length > 1 ? frames.map(one => one.image) : groups.flatMap(one => one.frames.map(frame => frame.image));
  const at = among.findIndex(one => one.name === large);
  return (
    <>
      <div class="gallery">
        {groups.slice(0, page).map(group => (
          <Shots key={group.name} source={source} run={run} group={group} open={setLarge} />
        ))}
      </div>
      {more}
      {at >= 0 && <LargePicture source={source} run={run} images={among} at={at} go={setLarge} />}
    </>
  );
}

interface Props {
  source: Source;
  run: string;
  group: Group;
  open(name: string): void;
}

/** One group: the image of the chosen step; the newest until one is chosen. */
function Shots({ source, run, group, open }: Props) {
  const { frames, name } = group;
  const [chosen, choose] = useState('');
  const frame = frames.find(one => one.image.name === chosen) ?? frames.at(-1);
  if (!frame) {
    return null;
  }
  const at = frames.indexOf(frame);
  const short = name.slice(0, 300);
  const step = frame.step === null ? '' : `step ${count(frame.step)}`;
  return (
    <figure class="card">
      <Button class="shot" onClick={() => open(frame.image.name)}>
        <Unseen>
          Open {short}
          {step && `, ${step}`}
        </Unseen>
        <Picture source={source} run={run} image={frame.image} alt="" />
      </Button>
      <figcaption>
        <bdi title={short}>{short}</bdi>
        <small>{bytes(frame.image.size)}</small>
        <Download source={source} run={run} image={frame.image} />
      </figcaption>
      {frames.length > 1 && (
        <label class="steps">
          <Unseen>Step of {short}</Unseen>
          <input
            type="range"
            min={0}
            max={frames.length - 1}
            value={at}
            aria-valuetext={step}
            onInput={event => choose(frames[event.currentTarget.valueAsNumber]?.image.name ?? '')}
          />
          <small>
            {step} · {at + 1}/{frames.length}
          </small>
        </label>
      )}
    </figure>
  );
}

export const IMAGES: TabEntry = {
  name: 'images',
  caption: () => 'Images',
  count: state => (state.details ? shown(state.details.images) : 0),
  Panel: ImagesPanel
};

function shown(images: readonly RunImage[]): number {
  return grouped(images).reduce((sum, one) => sum + one.frames.length, 0);
}
