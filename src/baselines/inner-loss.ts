import { norm } from '../core/norm';
import type { Batch } from '../data/batch';
import type { Session } from '../engine/engine';
import type { Network } from '../network/network';
import { callKernel } from '../synapse/plain-executor';
import type { Quantities } from '../synapse/rule-executor';

/** A network's inner loss on one task, as the slow variables have it. */
export interface InnerProblem {
  readonly network: Network;
  readonly session: Session;
  readonly train: Batch;
  /** The slow variables, by name. */
  readonly slow: Quantities;
}

/** L(train) + R at some phi, and its gradient there. */
export interface InnerLoss {
  readonly phi: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** Norm of the gradient. */
  readonly residual: number;
  /** Norm of the data's part of it. */
  readonly slope: number;
}

/** The inner loss at phi, which the session then holds. */
export async function innerLossAt(
  { network, session, train, slow }: InnerProblem,
  phi: Float64Array,
): Promise<InnerLoss> {
  const { synapse } = network;
  await session.write(synapse.fast, phi);
  const { loss } = await session.evaluate(train);
  const gradient = await session.gradient(train);
  const slope = norm(gradient);
  const quantities = { ...slow, [synapse.fast]: phi };
  const energies = new Float64Array(phi.length);
  callKernel(synapse.energy, quantities, {}, energies);
  for (const { kernel } of synapse.pull.steps) callKernel(kernel, { ...quantities, gradient }, {}, gradient);
  const value = energies.reduce((sum, energy) => sum + energy, loss);
  return { phi, value, gradient, residual: norm(gradient), slope };
}
