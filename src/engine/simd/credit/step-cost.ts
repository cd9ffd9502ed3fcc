import type { Credit } from '../../../network/credit/credit';

/** How many times as long as by a backward pass a step takes, at the most: a sweep has two products of the three that such a pass has. */
export function stepCost(credit: Credit): number {
  const { sweeps = 0 } = credit as { sweeps?: number };
  return 1 + sweeps;
}
