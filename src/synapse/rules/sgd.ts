import { defineRule } from '../rule';

/** value <- value - rate gradient. */
export const sgdRule = defineRule('sgd', {
  value: function sgd(value: number[], gradient: number[], rate: number) {
    return value[this.thread.x]! - rate * gradient[this.thread.x]!;
  },
});
