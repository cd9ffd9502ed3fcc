import { z } from 'zod';
import { InputError } from '../core/errors';
import { type RandomStream, randomStreamSchema } from '../core/random';
import { validate } from '../core/validate';
import { type Batch, makeBatch, selectSamples } from '../data/batch';
import { standardiser } from './standardise';
import { stratify } from './stratify';
import { makeTask, type Task } from './task';

/** How samples are split into a task's data. */
export interface SplitOptions {
  readonly name: string;
  /** Fraction of the samples that is held out: concealed in the free phase, replayed in nudged ones. Above 0 and below 1. */
  readonly heldOut: number;
  /** Fraction of the samples that is put aside as test data, which nothing learns from. From 0 to below 1. Default 0: none. */
  readonly test?: number;
  /**
   * What the targets are, as the network's loss says (`network.loss.targets`). Of class indices each part gets its share, within one
   * sample a class, and they are not standardised. Default `values`.
   */
  readonly targets?: 'values' | 'classes';
  /** Where the random split comes from. */
  readonly stream: RandomStream;
}

const fraction = z.number().min(0).max(1);

const splitOptions = z.strictObject({
  name: z.string().min(1),
  heldOut: fraction,
  test: fraction.default(0),
  targets: z.enum(['values', 'classes']).default('values'),
  stream: randomStreamSchema,
});

/** A task with data that neither learning nor meta-learning ever sees: what generalisation is judged by. */
export interface SplitTask extends Task {
  /** Null where no test data was asked for. */
  readonly test: Batch | null;
}

/**
 * One task from a data set: a random split into training, held-out and test samples, then inputs (and targets that are values)
 * standardised to mean 0 and variance 1 by the training samples' statistics alone.
 * @throws InputError where the fractions leave a part without a sample, or an entry of the data is not finite, or no class.
 */
export function splitTask(data: Batch, options: SplitOptions): SplitTask {
  const { name, heldOut, test, targets, stream } = validate(
    splitOptions,
    options,
    'the options of splitTask',
  );
  makeBatch(name, data);
  const order = stream.permutation(data.samples);
  const fractions = [1 - heldOut - test, heldOut, test] as const;
  const parts =
    targets === 'classes' ? stratify(order, classesOf(name, data), fractions) : cut(order, fractions);
  checkParts(parts, { heldOut, test }, data.samples);
  const [training, held, tested] = parts.map((part) => selectSamples(data, part));
  const standardise = standardiser(training!, targets);
  const task = makeTask({ name, train: standardise(training!), heldOut: standardise(held!) });
  return { ...task, test: test === 0 ? null : standardise(tested!) };
}

/** Consecutive stretches of an order, each of its fraction, rounded; the first one takes what rounding leaves. */
function cut(order: Int32Array, [, heldOut, test]: readonly [number, number, number]): Int32Array[] {
  const [held, tested] = [heldOut, test].map((fraction) => Math.round(order.length * fraction));
  const first = Math.max(0, order.length - held! - tested!);
  return [order.subarray(0, first), order.subarray(first, first + held!), order.subarray(first + held!)];
}

function checkParts(
  parts: readonly ArrayLike<number>[],
  { heldOut, test }: { heldOut: number; test: number },
  samples: number,
): void {
  const wanted = test === 0 ? parts.slice(0, 2) : parts;
  if (wanted.every(({ length }) => length > 0)) return;
  throw new InputError({
    what: 'The split leaves a part without samples',
    got: test === 0 ? heldOut : { heldOut, test },
    legal:
      test === 0
        ? `fractions that hold out 1 to ${samples - 1} of ${samples} samples`
        : `fractions with which training, held-out and test data get one or more of ${samples} samples each`,
  });
}

/** The class of each sample. */
function classesOf(name: string, { y, targets }: Batch): Float64Array {
  if (targets !== 1) {
    throw new InputError({
      what: `${name} has no class indices`,
      got: `${targets} targets`,
      legal: '1 target',
    });
  }
  const wrong = y.findIndex((label) => !Number.isInteger(label) || label < 0);
  if (wrong < 0) return y;
  throw new InputError({
    what: `${name}.y[${wrong}] is no class index`,
    got: y[wrong],
    legal: '0, 1, 2, ...',
  });
}
