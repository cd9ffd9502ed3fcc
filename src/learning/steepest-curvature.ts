import { dot } from '../core/dot';
import { norm } from '../core/norm';
import type { Batch } from '../data/batch';
import type { Session } from '../engine/engine';
import type { Network } from '../network/network';
import { callKernel } from '../synapse/plain-executor';
import { readQuantities } from './read-quantities';

/** Products of the Hessian; where a phase diverged, it has turned into the steepest direction by itself. */
const products = 8;

export interface AugmentedLoss {
  readonly network: Network;
  /** Holds phi and the slow variables. */
  readonly session: Session;
  readonly train: Batch;
  readonly replay: Batch | null;
  readonly beta: number;
}

export interface SteepestCurvature {
  /** The eigenvalue of d2/dphi2 of L(train) + R + beta L(replay) that is largest by magnitude: that far from 0 at least. */
  readonly value: number;
  /** The largest |d2R/dphi2| of a synapse: the penalty's part of it, exactly. */
  readonly penalty: number;
}

/** How steep the augmented loss is at the session's phi, by a few steps of power iteration on exact Hessian-vector products. */
export async function steepestCurvature(
  { network, session, train, replay, beta }: AugmentedLoss,
  towards: Float64Array,
): Promise<SteepestCurvature> {
  const { synapse, size } = network;
  const quantities = await readQuantities(session, synapse);
  const curvature = new Float64Array(size);
  callKernel(synapse.curvature, quantities, {}, curvature);
  let direction = unit(towards) ?? new Float64Array(size).fill(1 / Math.sqrt(size));
  let value = 0;
  for (let i = 0; i < products; i++) {
    const image = await session.hessianVector(train, direction);
    const nudged = replay === null || beta === 0 ? null : await session.hessianVector(replay, direction);
    for (let k = 0; k < size; k++) {
      image[k]! += curvature[k]! * direction[k]! + (nudged === null ? 0 : beta * nudged[k]!);
    }
    value = norm(image) * Math.sign(dot(image, direction));
    const next = unit(image);
    if (next === null) break;
    direction = next;
  }
  return {
    value,
    penalty: curvature.reduce((largest, each) => Math.max(largest, Math.abs(each)), 0),
  };
}

/** Null where a vector has no direction. */
function unit(vector: Float64Array): Float64Array | null {
  const length = norm(vector);
  return length > 0 && Number.isFinite(length) ? vector.map((value) => value / length) : null;
}
