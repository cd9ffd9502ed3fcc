import type { InnerStep, Session } from '../engine/engine';
import type { Network } from '../network/network';

/** Puts phi where a task starts, and empties what the optimiser keeps. */
export async function startAfresh(
  { synapse, size }: Network,
  session: Session,
  { buffers }: InnerStep,
  start: Float64Array,
): Promise<void> {
  await session.write(synapse.fast, start);
  for (const buffer of buffers) await session.write(buffer, new Float64Array(size));
}

/** Sets the strengths of the penalty (lambda) to 0 in the session, so that the data alone moves phi. */
export async function releasePenalty(network: Network, session: Session): Promise<void> {
  const zeros = new Float64Array(network.size);
  for (const strength of network.synapse.nonNegative) await session.write(strength, zeros);
}
