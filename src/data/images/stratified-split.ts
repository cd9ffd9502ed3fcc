import { z } from 'zod';
import { InputError } from '../../core/errors';
import { type RandomStream, randomStreamSchema } from '../../core/random';
import { validate } from '../../core/validate';
import { type ImageSet, makeImageSet } from './image-set';
import { wholeShares } from './whole-shares';

/** How many images go where. */
export interface StratifiedSplitOptions {
  /** Images to learn from in every phase; 1 or more. */
  readonly train: number;
  /** Images held out: replayed in nudged phases alone; 0 or more. */
  readonly heldOut: number;
  /** Where the random choice comes from. */
  readonly stream: RandomStream;
  /** Allows parts that have no image of some class, as of fewer images than classes. Default false. */
  readonly allowMissingClasses?: boolean;
}

/** Indices of images, each in one part, in random order. */
export interface StratifiedSplit {
  readonly train: Int32Array;
  readonly heldOut: Int32Array;
  /** All others. */
  readonly rest: Int32Array;
}

const splitOptions = z.strictObject({
  train: z.int().min(1),
  heldOut: z.int().min(0),
  stream: randomStreamSchema,
  allowMissingClasses: z.boolean().default(false),
});

/**
 * Splits a set of images at random into exactly as many training and held-out images as are asked for, and the rest. Each part has of each class
 * its share, rounded down or up: (images of the class) * (images of the part) / (images of the set).
 * @throws InputError where there are not as many images, or a part that is asked for cannot have an image of each class, unless that is allowed.
 */
export function stratifiedSplit(set: ImageSet, options: StratifiedSplitOptions): StratifiedSplit {
  makeImageSet(set);
  const { train, heldOut, stream, allowMissingClasses } = validate(
    splitOptions,
    options,
    'the options of stratifiedSplit',
  );
  if (train + heldOut > set.count) {
    throw new InputError({
      what: `${set.name} has fewer images than the split asks for`,
      got: `train ${train} and heldOut ${heldOut}`,
      legal: `${set.count} together at the most`,
    });
  }
  const ofClass = countClasses(set);
  const parts = [train, heldOut, set.count - train - heldOut] as const;
  if (!allowMissingClasses) checkClasses(set, ofClass, { train, heldOut });
  const shares = wholeShares(
    {
      groups: ofClass,
      parts,
      needed: (_class, part) => !allowMissingClasses && part < 2 && parts[part]! > 0,
    },
    stream,
  );
  if (shares === undefined)
    throw unrepresented(set, 'Some class', { train, heldOut }, 'has too small a share');
  return shareOut(set.labels, shares, parts, stream);
}

function countClasses({ labels, classes }: ImageSet): number[] {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label]!++;
  return counts;
}

/** @throws InputError where it is plain which class cannot be represented, and why. */
function checkClasses(
  set: ImageSet,
  ofClass: readonly number[],
  wanted: Readonly<Record<'train' | 'heldOut', number>>,
): void {
  for (const part of ['train', 'heldOut'] as const) {
    if (wanted[part] === 0 || wanted[part] >= set.classes.length) continue;
    throw new InputError({
      what: `${part} cannot have an image of each class of ${set.name}`,
      got: `${wanted[part]} images`,
      legal: `${set.classes.length} or more, as many as there are classes`,
      advice: allow,
    });
  }
  const least = wanted.heldOut === 0 ? 1 : 2;
  const scarce = ofClass.findIndex((images) => images < least);
  if (scarce < 0) return;
  const has = ofClass[scarce] === 1 ? 'has 1 image' : `has ${ofClass[scarce]} images`;
  throw unrepresented(set, `Class "${set.classes[scarce]}"`, wanted, has);
}

const allow = 'Ask for more images, or allow it: allowMissingClasses: true';

const unrepresented = (set: ImageSet, which: string, wanted: object, why: string): InputError =>
  new InputError({
    what: `${which} of ${set.name} ${why}, so that it cannot be in each part that is asked for`,
    got: wanted,
    legal: 'parts in which each class has one image or more, with its share rounded down or up',
    advice: allow,
  });

/** Goes through the images in random order; each goes to the first part that still wants one of its class. */
function shareOut(
  labels: Uint8Array,
  shares: readonly number[][],
  sizes: readonly [number, number, number],
  stream: RandomStream,
): StratifiedSplit {
  const [train, heldOut, rest] = sizes.map((size) => new Int32Array(size)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  const parts = [train, heldOut, rest];
  const filled = [0, 0, 0];
  const left = shares.map((row) => [...row]);
  for (const image of stream.permutation(labels.length)) {
    const wanted = left[labels[image]!]!;
    const part = wanted.findIndex((count) => count > 0);
    wanted[part]!--;
    parts[part]![filled[part]!++] = image;
  }
  return { train, heldOut, rest };
}
