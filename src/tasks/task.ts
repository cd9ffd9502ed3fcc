import { InputError } from '../core/errors';
import { type Batch, makeBatch } from '../data/batch';

/** One task: data to learn from, and held-out data that is concealed in the free phase and replayed in nudged ones. */
export interface Task {
  readonly name: string;
  readonly train: Batch;
  readonly heldOut: Batch;
}

/**
 * A checked task.
 * @throws InputError where a set is empty, has entries that are not finite, or the two sets differ in form.
 */
export function makeTask(task: Task): Task {
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
