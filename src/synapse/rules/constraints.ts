import { defineRule } from '../rule';

/** value <- max(value, 0): projection onto the legal range, after a meta-step. */
export const projectRule = defineRule('project onto value >= 0', {
  value: function project(value: number[]) {
    return Math.max(value[this.thread.x]!, 0);
  },
});

/** For a meta-step on log value: d/dlog(value) = value d/dvalue, and value becomes its logarithm. */
export const toLogRule = defineRule('to log', {
  gradient: function logGradient(gradient: number[], value: number[]) {
    return gradient[this.thread.x]! * value[this.thread.x]!;
  },
  value: function logarithm(value: number[]) {
    return Math.log(value[this.thread.x]!);
  },
});

/** Back from log value to value. */
export const fromLogRule = defineRule('from log', {
  value: function exponential(value: number[]) {
    return Math.exp(value[this.thread.x]!);
  },
});
