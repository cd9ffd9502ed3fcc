import { defineRule } from '../rule';

/**
 * Nesterov's momentum in the form that deep learning uses (Sutskever et al. 2013, as in PyTorch):
 * momentum <- decay momentum + gradient, then value <- value - rate (gradient + decay momentum).
 */
export const nesterovRule = defineRule('nesterov', {
  momentum: function nextMomentum(momentum: number[], gradient: number[], decay: number) {
    return decay * momentum[this.thread.x]! + gradient[this.thread.x]!;
  },
  value: function nextValue(
    value: number[],
    gradient: number[],
    momentum: number[],
    rate: number,
    decay: number,
  ) {
    return value[this.thread.x]! - rate * (gradient[this.thread.x]! + decay * momentum[this.thread.x]!);
  },
});

/** Heavy-ball momentum: momentum <- decay momentum + gradient, then value <- value - rate momentum. */
export const momentumRule = defineRule('momentum', {
  momentum: function nextMomentum(momentum: number[], gradient: number[], decay: number) {
    return decay * momentum[this.thread.x]! + gradient[this.thread.x]!;
  },
  value: function nextValue(value: number[], momentum: number[], rate: number) {
    return value[this.thread.x]! - rate * momentum[this.thread.x]!;
  },
});
