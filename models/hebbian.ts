import { activityRule } from '../src/network/credit/activity';
import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse } from '../src/synapse/model';
import { defineRule } from '../src/synapse/rule';

/**
 * Hebb's rule: Delta phi = E[post pre]. On one linear unit phi <- (1 + rate C) phi with C = E[x x^T]: phi grows without bound, and its direction becomes that of
 * the first principal component (of data that are not centred: of C).
 */
export const hebbRule = defineRule('Hebb', {
  gradient: function hebb(gradient: number[], pre: number[], post: number[], weight: number) {
    return gradient[this.thread.x]! - weight * post[this.thread.x]! * pre[this.thread.x]!;
  },
});

/** One linear unit, whose synapses learn by Hebb's rule. Its targets are not looked at. */
export function hebbianUnit(inputs: number): Network {
  return defineNetwork({
    input: [inputs],
    layers: [dense(inputs, 1, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
    credit: activityRule({ rule: hebbRule }),
  });
}
