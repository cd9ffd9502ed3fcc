import { activityRule } from '../src/network/credit/activity';
import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse } from '../src/synapse/model';
import { defineRule } from '../src/synapse/rule';

/**
 * Oja's rule (Oja 1982): Delta phi = E[post (pre - post phi)]. On one linear unit it settles at the first eigenvector of C = E[x x^T], of norm 1, with either
 * sign. It forgets by what its own neuron does: no other synapse's phi is needed to keep the norm.
 */
export const ojaRule = defineRule('Oja', {
  gradient: function oja(gradient: number[], phi: number[], pre: number[], post: number[], weight: number) {
    const i = this.thread.x;
    return gradient[i]! - weight * post[i]! * (pre[i]! - post[i]! * phi[i]!);
  },
});

/** One linear unit, whose synapses learn by Oja's rule. Its targets are not looked at. */
export function ojaUnit(inputs: number): Network {
  return defineNetwork({
    input: [inputs],
    layers: [dense(inputs, 1, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
    credit: activityRule({ rule: ojaRule }),
  });
}
