import type { Engine } from '../../engine/engine';
import type { Network } from '../../network/network';
import type { MetaLearner } from '../meta-learner';
import type { Likeness } from './message';

/** What a learner's numbers depend on, as far as it can be compared from thread to thread. */
export async function likenessOf(network: Network, learner: MetaLearner, engine: Engine): Promise<Likeness> {
  const probe = await engine.probe();
  return {
    synapses: network.size,
    weights: network.meta.size,
    method: learner.name,
    arithmetic: probe.available ? (probe.arithmetic ?? probe.device) : probe.why,
  };
}
