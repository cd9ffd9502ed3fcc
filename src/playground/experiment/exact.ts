import { type ImplicitGradient, implicitGradient } from '../../baselines/implicit';
import { InputError, NoExactGradientError } from '../../core/errors';
import { referenceEngine } from '../../engine/reference/reference-engine';
import type { Quantities } from '../../synapse/rule-executor';
import { comparisonOf, joined } from './compare';
import type { Exact } from './outcome';
import type { Problem } from './problem';
import { type Heard, watchedEngine } from './watched-engine';

/** The slow variables of a problem at their first values. */
export function firstSlow({ network, initial }: Problem): Record<string, Float64Array> {
  const { synapse, size } = network;
  return Object.fromEntries(
    synapse.meta.map((name) => [name, new Float64Array(size).fill(initial[name] as number)]),
  );
}

type Found = ImplicitGradient | { readonly refused: string };

/** The last one that was worked out: where only the nudged phases were changed it is the same. */
let last: { readonly problem: string; readonly phi: Float64Array; readonly found: Found } | null = null;

/** All that it depends on beside phi. */
const keyOf = ({ network, task, initial }: Problem): string =>
  JSON.stringify([
    network.size,
    network.synapse.penalty,
    initial,
    Array.from(task.train.x),
    Array.from(task.heldOut.y),
  ]);

/**
 * The exact meta-gradient at the end of a free phase, in float64 whatever the engine of the phases; or why there is none.
 * @throws Interruption where the signal is aborted.
 */
export async function exactAt(
  problem: Problem,
  phi: Float64Array,
  hear: Heard,
  signal?: AbortSignal,
): Promise<Found> {
  const key = keyOf(problem);
  if (last?.problem === key && last.phi.every((value, i) => Object.is(value, phi[i]))) return last.found;
  const found = await workedOut(problem, phi, hear, signal);
  last = { problem: key, phi: phi.slice(), found };
  return found;
}

async function workedOut(
  problem: Problem,
  phi: Float64Array,
  hear: Heard,
  signal?: AbortSignal,
): Promise<Found> {
  const { network, task } = problem;
  const session = await watchedEngine(referenceEngine, hear, signal).open(network);
  try {
    return await implicitGradient({ network, session, ...task, phi, slow: firstSlow(problem), signal });
  } catch (error) {
    // No minimum, a kink; or a phi that is not finite, or too many synapses.
    if (error instanceof NoExactGradientError || error instanceof InputError)
      return { refused: error.message };
    throw error;
  } finally {
    await session.close();
  }
}

/** The same beside the estimate. */
export async function compareWithExact(
  problem: Problem,
  phi: Float64Array,
  estimate: Quantities,
  hear: Heard,
  signal?: AbortSignal,
): Promise<Exact> {
  const exact = await exactAt(problem, phi, hear, signal);
  if ('refused' in exact) return exact;
  const names = problem.network.synapse.meta;
  const { metaGradient } = exact;
  return {
    refused: null,
    ...exact,
    comparisons: Object.fromEntries(
      names.map((name) => [name, comparisonOf(estimate[name]!, metaGradient[name]!)]),
    ),
    together: comparisonOf(joined(estimate, names), joined(metaGradient, names)),
  };
}
