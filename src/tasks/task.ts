import { z } from 'zod';
import { InputError } from '../core/errors';
import { aFunction, hasFields, made, validate } from '../core/validate';
import { type Batch, makeBatch } from '../data/batch';

/** One task: data to learn from, and held-out data that is concealed in the free phase and replayed in nudged ones. */
export interface Task {
  readonly name: string;
  readonly train: Batch;
  readonly heldOut: Batch;
  /**
   * The minibatches of inner step `step`, counted from 0 where a phase begins with the free one, and going on through nudged ones. A pure function:
   * asked again, it gives the same samples. Default: every step takes all samples.
   */
  minibatch?(step: number): Minibatch;
}

/** What one inner step learns from: some of a task's training samples and, in nudged phases, some of those held out. */
export interface Minibatch {
  readonly train: Batch;
  readonly heldOut: Batch;
}

const batchForm = 'samples: { samples, inputs, targets, x, y }, as makeBatch() checks them';
const isBatch = (value: unknown): boolean =>
  hasFields(value, { x: 'object', y: 'object', samples: 'number' });

/** Tasks, by their form; `makeTask` checks their data. */
export const taskSchema = z.looseObject({
  name: z.string().min(1),
  train: made<Batch>(batchForm, isBatch),
  heldOut: made<Batch>(batchForm, isBatch),
  minibatch: aFunction<NonNullable<Task['minibatch']>>().optional(),
});

/**
 * A checked task.
 * @throws InputError where a set is empty, has entries that are not finite, or the two sets differ in form.
 */
export function makeTask(task: Task): Task {
  validate(taskSchema, task, 'the task');
  makeBatch(`${task.name}: training set`, task.train);
  makeBatch(`${task.name}: held-out set`, task.heldOut);
  if (task.train.inputs !== task.heldOut.inputs || task.train.targets !== task.heldOut.targets) {
    throw new InputError({
      what: `Training and held-out samples of task "${task.name}" differ in form`,
      got: `${task.heldOut.inputs} inputs and ${task.heldOut.targets} targets held out`,
      legal: `${task.train.inputs} and ${task.train.targets}, as in the training set`,
    });
  }
  return task;
}
