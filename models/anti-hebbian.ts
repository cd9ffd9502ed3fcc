import { activityRule } from '../src/network/credit/activity';
import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse } from '../src/synapse/model';
import { defineRule } from '../src/synapse/rule';

/**
 * The anti-Hebbian rule: Delta phi = -E[post pre], against the pull of each synapse to its omega. On one linear unit it settles where
 * (C + Lambda) phi = Lambda omega, with C = E[x x^T]: a novelty filter (Kohonen and Oja 1976), which answers to what it is used to with less, and to what is
 * orthogonal to that as omega says. An input with lambda = 0 is decorrelated from the output, E[post pre] = 0, as by the lateral synapses of Foldiak (1990).
 */
export const antiHebbRule = defineRule('anti-Hebb', {
  gradient: function antiHebb(gradient: number[], pre: number[], post: number[], weight: number) {
    return gradient[this.thread.x]! + weight * post[this.thread.x]! * pre[this.thread.x]!;
  },
});

/** One linear unit, whose synapses learn by the anti-Hebbian rule. Its targets are not looked at. */
export function antiHebbianUnit(inputs: number): Network {
  return defineNetwork({
    input: [inputs],
    layers: [dense(inputs, 1, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
    credit: activityRule({ rule: antiHebbRule }),
  });
}
