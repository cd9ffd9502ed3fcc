import type { RandomStream } from '../core/random';

/** What a kernel is called with for one parameter: an entry a synapse, or one number for all. */
export type Argument = Float64Array | number;

/** One value of a population: the kinds of population take turns, so that a rule shows itself in one of them. */
function drawEntry(trial: number, random: RandomStream): number {
  const plain = random.normal();
  if (trial % 4 === 0) return plain;
  if (trial % 4 === 1) return Math.abs(plain);
  switch (random.integer(6)) {
    case 0:
      return 0;
    case 1:
      return plain * 1e6;
    case 2:
      return plain * 1e-6;
    case 3:
      return trial % 4 === 2 ? plain : plain * 1e30;
    case 4:
      return -Math.abs(plain);
    default:
      return plain;
  }
}

/**
 * Draws one argument for each parameter.
 * @param trial number of the population: every fourth is all normal, every fourth all positive, the others mix
 * zeros, negatives, very large and very small values in
 */
export function drawArguments(
  parameters: readonly string[],
  arrays: ReadonlySet<string>,
  count: number,
  trial: number,
  random: RandomStream,
): Argument[] {
  return parameters.map((name) =>
    arrays.has(name)
      ? Float64Array.from({ length: count }, () => drawEntry(trial, random))
      : Math.exp(random.normal()),
  );
}

/** A value of the same kind of population that is not the one given. */
export function changedEntry(from: number, trial: number, random: RandomStream): number {
  let to = from;
  while (Object.is(to, from)) to = drawEntry(trial, random);
  return to;
}
