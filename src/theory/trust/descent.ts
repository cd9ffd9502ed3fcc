import { norm } from '../../core/norm';
import type { Quantities } from '../../synapse/rule-executor';
import type { Adjustable } from './adjustable';
import { heldOutLossOf } from './gather-evidence';

/** The step, by the share of the held-out loss that it should lower. */
const expected = 0.01;

/** What a small step along a meta-gradient does to the held-out loss after learning the task again, as shares of it. */
export interface Descent {
  /** By how much a gradient that is exact would lower it. */
  readonly expected: number;
  /** By how much it is lower. */
  readonly found: number;
}

/** Takes a small step along a meta-gradient, and learns the task again; null where the gradient or the loss is 0, or learning diverges. */
export async function measureDescent(
  { problem, at }: Adjustable,
  metaGradient: Quantities,
  heldOutLoss: number,
): Promise<Descent | null> {
  const { slow, learned = Object.keys(slow), network } = problem;
  const squared = learned.reduce((sum, variable) => sum + norm(metaGradient[variable]!) ** 2, 0);
  const step = (expected * heldOutLoss) / squared;
  if (!(step > 0) || !Number.isFinite(step)) return null;
  const moved: Record<string, Float64Array> = { ...slow };
  for (const variable of learned) {
    const least = network.synapse.nonNegative.includes(variable) ? 0 : Number.NEGATIVE_INFINITY;
    moved[variable] = slow[variable]!.map((value, i) =>
      Math.max(least, value - step * metaGradient[variable]![i]!),
    );
  }
  const loss = await heldOutLossOf(at(moved));
  return loss === null ? null : { expected, found: (heldOutLoss - loss) / heldOutLoss };
}
