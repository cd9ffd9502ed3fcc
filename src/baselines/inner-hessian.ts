import type { Batch } from '../data/batch';
import type { Session } from '../engine/engine';
import type { Network } from '../network/network';
import { derivativesAt } from '../synapse/derivatives-at';
import type { Quantities } from '../synapse/rule-executor';

export interface InnerHessian {
  readonly network: Network;
  /** Holds phi. */
  readonly session: Session;
  readonly train: Batch;
  /** The same phi, for the penalty's part. */
  readonly phi: Float64Array;
  /** The slow variables, by name. */
  readonly slow: Quantities;
}

/** (d2(L(train) + R)/dphi2) vector at phi, exactly: the Hessian of the inner loss, by its products. @throws KinkError */
export function innerHessian({
  network,
  session,
  train,
  phi,
  slow,
}: InnerHessian): (vector: Float64Array) => Promise<Float64Array> {
  const { synapse } = network;
  const quantities = { ...slow, [synapse.fast]: phi };
  const curvature = derivativesAt(synapse, synapse.curvature, quantities, `${synapse.fast} twice`);
  return async (vector) => {
    const product = await session.hessianVector(train, vector);
    return product.map((value, i) => value + curvature[i]! * vector[i]!);
  };
}
