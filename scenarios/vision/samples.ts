import { createHash } from 'node:crypto';
import { RandomStreams } from '../../src/core/random';
import { type Batch, selectSamples } from '../../src/data/batch';
import { channelStatistics } from '../../src/data/images/channel-statistics';
import { imageBatch } from '../../src/data/images/image-batch';
import { type ImageSet, pixelsOf } from '../../src/data/images/image-set';
import { stratifiedSplit } from '../../src/data/images/stratified-split';
import type { Minibatch, Task } from '../../src/tasks/task';
import type { ResolvedSettings } from './resolve';

/** A data set, its part to learn from and its part to judge by. */
export interface Images {
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** What a run learns from, and is judged by. */
export interface Samples {
  readonly train: Batch;
  readonly heldOut: Batch;
  /** The task of one learning; the samples are the same each time, minibatches come in another order. */
  task(learning: number): Task;
  /** Test images in slices of so many, each made when it is asked for. */
  testSlices(slice: number): Iterable<Batch>;
  readonly testCount: number;
  /** Classes without a training image, by name. */
  readonly unseenClasses: readonly string[];
  /** What the images are known by again, where a run goes on. */
  readonly checksum: string;
  /** What the images are called, and which of them there are. */
  readonly names: { readonly train: string; readonly test: string };
}

type Wanted = Pick<ResolvedSettings, 'train' | 'heldOut' | 'minibatch'>;

/**
 * Draws training and held-out images with as many of each class as can be. Pixels are normalised by the mean and deviation of these images' channels; no test image
 * has a part in that.
 * @throws InputError where there are too few images.
 */
export function drawSamples(
  { train: images, test }: Images,
  { train, heldOut, minibatch }: Wanted,
  testImages: number | null,
  seed: number,
): Samples {
  const split = splitOf(images, { train, heldOut }, seed);
  const by = channelStatistics(images, [...split.train, ...split.heldOut]);
  const samples = {
    train: imageBatch(images, split.train, by),
    heldOut: imageBatch(images, split.heldOut, by),
  };
  const seen = new Set(Array.from(split.train, (image) => images.labels[image]!));
  const testCount = Math.min(testImages ?? test.count, test.count);
  return {
    ...samples,
    task(learning) {
      const task = { name: images.name, ...samples };
      if (minibatch === 0) return task;
      return { ...task, minibatch: minibatches(samples, minibatch, `${learning}`, seed) };
    },
    *testSlices(slice) {
      for (let from = 0; from < testCount; from += slice) {
        const count = Math.min(slice, testCount - from);
        yield imageBatch(
          test,
          Int32Array.from({ length: count }, (_, i) => from + i),
          by,
        );
      }
    },
    testCount,
    unseenClasses: images.classes.filter((_, label) => !seen.has(label)),
    checksum: checksumOf([
      [images, split.train],
      [images, split.heldOut],
      [test, Array.from({ length: testCount }, (_, i) => i)],
    ]),
    names: { train: images.name, test: test.name },
  };
}

/** Of pixels and labels of images, in their order. */
function checksumOf(drawn: readonly (readonly [ImageSet, ArrayLike<number>])[]): string {
  const hash = createHash('sha256');
  for (const [set, indices] of drawn) {
    const size = pixelsOf(set);
    for (let i = 0; i < indices.length; i++) {
      const image = indices[i]!;
      hash.update(set.pixels.subarray(image * size, (image + 1) * size));
      hash.update(set.labels.subarray(image, image + 1));
    }
  }
  return hash.digest('hex');
}

/** Which images are drawn. @throws InputError where there are too few. */
export function splitOf(images: ImageSet, { train, heldOut }: Omit<Wanted, 'minibatch'>, seed: number) {
  const stream = new RandomStreams(seed).stream('split');
  const allowMissingClasses = Math.min(train, heldOut) < images.classes.length;
  return stratifiedSplit(images, { train, heldOut, stream, allowMissingClasses });
}

/**
 * The minibatches of each step of a learning: both sets are gone through in random order, and anew in another order once fewer than a minibatch is left. A set that has
 * no more samples than that is taken whole.
 */
function minibatches(
  samples: Record<'train' | 'heldOut', Batch>,
  size: number,
  learning: string,
  seed: number,
): (step: number) => Minibatch {
  const of = (which: 'train' | 'heldOut') => {
    const batch = samples[which];
    const inEpoch = Math.floor(batch.samples / size);
    if (inEpoch < 2) return () => batch;
    let [epoch, order, step, last] = [-1, new Int32Array(0), -1, batch];
    return (wanted: number): Batch => {
      if (wanted === step) return last;
      const wantedEpoch = Math.floor(wanted / inEpoch);
      if (wantedEpoch !== epoch) {
        const name = `${which} minibatches ${learning} ${wantedEpoch}`;
        order = Int32Array.from(new RandomStreams(seed).stream(name).permutation(batch.samples));
        epoch = wantedEpoch;
      }
      const from = (wanted % inEpoch) * size;
      last = selectSamples(batch, order.subarray(from, from + size));
      step = wanted;
      return last;
    };
  };
  const [train, heldOut] = [of('train'), of('heldOut')];
  return (step) => ({
    get train() {
      return train(step);
    },
    get heldOut() {
      return heldOut(step);
    },
  });
}
