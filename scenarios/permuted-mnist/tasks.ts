import { createHash } from 'node:crypto';
import { InputError } from '../../src/core/errors';
import { RandomStreams } from '../../src/core/random';
import type { Batch } from '../../src/data/batch';
import { type ImageSet, pixelsOf } from '../../src/data/images/image-set';
import type { PermutedSettings } from './schema';

/** A data set, its part to learn from and its part to judge by. */
export interface Images {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** What images are known by again, where a run goes on. */
export function checksumOf({ train, test }: Images): string {
  const hash = createHash('sha256');
  for (const { pixels, labels } of [train, test]) hash.update(pixels).update(labels);
  return hash.digest('hex');
}

type Wanted = Pick<
  PermutedSettings,
  'trainImages' | 'judgedBy' | 'validation' | 'judgeImages' | 'heldOut' | 'minibatch' | 'epochs'
>;

/** How many images each task learns. @throws InputError where there are too few. */
export function learnedCount({ trainImages, judgedBy, validation, heldOut }: Wanted, there = 60_000): number {
  const left = judgedBy === 'validation' ? there - validation : there;
  const count = trainImages ?? left;
  if (count <= left && count > heldOut) return count;
  throw new InputError({
    what: 'There are not as many training images as are asked for',
    got: `${count} to learn, ${heldOut} of them held out, ${there - left} others for validation`,
    legal: `${there} in all, and fewer held out than there are to learn`,
    advice: 'Set trainImages, validation or heldOut lower',
  });
}

/** Tasks that follow one another: the same images, their pixels in an order of each task's own, scaled to [0, 1]. */
export class PermutedTasks {
  private readonly learned: number;
  private readonly permutations = new Map<number, Int32Array>();
  private readonly heldOutImages = new Map<number, Int32Array>();
  /** The order of images that was asked for last. */
  private order: { readonly key: string; readonly images: Int32Array } = {
    key: '',
    images: new Int32Array(0),
  };

  /** @throws InputError where there are too few images. */
  constructor(
    private readonly images: Images,
    private readonly settings: Wanted,
    private readonly seed: number,
  ) {
    this.learned = learnedCount(settings, images.train.count);
  }

  /** Where each pixel of a task comes from in the image. */
  permutation(task: number): Int32Array {
    return remembered(this.permutations, task, () =>
      this.stream(`pixels of task ${task}`).permutation(pixelsOf(this.images.train)),
    );
  }

  /** Minibatches of a task, over all its epochs. The last images of an epoch that make no whole minibatch are left out. */
  minibatches(replays: boolean): number {
    return this.settings.epochs * this.minibatchesOfEpoch(replays);
  }

  /** Minibatch `index` of a task. */
  minibatch(task: number, index: number, replays: boolean): Batch {
    const { minibatch } = this.settings;
    const inEpoch = this.minibatchesOfEpoch(replays);
    const epoch = Math.floor(index / inEpoch);
    const key = `order of task ${task}, epoch ${epoch}${replays ? ', without those held out' : ''}`;
    if (key !== this.order.key) {
      const all = this.stream(`order of task ${task}, epoch ${epoch}`).permutation(this.learned);
      const held = new Set(replays ? this.heldOut(task) : []);
      this.order = { key, images: all.filter((image) => !held.has(image)) };
    }
    const from = (index % inEpoch) * minibatch;
    return this.batch(this.images.train, this.order.images.subarray(from, from + minibatch), () => task);
  }

  /** So many images, drawn by a stream, out of those that were held out of tasks up to this one, each in its task's order of pixels. */
  replayed(task: number, count: number, streamName: string): Batch {
    const stream = this.stream(streamName);
    const of = Int32Array.from({ length: count }, () => stream.integer(task + 1));
    const images = of.map((each) => this.heldOut(each)[stream.integer(this.settings.heldOut)]!);
    return this.batch(this.images.train, images, (sample) => of[sample]!);
  }

  /** Some images of a task that are learned, drawn by a stream. */
  some(task: number, count: number, streamName: string): Batch {
    const order = this.stream(streamName).permutation(this.learned);
    return this.batch(this.images.train, order.subarray(0, count), () => task);
  }

  /** The images that judge, in a task's order of pixels, in slices. */
  *judges(task: number, slice = 1000): Iterable<Batch> {
    const { judgedBy, validation, judgeImages } = this.settings;
    const { train, test } = this.images;
    const [set, first, there] =
      judgedBy === 'test' ? [test, 0, test.count] : [train, train.count - validation, validation];
    const count = Math.min(judgeImages ?? there, there);
    for (let from = 0; from < count; from += slice) {
      const length = Math.min(slice, count - from);
      const images = Int32Array.from({ length }, (_, i) => first + from + i);
      yield this.batch(set, images, () => task);
    }
  }

  private minibatchesOfEpoch(replays: boolean): number {
    const count = replays ? this.learned - this.settings.heldOut : this.learned;
    return Math.max(1, Math.floor(count / this.settings.minibatch));
  }

  /** Images of a task that are kept, and not learned. */
  private heldOut(task: number): Int32Array {
    return remembered(this.heldOutImages, task, () =>
      this.stream(`held out of task ${task}`).permutation(this.learned).slice(0, this.settings.heldOut),
    );
  }

  private batch({ pixels, labels }: ImageSet, images: Int32Array, taskOf: (sample: number) => number): Batch {
    const inputs = pixelsOf(this.images.train);
    const x = new Float64Array(images.length * inputs);
    const y = new Float64Array(images.length);
    for (let sample = 0, to = 0; sample < images.length; sample++) {
      const from = this.permutation(taskOf(sample));
      const image = images[sample]! * inputs;
      y[sample] = labels[images[sample]!]!;
      for (let i = 0; i < inputs; i++, to++) x[to] = pixels[image + from[i]!]! / 255;
    }
    return { samples: images.length, inputs, targets: 1, x, y };
  }

  /** Opened anew each time, so that what is drawn depends on its name alone. */
  private stream(name: string) {
    return new RandomStreams(this.seed).stream(name);
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = known.get(key);
  if (value === undefined) {
    value = make();
    known.set(key, value);
  }
  return value;
}
