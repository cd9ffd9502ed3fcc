import { defineRule, type Rule } from '../rule';

/**
 * Gradient descent that is implicit in a quadratic penalty strength (value - anchor)^2 / 2, which `gradient` has in it already:
 * value <- value - rate gradient / (1 + rate strength). This is the value that solves next = value - rate [data's gradient + strength (next - anchor)], so that no
 * strength is too large for the rate.
 * @param strength what the strength is called
 */
function implicitSgd(strength: string): Rule {
  return defineRule('implicit sgd', {
    value: `function step(value, gradient, ${strength}, rate) {
      return value[this.thread.x] - rate * gradient[this.thread.x] / (1 + rate * ${strength}[this.thread.x]);
    }`,
  });
}

/** By the complex synapse's strength. */
export const lambdaSgdRule: Rule = implicitSgd('lambda');

/** By a synapse's importance. */
export const importanceSgdRule: Rule = implicitSgd('importance');
