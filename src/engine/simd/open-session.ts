import type { Network } from '../../network/network';
import { LocalSession } from './credit/local-session';
import type { Machine } from './machine/machine';
import { SimdSession } from './simd-session';
import type { JobQueue } from './threads/job';

/**
 * A session by what gives the network its gradients.
 * @param queue where kernels run. Default: in this thread
 */
export function openSession(network: Network, machine: Machine, queue?: JobQueue): SimdSession {
  const isLocal = network.credit.kind !== 'backprop';
  return isLocal ? new LocalSession(network, machine, queue) : new SimdSession(network, machine, queue);
}
