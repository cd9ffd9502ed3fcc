import type { NeuralPlan } from '../clock/schedule';
import { InputError } from '../core/errors';
import type { Credit } from '../network/credit/credit';
import type { Network } from '../network/network';
import { neuronChain } from '../network/neuron-chain';

/** One layer of neurons that settle. */
export interface NeuronLayer {
  /** Index, in the network, of the layer whose synapses end on them. */
  readonly layer: number;
  readonly neurons: number;
}

/** The sweeps that are reported of a network's neurons, and which neurons these are: layer after layer, the outputs last. */
export interface NeuralCourse extends NeuralPlan {
  readonly layers: readonly NeuronLayer[];
}

/**
 * The sweeps that are reported of neurons, every so many.
 * @throws InputError where the credit comes from no neurons that settle, or they take fewer sweeps.
 */
export function sweepsOf({ kind, settles, sweeps }: Credit, sweepStride: number): NeuralPlan {
  if (!settles || sweeps === undefined) {
    throw new InputError({
      what: 'Sweeps of neurons are to be reported, and none settle here: credit comes from elsewhere',
      got: kind,
      legal: 'credit by neurons that settle, such as equilibriumPropagation() and dualPropagation() make',
      advice: 'Leave the sweeps out, or take such a credit',
    });
  }
  if (sweepStride > sweeps) {
    throw new InputError({
      what: 'Sweeps of neurons are to be reported at longer intervals than they take',
      got: `every ${sweepStride} sweeps`,
      legal: `1 to ${sweeps}, the sweeps of credit by "${kind}"`,
    });
  }
  return { sweeps, stride: sweepStride };
}

/**
 * What is reported of a network's neurons, every so many sweeps.
 * @throws InputError as `sweepsOf`; where it is no chain of layers of neurons.
 */
export function neuralCourse(network: Network, sweepStride: number): NeuralCourse {
  const { credit } = network;
  const plan = sweepsOf(credit, sweepStride);
  const layers = neuronChain(network, credit.kind).map(({ layer, outputs }) => ({ layer, neurons: outputs }));
  return { ...plan, layers };
}
