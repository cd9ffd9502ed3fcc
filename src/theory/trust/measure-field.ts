import { dot } from '../../core/dot';
import { norm } from '../../core/norm';
import { RandomStreams } from '../../core/random';
import type { Session } from '../../engine/engine';
import { measureAsymmetry } from './asymmetry';
import type { FieldEvidence } from './trust-evidence';
import type { TrustProblem } from './trust-problem';

/** Random directions in which the loss is differentiated: they tell a norm to 1/sqrt(2 x 16) = 18 %. */
const directions = 16;

/** Relative step of a central difference, whose two errors are then equal. */
const relativeStep = Math.cbrt(Number.EPSILON);

/**
 * What the synapses' updates by the training data are, beside the gradient of the loss: by differences of the loss along the updates and in random directions
 * at right angles to them.
 */
export async function measureField(
  { network, task, seed = 0 }: TrustProblem,
  phi: Float64Array,
  session: Session,
): Promise<FieldEvidence> {
  const { fast } = network.synapse;
  const random = new RandomStreams(seed).stream('field');
  await session.write(fast, phi);
  const updates = await session.gradient(task.train);
  const { whole, antisymmetric } = await measureAsymmetry(
    (vector) => session.hessianVector(task.train, vector),
    phi.length,
    random,
  );
  const step = relativeStep * Math.max(1, norm(phi));
  const lossAt = async (distance: number, direction: Float64Array): Promise<number> => {
    await session.write(
      fast,
      phi.map((value, i) => value + distance * direction[i]!),
    );
    return (await session.evaluate(task.train)).loss;
  };
  const slopeAlong = async (direction: Float64Array): Promise<number> =>
    ((await lossAt(step, direction)) - (await lossAt(-step, direction))) / (2 * step);
  const length = norm(updates);
  const along = updates.map((value) => (length === 0 ? 0 : value / length));
  const slope = await slopeAlong(along);
  let squares = 0;
  for (let k = 0; k < directions; k++) {
    const raw = Float64Array.from(phi, () => random.normal());
    const part = dot(raw, along);
    // Not of length 1: the mean of (gradient . direction)^2 is then the square of all that the updates have no part in.
    const aside = raw.map((value, i) => value - part * along[i]!);
    squares += (await slopeAlong(aside)) ** 2;
  }
  await session.write(fast, phi);
  const across = Math.sqrt(squares / directions);
  return {
    kind: network.credit.kind,
    asymmetry: whole === 0 ? 0 : antisymmetric / whole,
    cosine: slope === 0 && across === 0 ? 1 : slope / Math.hypot(slope, across),
    difference: length === 0 ? (across === 0 ? 0 : Infinity) : Math.hypot(slope - length, across) / length,
  };
}
