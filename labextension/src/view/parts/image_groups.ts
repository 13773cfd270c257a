/** Images by what they are of: those whose names differ by a step only belong together. Pure. */
import type { RunImage } from '../../protocol';

export interface Frame {
  readonly image: RunImage;
  /** What its name says after the group's: a number; null where it stands alone. */
  readonly step: number | null;
}

export interface Group {
  readonly name: string;
  /** In the order of their steps. */
  readonly frames: readonly Frame[];
}

/** mlflow.log_image(image, key=…, step=…): key, step, time, a random word; '+' in its older releases. */
const LOGGED = /^(.*?)[%+]step[%+](\d+)[%+]timestamp[%+]\d+[%+][0-9a-f-]+([%+]compressed)?(\.\w+)$/i;
/** A number at the end of the name: confusion_010.png, samples-step=3.png, epoch12.png. */
const NUMBERED = /^(.*?)[-_. ]?(?:step|epoch|iter|iteration)?[-_.= ]?(\d{1,12})(\.\w+)$/i;

/** The groups in the order of their first images; thumbnails that mlflow makes of an image that is there are left out. */
export function grouped(images: readonly RunImage[]): readonly Group[] {
  const known = KNOWN.get(images) ?? inGroups(images);
  KNOWN.set(images, known);
  return known;
}

const KNOWN = new WeakMap<readonly RunImage[], readonly Group[]>(); // a tab's count asks with every change of a run

function inGroups(images: readonly RunImage[]): readonly Group[] {
  const groups = new Map<string, Frame[]>();
  for (const image of images) {
    const logged = LOGGED.exec(image.name);
    if (logged?.[3]) {
      continue;
    }
    const [, name = '', step = '', ending = ''] = logged ? [0, logged[1], logged[2], logged[4]] : (NUMBERED.exec(image.name) ?? []);
    const key = step ? `${name || image.name}${ending}` : image.name;
    groups.set(key, [...(groups.get(key) ?? []), { image, step: step ? Number(step) : null }]);
  }
  return [...groups].map(([name, frames]) => {
    const [only] = frames;
    return frames.length === 1 && only && !LOGGED.test(only.image.name)
      ? { name: only.image.name, frames: [{ image: only.image, step: null }] }
      : { name, frames: frames.sort((a, b) => (a.step ?? 0) - (b.step ?? 0)) };
  });
}
