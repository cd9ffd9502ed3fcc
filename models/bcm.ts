import { activityRule } from '../src/network/credit/activity';
import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse } from '../src/synapse/model';
import { defineRule } from '../src/synapse/rule';

/**
 * The rule of Bienenstock, Cooper and Munro (1982), in the form of Intrator and Cooper (1992): Delta phi = E[pre post (post - threshold)], with a threshold that
 * slides to E[post^2]. Each synapse keeps it for itself, from its own neuron's activity, sample by sample: threshold <- threshold + tracking (post^2 - threshold).
 *
 * One linear unit becomes selective: of K orthonormal patterns shown in turn it answers one, with (1 - (1 - tracking)^K) / tracking, which is K = 1/p for slow
 * tracking, and the others with 0.
 */
export const bcmRule = defineRule('BCM', {
  threshold: function slide(threshold: number[], post: number[], tracking: number) {
    const i = this.thread.x;
    return threshold[i]! + tracking * (post[i]! * post[i]! - threshold[i]!);
  },
  gradient: function bcm(
    gradient: number[],
    threshold: number[],
    pre: number[],
    post: number[],
    weight: number,
  ) {
    const i = this.thread.x;
    return gradient[i]! - weight * pre[i]! * post[i]! * (post[i]! - threshold[i]!);
  },
});

/**
 * One linear unit, whose synapses learn by the BCM rule. Its targets are not looked at.
 * @param tracking share of its distance to post^2 by which a threshold moves with each sample. Thresholds must be faster than phi: tracking times the samples of
 * a batch above the inner optimiser's rate.
 */
export function bcmUnit(inputs: number, tracking = 0.05): Network {
  return defineNetwork({
    input: [inputs],
    layers: [dense(inputs, 1, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
    credit: activityRule({ rule: bcmRule, buffers: ['threshold'], numbers: { tracking } }),
  });
}
