import { defineRule } from '../rule';

/**
 * The contrast of a weight on which the loss itself depends: accumulated <- accumulated + coefficient (its gradient of
 * the augmented loss at one equilibrium - at the other). Both gradients are the weight's own (Eq. 4).
 */
export const gradientContrastRule = defineRule('gradient contrast', {
  accumulated: function contrast(
    accumulated: number[],
    nudgedGradient: number[],
    referenceGradient: number[],
    coefficient: number,
  ) {
    const change = nudgedGradient[this.thread.x]! - referenceGradient[this.thread.x]!;
    return accumulated[this.thread.x]! + coefficient * change;
  },
});
