import { nonEmptyText, wholeNumber } from '../../core/checks';
import { InputError } from '../../core/errors';
import { isBuiltIn } from '../../core/validate';

/** Labelled images, their pixels as bytes: 31 MB for 10,000 images of CIFAR-10, an eighth of what they take as float64. */
export interface ImageSet {
  /** What it is and which part of it, such as `cifar-10 train, batch 1 of 5`. */
  readonly name: string;
  /** The name of each class, in the order of the labels. */
  readonly classes: readonly string[];
  /** Of one image: [channels, height, width]. */
  readonly shape: readonly [channels: number, height: number, width: number];
  /** How many images there are. */
  readonly count: number;
  /** [count][channels][height][width], 0 to 255 */
  readonly pixels: Uint8Array;
  /** [count], the class of each image, from 0 */
  readonly labels: Uint8Array;
}

/** Bytes of one image: channels * height * width. */
export const pixelsOf = ({ shape: [channels, height, width] }: Pick<ImageSet, 'shape'>): number =>
  channels * height * width;

/**
 * A checked set of images, for images of your own.
 * @throws InputError where lengths disagree with the counts, or a label names no class.
 */
export function makeImageSet(set: ImageSet): ImageSet {
  checkPixels(set);
  checkLabels(set);
  const wrong = set.labels.findIndex((label) => label >= set.classes.length);
  if (wrong >= 0) throw wrongLabel(set, wrong);
  return set;
}

/** @throws InputError where the value is no set of images, or its pixels are not as many as it says. Reads no label. */
export function checkPixels(set: ImageSet): void {
  if (typeof set !== 'object' || set === null) {
    throw new InputError({
      what: 'This is no set of images',
      got: set,
      legal: '{ name, classes, shape, count, pixels, labels }, such as readMnist gives',
    });
  }
  nonEmptyText("An image set's name", set.name);
  const { name, shape } = set;
  if (!Array.isArray(shape) || shape.length !== 3) {
    throw new InputError({
      what: `The shape of ${name} is wrong`,
      got: shape,
      legal: '[channels, height, width]',
    });
  }
  for (const [i, part] of ['channels', 'height', 'width'].entries())
    wholeNumber(`The ${part} of ${name}`, shape[i], 1);
  wholeNumber(`The count of ${name}`, set.count, 1);
  checkBytes(`${name}.pixels`, set.pixels, set.count * pixelsOf(set));
}

/** @throws InputError where there is not one label for each image, or no names of classes. */
export function checkLabels({ name, classes, count, labels }: ImageSet): void {
  if (!Array.isArray(classes) || classes.length === 0 || classes.length > 256) {
    throw new InputError({
      what: `The classes of ${name} are wrong`,
      got: classes,
      legal: 'a list of 1 to 256 names',
    });
  }
  for (const each of classes) nonEmptyText(`A class of ${name}`, each);
  checkBytes(`${name}.labels`, labels, count);
}

/** What is wrong with the label of an image. */
export const wrongLabel = ({ name, classes, labels }: ImageSet, image: number): InputError =>
  new InputError({
    what: `The label of image ${image} of ${name} names no class`,
    got: labels[image],
    legal: `0 to ${classes.length - 1}`,
  });

function checkBytes(name: string, bytes: Uint8Array, length: number): void {
  if (!isBuiltIn('Uint8Array', bytes)) {
    throw new InputError({ what: `${name} is no array of bytes`, got: bytes, legal: 'a Uint8Array' });
  }
  if (bytes.length === length) return;
  throw new InputError({ what: `${name} has the wrong length`, got: bytes.length, legal: `${length} bytes` });
}

/** @throws InputError unless each index names an image of the set; an error for an empty list too. */
export function checkIndices(name: string, indices: ArrayLike<number>, count: number): void {
  if (indices.length === 0) {
    throw new InputError({ what: `No images of ${name} are asked for`, got: [], legal: 'one index or more' });
  }
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (Number.isInteger(index) && index >= 0 && index < count) continue;
    throw new InputError({
      what: `There is no such image in ${name}`,
      got: index,
      legal: `0 to ${count - 1}`,
    });
  }
}
