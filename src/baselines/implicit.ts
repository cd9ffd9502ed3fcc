import { Matrix } from 'ml-matrix';
import { z } from 'zod';
import { allFinite, numbers, ofLength } from '../core/checks';
import { InputError, NoMinimumError } from '../core/errors';
import { checkNotInterrupted } from '../core/interruption';
import { norm } from '../core/norm';
import { anAbortSignal, float64ArraySchema, hasFields, made, validate } from '../core/validate';
import { type Batch, makeBatch } from '../data/batch';
import { metaWeights, type Session } from '../engine/engine';
import { checkBatchFits, type Network, networkSchema } from '../network/network';
import type { Quantities } from '../synapse/rule-executor';
import { negativeCrossProduct } from './cross-product';
import { innerHessian } from './inner-hessian';
import { singularFraction } from './singular-fraction';
import { symmetricEigen } from './symmetric-eigen';

/** Above this many parameters the full Hessian is not formed: it would take gigabytes and hours. */
const largestExactProblem = 3000;

/** What the implicit gradient is asked of: a network at a minimum of its inner loss, and data. */
export interface ImplicitProblem {
  readonly network: Network;
  readonly session: Session;
  readonly train: Batch;
  readonly heldOut: Batch;
  /** phi at the end of the free phase. */
  readonly phi: Float64Array;
  /** The slow variables, by name. */
  readonly slow: Quantities;
  readonly signal?: AbortSignal;
}

/** The meta-gradient by the implicit function theorem (Eq. 3), and the spectrum of the Hessian that it was solved with. */
export interface ImplicitGradient {
  /** dL_out(phi*)/dtheta, one entry a synapse, by slow variable. */
  readonly metaGradient: Record<string, Float64Array>;
  /** Smallest and largest eigenvalue of the inner loss's Hessian. */
  readonly smallestEigenvalue: number;
  readonly largestEigenvalue: number;
}

/**
 * The exact meta-gradient by the implicit function theorem: with H = d2L_in/dphi2 at phi,
 * dL_out/dtheta = -(d2R/dtheta dphi) H^-1 dL_out/dphi. H is formed in full from exact Hessian-vector products.
 * Whole weights, where there are some and the engine has their cross derivatives, are in both losses: dL_out/dtheta = the partial
 * derivative - (d2L_in/dtheta dphi) H^-1 dL_out/dphi.
 * Leaves the session's phi as given.
 * @throws KinkError where the penalty has no second derivative at phi; NoMinimumError where H is indefinite or singular, so that there is no minimum to differentiate;
 * Interruption where the signal is aborted; InputError where the network is too large for a full Hessian, or phi or a slow variable is missing or not finite.
 */
export async function implicitGradient(problem: ImplicitProblem): Promise<ImplicitGradient> {
  checkProblem(problem);
  const { network, session, heldOut, phi, slow } = problem;
  const { synapse, size } = network;
  await session.write(synapse.fast, phi);
  const { values, vectors } = await symmetricEigen(await fullHessian(problem), problem.signal);
  const [smallest, largest] = [Math.min(...values), Math.max(...values)];
  const threshold = singularFraction * Math.max(largest, Math.abs(smallest));
  if (!(smallest > threshold)) {
    const negative = values.filter((value) => value < -threshold).length;
    throw new NoMinimumError(smallest, largest, negative);
  }
  const outer = Matrix.columnVector(await session.gradient(heldOut));
  const rotated = vectors.transpose().mmul(outer);
  for (let i = 0; i < size; i++) rotated.set(i, 0, rotated.get(i, 0) / values[i]!);
  const solution = vectors.mmul(rotated).to1DArray();
  const metaGradient = negativeCrossProduct(synapse, { ...slow, [synapse.fast]: phi }, solution);
  const ofWeights = await weightGradient(problem, Float64Array.from(solution));
  if (ofWeights !== null) metaGradient[metaWeights] = ofWeights;
  return { metaGradient, smallestEigenvalue: smallest, largestEigenvalue: largest };
}

async function weightGradient(
  { network, session, train, heldOut }: ImplicitProblem,
  solution: Float64Array,
): Promise<Float64Array | null> {
  if (network.meta.size === 0 || session.crossProduct === undefined) return null;
  const partial = await session.metaGradient(heldOut);
  const through = await session.crossProduct(train, solution);
  return partial.map((value, i) => value - through[i]!);
}

const isSession = (value: unknown): boolean =>
  hasFields(value, { write: 'function', gradient: 'function', hessianVector: 'function' });

/** All are needed, so that none can be missed for a slip of the pen; what else a task or an episode holds may stand beside them. */
const implicitProblem = z.looseObject({
  network: networkSchema,
  session: made<Session>("an open session of the network's: await engine.open(network)", isSession),
  train: z.unknown(),
  heldOut: z.unknown(),
  phi: float64ArraySchema,
  slow: z.record(z.string(), float64ArraySchema),
  signal: anAbortSignal.optional(),
});

function checkProblem(problem: ImplicitProblem): void {
  validate(implicitProblem, problem, 'the problem of implicitGradient');
  const { network, train, heldOut, phi, slow } = problem;
  const { size, synapse } = network;
  for (const [name, batch] of [
    ['training set', train],
    ['held-out set', heldOut],
  ] as const) {
    checkBatchFits(network, makeBatch(name, batch), name);
  }
  checkExactSize(network);
  const given: Quantities = { ...slow, [synapse.fast]: phi };
  for (const name of [synapse.fast, ...synapse.meta]) {
    const values = given[name];
    if (values === undefined) {
      throw new InputError({ what: `Variable "${name}" of the exact meta-gradient is missing` });
    }
    ofLength(name, values, size);
    allFinite(name, values);
  }
}

/** @throws InputError where the network is too large for a full Hessian. */
export function checkExactSize({ size }: Pick<Network, 'size'>): void {
  if (size <= largestExactProblem) return;
  throw new InputError({
    what: 'The network is too large for the exact meta-gradient, which needs the full Hessian',
    got: `${size} parameters`,
    legal: `at most ${largestExactProblem}`,
    advice: 'Take conjugate gradient, which needs products with the Hessian only; or a smaller network',
  });
}

/** d2(L(train) + R)/dphi2 at the session's phi, symmetrised. */
async function fullHessian(problem: ImplicitProblem): Promise<Matrix> {
  const { size } = problem.network;
  const multiply = innerHessian(problem);
  const hessian = Matrix.zeros(size, size);
  const unit = new Float64Array(size);
  for (let column = 0; column < size; column++) {
    unit[column] = 1;
    checkNotInterrupted(problem.signal);
    const product = await multiply(unit);
    unit[column] = 0;
    for (let row = 0; row < size; row++) hessian.set(row, column, product[row]!);
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      const mean = (hessian.get(row, column) + hessian.get(column, row)) / 2;
      hessian.set(row, column, mean);
      hessian.set(column, row, mean);
    }
  }
  return hessian;
}

/**
 * Euclidean norm of the difference over that of `exact`; 0 where both are 0, null where only `exact` is.
 * @throws InputError where their lengths differ.
 */
export function relativeError(estimate: Float64Array, exact: Float64Array): number | null {
  numbers('The exact gradient', exact);
  numbers('The estimate', estimate);
  ofLength('The estimate', estimate, exact.length);
  const difference = norm(exact.map((value, i) => estimate[i]! - value));
  if (difference === 0) return 0;
  const scale = norm(exact);
  return scale === 0 ? null : difference / scale;
}
