import { defineRule } from '../rule';

// What a synapse makes of its own neurons' activity, one sample at a time: gradient <- gradient + its part. `weight` is what the sample counts in the
// loss, and `nudge` is b, the strength with which the outputs are drawn to their targets.

/**
 * Equilibrium propagation on E = 1/2 sum ||s_l - W_l rho(s_(l-1)) - b_l||^2: gradient <- gradient - weight error pre / nudge, with the error s - W rho(s) - b
 * of the postsynaptic neuron and the rate of the presynaptic one, both in the nudged phase of the neurons.
 */
export const equilibriumCreditRule = defineRule('equilibrium credit', {
  gradient: function credit(
    gradient: number[],
    errorNudged: number[],
    preNudged: number[],
    weight: number,
    nudge: number,
  ) {
    return (
      gradient[this.thread.x]! - (weight * errorNudged[this.thread.x]! * preNudged[this.thread.x]!) / nudge
    );
  },
});

/**
 * Dyadic neurons: gradient <- gradient - weight (post+ - post-) (pre+ + pre-) / (2 nudge), with the two states of each neuron.
 */
export const dualCreditRule = defineRule('dual credit', {
  gradient: function credit(
    gradient: number[],
    postPlus: number[],
    postMinus: number[],
    prePlus: number[],
    preMinus: number[],
    weight: number,
    nudge: number,
  ) {
    const mean = (prePlus[this.thread.x]! + preMinus[this.thread.x]!) / 2;
    return (
      gradient[this.thread.x]! -
      (weight * (postPlus[this.thread.x]! - postMinus[this.thread.x]!) * mean) / nudge
    );
  },
});

/** gradient <- gradient + weight error pre, with an error that reaches the postsynaptic neuron by weights of its own. */
export const feedbackCreditRule = defineRule('feedback credit', {
  gradient: function credit(gradient: number[], error: number[], pre: number[], weight: number) {
    return gradient[this.thread.x]! + weight * error[this.thread.x]! * pre[this.thread.x]!;
  },
});
