import type { Session } from '../engine/engine';
import type { Network } from '../network/network';

/** Sets the strengths of the penalty (lambda) to 0 in the session, so that the data alone moves phi. */
export async function releasePenalty(network: Network, session: Session): Promise<void> {
  const zeros = new Float64Array(network.size);
  for (const strength of network.synapse.nonNegative) await session.write(strength, zeros);
}
