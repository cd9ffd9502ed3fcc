import { InputError } from '../core/errors';
import type { Session } from '../engine/engine';
import type { Network } from '../network/network';
import type { SynapseModel } from '../synapse/model';
import type { Optimizer } from './optimizers';

/** What synapses keep from step to step: of the optimiser, and of the rule of the network's credit. */
export function keptBuffers({ credit }: Network, { buffers }: Pick<Optimizer, 'buffers'>): readonly string[] {
  return [...buffers, ...(credit.buffers ?? [])];
}

/** Puts phi and what synapses keep where a task starts. */
export async function startAfresh(
  network: Network,
  session: Session,
  optimizer: Pick<Optimizer, 'buffers' | 'first'>,
  start: Float64Array,
): Promise<void> {
  const { synapse, size } = network;
  await session.write(synapse.fast, start);
  for (const buffer of keptBuffers(network, optimizer))
    await session.write(buffer, optimizer.first?.[buffer] ?? new Float64Array(size));
}

/**
 * Whoever learns without the penalty needs a synapse that lets go once its non-negative variables are 0.
 * @throws InputError where it does not.
 */
export function checkReleasable(who: string, { releasable, penalty, nonNegative }: SynapseModel): void {
  if (releasable) return;
  throw new InputError({
    what: `"${who}" learns a task without the penalty, and that of this synapse acts even where all non-negative variables are 0`,
    got: penalty,
    legal: `a penalty that vanishes where ${nonNegative.join(' and ') || 'a non-negative variable'} is 0`,
    advice:
      'Multiply the penalty by a strength, and declare that as non-negative; or take a method that keeps the penalty',
  });
}

/** Sets the strengths of the penalty (all non-negative variables) to 0 in the session, so that the data alone moves phi. */
export async function releasePenalty(network: Network, session: Session): Promise<void> {
  const zeros = new Float64Array(network.size);
  for (const strength of network.synapse.nonNegative) await session.write(strength, zeros);
}
