import { activityRule } from '../src/network/credit/activity';
import { dense } from '../src/network/layers/dense';
import { mse } from '../src/network/loss';
import { defineNetwork, type Network } from '../src/network/network';
import { complexSynapse } from '../src/synapse/model';
import { defineRule } from '../src/synapse/rule';

/**
 * The delta rule (Widrow and Hoff 1960): Delta phi = E[error pre], with the error of the synapse's own output neuron as its third factor. A layer of outputs
 * settles at the least squares; behind hidden neurons, only the last layer learns.
 */
export const deltaRule = defineRule('delta', {
  gradient: function delta(gradient: number[], pre: number[], error: number[], weight: number) {
    return gradient[this.thread.x]! - weight * error[this.thread.x]! * pre[this.thread.x]!;
  },
});

/** A layer of linear outputs with biases, whose synapses learn by the delta rule. */
export function deltaLayer(inputs: number, outputs: number): Network {
  return defineNetwork({
    input: [inputs],
    layers: [dense(inputs, outputs)],
    loss: mse,
    synapse: complexSynapse,
    credit: activityRule({ rule: deltaRule }),
  });
}

/**
 * Reward-modulated Hebbian learning (Fremaux, Sprekeler and Gerstner 2010): Delta phi = E[(reward - its mean) (post - its mean) pre], with means that each synapse
 * keeps for itself over the samples in which its presynaptic neuron is active. Where noise makes the neuron explore, phi climbs the reward.
 */
export const rewardRule = defineRule('reward-modulated Hebb', {
  gradient: function climb(
    gradient: number[],
    pre: number[],
    post: number[],
    meanPost: number[],
    meanReward: number[],
    weight: number,
    reward: number,
  ) {
    const i = this.thread.x;
    return gradient[i]! - weight * (reward - meanReward[i]!) * (post[i]! - meanPost[i]!) * pre[i]!;
  },
  meanPost: function follow(meanPost: number[], pre: number[], post: number[], tracking: number) {
    const i = this.thread.x;
    return meanPost[i]! + tracking * Math.min(Math.abs(pre[i]!), 1) * (post[i]! - meanPost[i]!);
  },
  meanReward: function follow(meanReward: number[], pre: number[], tracking: number, reward: number) {
    const i = this.thread.x;
    return meanReward[i]! + tracking * Math.min(Math.abs(pre[i]!), 1) * (reward - meanReward[i]!);
  },
});

/**
 * One linear unit that is told no target, only how well it did: reward = -(post - y)^2. Noise comes to it as one more input, by a synapse that a lambda of its own
 * holds at an omega: how much it explores.
 */
export function rewardedUnit(inputs: number, tracking = 0.1): Network {
  return defineNetwork({
    input: [inputs],
    layers: [dense(inputs, 1, { bias: false })],
    loss: mse,
    synapse: complexSynapse,
    credit: activityRule({ rule: rewardRule, buffers: ['meanPost', 'meanReward'], numbers: { tracking } }),
  });
}
