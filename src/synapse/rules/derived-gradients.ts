import { defineRule, type Rule } from '../rule';

/**
 * The gradient times a number that is the same for all synapses: gradient := weight gradient.
 * @param weight what the number is called
 */
export function gradientWeightedBy(weight: string): Rule {
  return defineRule('weighted gradient', {
    gradient: `function weighted(gradient, ${weight}) { return ${weight} * gradient[this.thread.x]; }`,
  });
}

export const weightedGradient: Rule = gradientWeightedBy('weight');

/**
 * The gradient times a quantity of each synapse: gradient := mask gradient.
 * @param mask what the quantity is called
 */
export function gradientMaskedBy(mask: string): Rule {
  return defineRule('masked gradient', {
    gradient: `function masked(gradient, ${mask}) { return ${mask}[this.thread.x] * gradient[this.thread.x]; }`,
  });
}

export const maskedGradient: Rule = gradientMaskedBy('moves');
