import { checkBatchFits, type Network } from '../network/network';
import type { Task } from '../tasks/task';

/** @throws InputError where a network cannot be fed a task's training or held-out set. */
export function checkTaskFits(network: Network, { name, train, heldOut }: Task): void {
  checkBatchFits(network, train, `${name}: training set`);
  checkBatchFits(network, heldOut, `${name}: held-out set`);
}
