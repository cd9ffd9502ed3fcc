import { allFinite, nonEmptyText, numbers, ofLength, wholeNumber } from '../core/checks';
import { InputError } from '../core/errors';
import { isBuiltIn } from '../core/validate';

/**
 * Samples to learn from or to be judged by. Row-major: sample s has inputs `x[s * inputs ...]`.
 * Targets are values, `y[s * targets ...]`, or for classification one class index a sample (`targets` = 1).
 */
export interface Batch {
  readonly samples: number;
  /** Numbers of one sample's input. */
  readonly inputs: number;
  /** Numbers of one sample's target. */
  readonly targets: number;
  /** [samples][inputs] */
  readonly x: Float64Array;
  /** [samples][targets] */
  readonly y: Float64Array;
}

/**
 * A checked batch.
 * @throws InputError where lengths disagree or an entry is not finite, naming it.
 */
export function makeBatch(name: string, batch: Batch): Batch {
  checkForm(nonEmptyText("A batch's name", name), batch);
  ofLength(`${name}.x`, batch.x, batch.samples * batch.inputs);
  ofLength(`${name}.y`, batch.y, batch.samples * batch.targets);
  allFinite(`${name}.x`, batch.x);
  allFinite(`${name}.y`, batch.y);
  return batch;
}

/** @throws InputError where the value is no object of two float64 arrays and three counts. */
function checkForm(name: string, batch: Batch): void {
  if (typeof batch !== 'object' || batch === null) {
    throw new InputError({
      what: batch === undefined ? `${name} is missing` : `${name} is no batch`,
      got: batch,
      legal: '{ samples, inputs, targets, x, y }',
    });
  }
  for (const count of ['samples', 'inputs', 'targets'] as const) {
    wholeNumber(`${name}.${count}`, batch[count], 1);
  }
  for (const part of ['x', 'y'] as const) {
    if (isBuiltIn('Float64Array', batch[part])) continue;
    throw new InputError({
      what: `${name}.${part} is no Float64Array`,
      got: batch[part],
      legal: 'a Float64Array',
    });
  }
}

/**
 * Both batches' samples as one, the first's before the second's.
 * @throws InputError where their samples differ in form.
 */
export function concatBatches(first: Batch, second: Batch): Batch {
  if (first.inputs !== second.inputs || first.targets !== second.targets) {
    throw new InputError({
      what: 'Batches whose samples differ in form cannot be joined',
      got: `${second.inputs} inputs and ${second.targets} targets`,
      legal: `${first.inputs} and ${first.targets}, as in the first`,
    });
  }
  const joined = (a: Float64Array, b: Float64Array): Float64Array => {
    const both = new Float64Array(a.length + b.length);
    both.set(a);
    both.set(b, a.length);
    return both;
  };
  const samples = first.samples + second.samples;
  return { ...first, samples, x: joined(first.x, second.x), y: joined(first.y, second.y) };
}

/**
 * The batch of the given samples, in the given order.
 * @throws InputError where the batch has no such sample.
 */
export function selectSamples(batch: Batch, order: ArrayLike<number>): Batch {
  checkForm('The batch to select from', batch);
  numbers('The samples to select', order);
  const { inputs, targets } = batch;
  const x = new Float64Array(order.length * inputs);
  const y = new Float64Array(order.length * targets);
  for (let row = 0; row < order.length; row++) {
    const from = order[row]!;
    if (!Number.isInteger(from) || from < 0 || from >= batch.samples) {
      throw new InputError({
        what: 'There is no such sample',
        got: from,
        legal: `0 to ${batch.samples - 1}`,
      });
    }
    x.set(batch.x.subarray(from * inputs, (from + 1) * inputs), row * inputs);
    y.set(batch.y.subarray(from * targets, (from + 1) * targets), row * targets);
  }
  return { samples: order.length, inputs, targets, x, y };
}
