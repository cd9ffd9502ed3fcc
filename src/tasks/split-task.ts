import { within } from '../core/checks';
import { InputError } from '../core/errors';
import type { RandomStream } from '../core/random';
import { type Batch, makeBatch, selectSamples } from '../data/batch';
import { standardiser } from './standardise';
import { makeTask, type Task } from './task';

export interface SplitOptions {
  readonly name: string;
  /** Fraction of the samples that is held out, above 0 and below 1. */
  readonly heldOut: number;
  /** Where the random split comes from. */
  readonly stream: RandomStream;
}

/**
 * One regression task from a data set: a random split, then inputs and targets standardised to mean 0 and
 * variance 1 by the training samples' statistics alone.
 * @throws InputError where the fraction leaves either side without a sample, or an entry of the data is not finite.
 */
export function splitTask(data: Batch, { name, heldOut, stream }: SplitOptions): Task {
  makeBatch(name, data);
  within('heldOut', heldOut, 0, 1);
  const held = Math.round(data.samples * heldOut);
  if (held === 0 || held === data.samples) {
    throw new InputError({
      what: 'The split leaves one side without samples',
      got: heldOut,
      legal: `fractions that hold out 1 to ${data.samples - 1} of ${data.samples} samples`,
    });
  }
  const order = stream.permutation(data.samples);
  const train = selectSamples(data, order.subarray(0, data.samples - held));
  const rest = selectSamples(data, order.subarray(data.samples - held));
  const standardise = standardiser(train);
  return makeTask({ name, train: standardise(train), heldOut: standardise(rest) });
}
