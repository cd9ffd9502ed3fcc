import { defineRule } from '../rule';

/**
 * Adam (Kingma and Ba 2015). `firstCorrection` = 1 / (1 - firstDecay^t) and `secondCorrection` likewise undo
 * the start from zero; t counts steps from 1.
 */
export const adamRule = defineRule('adam', {
  firstMoment: function nextFirstMoment(firstMoment: number[], gradient: number[], firstDecay: number) {
    return firstDecay * firstMoment[this.thread.x]! + (1 - firstDecay) * gradient[this.thread.x]!;
  },
  secondMoment: function nextSecondMoment(secondMoment: number[], gradient: number[], secondDecay: number) {
    const slope = gradient[this.thread.x]!;
    return secondDecay * secondMoment[this.thread.x]! + (1 - secondDecay) * slope * slope;
  },
  value: function nextValue(
    value: number[],
    firstMoment: number[],
    secondMoment: number[],
    rate: number,
    firstCorrection: number,
    secondCorrection: number,
    epsilon: number,
  ) {
    const spread = Math.sqrt(secondMoment[this.thread.x]! * secondCorrection) + epsilon;
    return value[this.thread.x]! - (rate * firstMoment[this.thread.x]! * firstCorrection) / spread;
  },
});
