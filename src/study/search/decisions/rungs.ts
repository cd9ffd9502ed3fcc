import type { SearchPlan } from '../search-plan';

/**
 * The rung that a trial has come to: the highest one at or below a meta-step. By halving, rungs are `grace reduction^k`; by medians, multiples of `grace`.
 * @returns null before the first rung, and where nothing is stopped.
 */
export function rungAt(
  metaStep: number,
  { stop, grace, reduction }: Pick<SearchPlan, 'stop' | 'grace' | 'reduction'>,
): number | null {
  if (stop === 'none' || metaStep < grace) return null;
  if (stop === 'median') return metaStep - (metaStep % grace);
  let rung = grace;
  while (rung * reduction <= metaStep) rung *= reduction;
  return rung;
}
